"""Who runs the server and who may connect: never root, never somebody else."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from jmdi.postgres import PostgresError, Server, binaries, django_database
from jmdi.postgres.account import account_for
from jmdi.postgres.binaries import find_binaries
from jmdi.postgres.pidfile import find_postmaster
from jmdi.tests.conftest import count, ends_well, in_process, needs_root, server_user, write

ORDINARY = "nobody"


@pytest.fixture
def theirs(place):
    """Return a DATA_DIR of an ordinary user's, which only they can enter."""
    reachable = subprocess.run(
        ["test", "-x", find_binaries() / "postgres"], check=False, user=pwd.getpwnam(ORDINARY).pw_uid, group=65534
    )
    if reachable.returncode:
        pytest.skip("the virtual environment lies where only root can run it")
    folder = place / "theirs"
    folder.mkdir(mode=0o700)
    entry = pwd.getpwnam(ORDINARY)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return folder


@needs_root
def test_an_ordinary_user_makes_starts_and_stops_a_server(theirs):
    def all_of_it():
        server = Server(theirs)
        assert server.start() is True
        server.ensure_database()
        write(server, 2)
        assert count(server) == 2
        assert find_postmaster(server.data).username() == ORDINARY
        assert server.stop() is True

    assert ends_well(in_process(all_of_it, user=ORDINARY))


@needs_root
def test_root_and_the_owner_take_turns(theirs):
    server = Server(theirs)
    server.start()
    server.ensure_database()
    write(server, 1)
    assert find_postmaster(server.data).username() == ORDINARY
    server.stop()

    def as_the_owner():
        own = Server(theirs)
        assert own.start() is True
        write(own, 1)

    assert ends_well(in_process(as_the_owner, user=ORDINARY))
    assert server.start() is False
    assert count(server) == 2
    server.stop()


@needs_root
def test_root_runs_it_as_somebody_else_and_widens_nothing(place):
    place.chmod(0o700)
    before = [stat.S_IMODE(folder.stat().st_mode) for folder in [place, *place.parents]]
    server = Server(place / "deep" / "var")
    elsewhere = None
    try:
        server.start()
        elsewhere = server.home
        server.ensure_database()
        write(server, 1)

        assert elsewhere.parent == binaries.FOR_ROOT
        assert (place / "deep" / "var" / "postgres").readlink() == elsewhere
        assert (elsewhere / "belongs-to").read_text() == f"{place}/deep/var\n"
        assert find_postmaster(server.data).username() in {"postgres", "nobody"}
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in [place, *place.parents]] == before
        with psycopg.connect(dbname="jmdi", user="jmdi", host=django_database(server.data_dir)["HOST"]) as connection:
            assert connection.execute("SELECT count(*) FROM words").fetchone() == (1,)
    finally:
        server.stop()
        if elsewhere:
            shutil.rmtree(elsewhere)
    with pytest.raises(PostgresError, match=r"points to .* which is not there"):
        server.start()


@needs_root
def test_programs_that_only_root_can_reach_are_copied_for_the_one_who_runs_them(place, monkeypatch):
    package = find_binaries().parent.parent
    hidden = place / "hidden"
    hidden.mkdir(mode=0o700)
    shutil.copytree(package.with_name(package.name + ".libs"), hidden / (package.name + ".libs"))
    shutil.copytree(package / "pginstall18", hidden / package.name / "pginstall18")
    (hidden / package.name / "__init__.py").touch()
    monkeypatch.syspath_prepend(hidden)
    monkeypatch.setattr(binaries, "FOR_ROOT", place / "for-root")
    (place / "var").mkdir()
    server = Server(place / "var")

    server.start()

    running = Path(find_postmaster(server.data).exe())
    assert running.is_relative_to(place / "for-root" / "programs-0.6.0")
    assert stat.S_IMODE(hidden.stat().st_mode) == 0o700
    assert running.stat().st_uid == 0
    server.stop()


@needs_root
def test_a_database_of_somebody_else_is_explained(database):
    owner = server_user(database)

    def try_to_start():
        mine = Server(database.data_dir)
        assert f"belongs to {owner}" in mine.status().text
        with pytest.raises(PostgresError, match=f"belongs to the user {owner}; you are {ORDINARY}"):
            mine.start()

    assert ends_well(in_process(try_to_start, user=ORDINARY))


@needs_root
def test_another_user_cannot_connect_even_when_the_folder_is_opened(database):
    assert server_user(database) != ORDINARY
    database.start()
    sockets = database.home / "socket"

    def try_to_connect(words):
        for role in ("jmdi", "postgres"):
            with pytest.raises(psycopg.OperationalError, match=words):
                psycopg.connect(dbname="postgres", user=role, host=str(sockets))

    assert ends_well(in_process(lambda: try_to_connect("Permission denied"), user=ORDINARY))

    database.home.chmod(0o755)
    sockets.chmod(0o755)
    (sockets / ".s.PGSQL.5432").chmod(0o777)
    assert ends_well(in_process(lambda: try_to_connect("Peer authentication failed"), user=ORDINARY))


def test_a_socket_folder_that_somebody_else_prepared_is_refused(database):
    (database.home / "socket").chmod(0o755)

    with pytest.raises(PostgresError, match="nobody else can enter"):
        database.start()

    assert not database.status().is_running


def test_the_settings_know_the_place_without_making_anything(place):
    settings = django_database(place / "new")

    assert settings["HOST"] == f"{place}/new/postgres/socket"
    assert settings["OPTIONS"]["requirepeer"] == account_for(place / "new").name
    assert not (place / "new").exists()
