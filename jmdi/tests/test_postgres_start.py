"""The embedded PostgreSQL starts: from nothing, twice at once, after a crash, after half a start, wherever it lies."""

import os
import signal
import stat
import threading
import time
from pathlib import Path

import psutil
import pytest

from jmdi.postgres import PostgresError, Server, django_database
from jmdi.postgres.account import account_for
from jmdi.postgres.pidfile import find_postmaster, is_ready
from jmdi.tests.conftest import copy_of, count, crash, ends_well, in_process, listing, tables, write


def test_a_fresh_folder_becomes_a_server_that_answers_only_its_owner(place):
    said = []
    server = Server(place / "new" / "data", progress=said.append)
    assert server.status().text.endswith("is not made yet")

    assert server.start() is True
    server.ensure_database()
    server.ensure_database()

    assert server.start() is False
    assert server.status().is_running
    assert "Making the database" in said[0]
    with server.connect("jmdi", "jmdi") as connection:
        shown = {
            name: connection.execute("SELECT current_setting(%s)", [name]).fetchone()[0]
            for name in ("listen_addresses", "data_checksums", "server_encoding", "fsync", "log_min_error_statement")
        }
        ctype = connection.execute("SELECT datctype FROM pg_database WHERE datname = 'jmdi'").fetchone()[0]
        is_super = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = 'jmdi'").fetchone()[0]
    assert shown == {
        "listen_addresses": "",
        "data_checksums": "on",
        "server_encoding": "UTF8",
        "fsync": "on",
        "log_min_error_statement": "panic",
    }
    assert ctype == "C.UTF-8"
    assert is_super is False
    assert not psutil.Process(server.status().pid).net_connections("inet")
    for path in (server.home, server.data, server.home / "socket", server.home / "socket" / ".s.PGSQL.5432"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert server.stop() is True
    assert server.stop() is False
    assert not server.status().is_running


def test_two_processes_racing_on_a_fresh_folder_both_end_well(place):
    def race():
        server = Server(place / "var")
        was_first = server.start()
        server.ensure_database()
        with server.connect("jmdi", "jmdi"):
            (place / f"{'first' if was_first else 'second'}-{os.getpid()}").touch()

    children = [in_process(race) for _ in range(3)]

    assert [ends_well(child) for child in children] == [True] * 3
    assert len(list(place.glob("first-*"))) == 1
    assert len(list(place.glob("second-*"))) == 2
    assert len(list((place / "var" / "postgres").glob("data*"))) == 1


def test_what_was_acknowledged_is_there_after_the_server_was_killed(database):
    database.start()
    write(database, 1)
    acknowledged = 0

    def keep_writing():
        nonlocal acknowledged
        with database.connect("jmdi", "jmdi") as connection:
            while True:
                connection.execute("INSERT INTO words (word) VALUES ('one more')")
                acknowledged += 1

    def until_the_end():
        with pytest.raises(Exception, match=r"terminat|closed|lost"):
            keep_writing()

    writer = threading.Thread(target=until_the_end)
    writer.start()
    while acknowledged < 50:
        time.sleep(0.001)
    before = tables(database)
    crash(database)
    writer.join()
    assert database.has_died()

    assert database.start() is True

    # One more may have been written than its writer was told.
    assert count(database) - 1 - acknowledged in {0, 1}
    assert tables(database) >= before


@pytest.mark.parametrize("moment", ["", "PG_VERSION", "base/1", "global/pg_control", "base/5/PG_VERSION"])
def test_a_first_start_killed_half_way_does_not_matter(place, moment):
    server = Server(place)
    child = in_process(server.start)
    home = place / "postgres"
    while not any(home.glob(f"data.new-*/{moment}" if moment else "data.new-*")):
        time.sleep(0.001)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not server.data.exists()
    half = {path.name for path in home.iterdir()}

    assert server.start() is True

    server.ensure_database()
    assert half <= {path.name for path in home.iterdir()}


@pytest.mark.parametrize(
    "name",
    [
        "with space",
        'it\'s "quoted" $HOME `id`; # & 100%',
        "comma, comma",
        "véritable ünïcode 数据",
        "long/" + "/".join(["x" * 60] * 4),
        "@back\\slash",
    ],
)
def test_any_path_will_do(place, model, name):
    folder = place / name
    server = copy_of(model, folder)

    assert server.start() is True
    write(server, 1)

    host = django_database(folder)["HOST"]
    assert len(os.fsencode(host)) < 92
    assert stat.S_IMODE(Path(host).stat().st_mode) == 0o700
    assert Server(folder).status().is_running
    assert server.stop() is True


@pytest.mark.parametrize("version", ["17", "19"])
def test_the_folder_of_another_version_is_explained_and_left_alone(database, version):
    (database.data / "PG_VERSION").write_text(version + "\n")
    before = listing(database.data)

    with pytest.raises(
        PostgresError, match=rf"made by PostgreSQL {version}; this software brings PostgreSQL 18"
    ) as error:
        database.start()

    assert "make a backup" in str(error.value)
    assert listing(database.data) == before


def test_a_folder_without_a_database_is_explained_and_left_alone(place):
    (place / "postgres" / "data").mkdir(parents=True)
    (place / "postgres" / "data" / "something").write_text("precious")
    server = Server(place)
    account = account_for(place / "new")
    account.own(place / "postgres")
    account.own(place / "postgres" / "data")

    with pytest.raises(PostgresError, match="holds no database"):
        server.start()

    assert (server.data / "something").read_text() == "precious"


def test_a_start_that_fails_says_what_postgresql_said(database):
    with (database.data / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = nonsense\n")

    with pytest.raises(PostgresError, match="shared_buffers"):
        database.start()


def test_recovery_may_take_longer_than_ten_seconds(database):
    database.start()
    write(database, 1000)
    crash(database)
    with (database.data / "postgresql.conf").open("a") as settings:
        settings.write("restore_command = 'mkdir ../slept 2>/dev/null && sleep 11; false'\nhot_standby = off\n")
    (database.data / "recovery.signal").touch()
    os.chown(database.data / "recovery.signal", database.data.stat().st_uid, -1)
    said, results = [], []
    first = threading.Thread(target=lambda: results.append(Server(database.data_dir, progress=said.append).start()))
    begin = time.monotonic()
    first.start()
    while not find_postmaster(database.data):
        time.sleep(0.01)
    assert not is_ready(database.data)
    assert "not ready yet" in database.status().text

    assert database.start() is False

    first.join()
    assert time.monotonic() - begin > 10
    assert results == [True]
    assert count(database) == 1000
    assert any("still starting" in line for line in said)


def test_who_interrupts_a_start_leaves_no_server_behind(database):
    """Ctrl-C while PostgreSQL takes its time."""
    with (database.data / "postgresql.conf").open("a") as settings:
        settings.write("restore_command = 'sleep 1; false'\nhot_standby = off\n")
    (database.data / "recovery.signal").touch()
    os.chown(database.data / "recovery.signal", database.data.stat().st_uid, -1)

    def start():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with pytest.raises(KeyboardInterrupt):
            database.start()

    child = in_process(start)
    while not find_postmaster(database.data):
        time.sleep(0.01)
    os.kill(child, signal.SIGINT)

    assert ends_well(child)
    assert not database.status().is_running
