"""Who uses the server, who revives it, and what `manage.py db` and the doctor say."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings

from jmdi.postgres import Keeper, Server, using
from jmdi.postgres.doctor import examine
from jmdi.postgres.use import keep
from jmdi.tests.conftest import count, crash, in_process, write


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_killed_server_is_started_again_and_a_stopped_one_is_not(database):
    said = []
    server = Server(database.data_dir, progress=said.append)
    with using(server):
        write(server, 2)
        keeper = Keeper(server)
        keeper.start()
        first = server.status().pid
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: "PostgreSQL answers again." in said)
        assert count(server) == 2
        assert server.status().pid != first

        Server(database.data_dir).stop()
        time.sleep(1.5)
        assert not server.status().is_running
        keeper.stop()


def test_the_last_one_who_uses_it_stops_it(database):
    with using(database):
        with using(Server(database.data_dir)):
            pass
        assert database.status().is_running
    assert not database.status().is_running


def test_a_server_left_by_somebody_who_was_killed_is_stopped_by_the_next(database):
    def use_it():
        with using(database):
            time.sleep(600)

    child = in_process(use_it)
    wait_until(lambda: (database.home / "stop-after-use").exists())
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert database.status().is_running

    with using(database):
        pass

    assert not database.status().is_running


def test_what_was_started_by_hand_runs_on(database):
    database.start()
    keep(database)

    with using(database):
        pass

    assert database.status().is_running


def problems(server):
    return "\n".join(examine(server))


def test_the_doctor_finds_nothing_where_nothing_is_wrong(database):
    assert problems(database) == ""
    with using(database), database.connect():
        assert problems(database) == ""
        database.stop()
    assert problems(database) == ""


def test_the_doctor_says_what_is_wrong_and_changes_nothing(database):
    database.start()
    crash(database)
    assert "The server has died" in problems(database)
    assert "it recovers" in problems(database)
    assert database.has_died()

    (database.home / "data.new-abc").mkdir()
    assert "data.new-abc is left from something that was interrupted" in problems(database)

    (database.home / "socket").chmod(0o755)
    database.data.chmod(0o755)
    assert "nobody else can enter" in problems(database)
    assert "chmod 700" in problems(database)

    (database.data / "PG_VERSION").write_text("17\n")
    assert "made by PostgreSQL 17" in problems(database)

    (database.home / "data").rename(database.home / "gone")
    (database.home).rename(database.data_dir / "moved")
    (database.data_dir / "postgres").symlink_to("/nowhere/at/all")
    assert "points to /nowhere/at/all" in problems(database)


def test_the_doctor_finds_what_an_interrupted_restore_left(database):
    with using(database):
        with database.connect() as connection:
            connection.execute("CREATE DATABASE jmdi_restoring_20260101_000000")
        assert "jmdi_restoring_20260101_000000 is left from a restore" in problems(database)


def db(folder, *arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", "db", *arguments],
        cwd=settings.BASE_DIR,
        env=clean | {"DATA_DIR": str(folder), "DEMO": "1"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_commands_by_hand(database, place):
    assert db(place, "status").returncode == 3
    started = db(place, "start")
    assert started.returncode == 0, started.stderr
    status = db(place, "status")
    assert (status.returncode, status.stdout.count("\n")) == (0, 1)
    assert "is running" in status.stdout
    assert db(place, "doctor").stdout.endswith("Nothing is wrong.\n")

    write(database, 3)
    made = db(place, "backup", str(place / "one.jmdi"))
    assert "3 rows of 1 tables and 0 uploaded files" in made.stdout
    restored = db(place, "restore", str(place / "one.jmdi"))
    assert "kept on the server as jmdi_before_" in restored.stdout
    assert "Nothing was touched" in db(place, "restore", __file__).stderr

    assert db(place, "stop").stdout == "PostgreSQL is stopped.\n"
    assert db(place, "stop").returncode == 0
    assert not database.status().is_running


@pytest.mark.parametrize("action", ["start", "stop", "status", "doctor", "backup", "restore"])
def test_a_server_of_ones_own_is_not_looked_after(place, action):
    file = [str(place / "x")] if action in {"backup", "restore"} else []

    refused = db(place, action, *file, DATABASE_URL="postgres://nowhere/none")

    assert refused.returncode == 1
    assert "a server of your own" in refused.stderr
    assert ("pg_dump" in refused.stderr) == bool(file)
