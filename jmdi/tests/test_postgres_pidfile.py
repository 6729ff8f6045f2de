"""After a crash `postmaster.pid` may name anything. The server starts, and nothing but that file is ever moved."""

import os
import signal
import subprocess

import pytest

from jmdi.postgres import Server
from jmdi.postgres.account import account_for
from jmdi.postgres.pidfile import Pidfile, find_postmaster, judge
from jmdi.tests.conftest import copy_of, count, crash, needs_root, tables, write


@pytest.fixture
def crashed(database):
    """Return a server that was killed with three rows in it, and then forgotten by the process that started it."""
    database.start()
    write(database, 3)
    crash(database)
    database.status()
    return Server(database.data_dir)


@pytest.fixture
def sleeper():
    """Return a function that starts a process that is not PostgreSQL, as a user."""
    started = []

    def start(**user):
        started.append(subprocess.Popen(["sleep", "600"], **user))
        return started[-1].pid

    yield start
    for process in started:
        process.kill()
        process.wait()


def rename_process(server, pid):
    """Have `postmaster.pid` name another process; everything else in it stays."""
    path = server.data / "postmaster.pid"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([f"{pid}\n", *lines[1:]]))


def starts_with_all_there(server, moved):
    before = tables(server)
    left = (server.data / "postmaster.pid").read_text()

    assert server.start() is True

    kept = [path.read_text() for path in server.home.glob("postmaster.pid.*")]
    assert kept == ([left] if moved else [])
    assert tables(server) >= before
    assert count(server) == 3


def test_a_dead_process(crashed):
    ended = subprocess.Popen(["true"])
    ended.wait()
    rename_process(crashed, ended.pid)
    assert judge(crashed.data, account_for(crashed.data_dir)) is Pidfile.STALE

    starts_with_all_there(crashed, moved=False)


def test_a_live_process_of_the_same_user(crashed, sleeper):
    rename_process(crashed, sleeper(**account_for(crashed.data_dir).as_this_user()))
    assert crashed.has_died()

    starts_with_all_there(crashed, moved=True)


@needs_root
def test_a_live_process_of_another_user(crashed, sleeper):
    rename_process(crashed, sleeper())
    assert crashed.has_died()

    starts_with_all_there(crashed, moved=False)


def test_a_zombie_of_the_same_user(crashed):
    zombie = subprocess.Popen(["true"], **account_for(crashed.data_dir).as_this_user())
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    rename_process(crashed, zombie.pid)
    assert not crashed.status().is_running

    starts_with_all_there(crashed, moved=True)
    zombie.wait()


def test_the_killed_server_itself_as_a_zombie(database):
    database.start()
    write(database, 3)
    crash(database)  # Its parent is this process, which has not asked after it.

    starts_with_all_there(Server(database.data_dir), moved=True)


@pytest.mark.parametrize(
    ("text", "moved"), [("", True), ("nonsense\n", True), ("2147483646\n/somewhere\n1\n5432\n/tmp\n", False)]
)
def test_a_file_that_is_short_or_makes_no_sense(crashed, text, moved):
    (crashed.data / "postmaster.pid").write_text(text)

    starts_with_all_there(crashed, moved)


def test_a_file_that_says_starting(crashed):
    path = crashed.data / "postmaster.pid"
    path.write_text(path.read_text().replace("ready   ", "starting"))
    assert "starting" in path.read_text()

    starts_with_all_there(crashed, moved=False)


def test_another_postgresql_of_the_same_user(crashed, model, place):
    other = copy_of(model, place / "other")
    other.start()
    rename_process(crashed, other.status().pid)
    assert not crashed.status().is_running

    starts_with_all_there(crashed, moved=True)

    assert other.status().is_running
    crashed.stop()
    assert other.status().is_running
    other.stop()


def test_a_server_that_a_person_started_by_hand_is_ours_too(database):
    database.start()
    write(database, 1)
    process = find_postmaster(database.data)

    assert Server(database.data_dir).start() is False
    assert Server(database.data_dir).status().pid == process.pid


def test_what_is_left_of_a_killed_server_is_waited_for(database):
    """A process that still holds the data folder when its server is dead delays the next start."""
    database.start()
    write(database, 3)
    backend = next(child for child in find_postmaster(database.data).children() if "checkpointer" in child.cmdline()[0])
    backend.suspend()
    crash(database)
    said = []
    again = Server(database.data_dir, progress=lambda line: (said.append(line), backend.send_signal(signal.SIGCONT)))

    assert again.start() is True

    assert "what is left of the former server" in said[0]
    assert count(again) == 3
