"""Embedded servers of the tests' own. A folder is made once and copied; each test has its own server."""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from jmdi.postgres import Server
from jmdi.postgres.account import account_for
from jmdi.postgres.folder import socket_folder
from jmdi.postgres.pidfile import find_postmaster
from jmdi.tests.sites import Demo

IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can be two users: run the tests as root, too")


@pytest.fixture
def place():
    """Return an empty folder that PostgreSQL's user can reach, as pytest's own cannot be for root's server."""
    place = Path(tempfile.mkdtemp(prefix="jmdi-test-"))
    place.chmod(0o755)
    yield place
    for data in place.rglob("postgres/data"):
        if process := find_postmaster(data.resolve()):
            process.send_signal(signal.SIGQUIT)
            process.wait(20)
        shutil.rmtree(socket_folder(data.parent.parent), ignore_errors=True)
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def model():
    """Return a DATA_DIR with a complete database that no server runs on."""
    place = Path(tempfile.mkdtemp(prefix="jmdi-model-"))
    place.chmod(0o755)
    server = Server(place)
    server.start()
    server.ensure_database()
    server.stop()
    yield place
    shutil.rmtree(place)


@pytest.fixture
def database(place, model):
    """Return a stopped server with an empty database."""
    return copy_of(model, place)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory, worker_id):
    """Return a DATA_DIR in which the demo has run once: made by the first of all processes that needs it."""
    base = tmp_path_factory.getbasetemp()
    kept = (base if worker_id == "master" else base.parent) / "first-run"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            place = Path(tempfile.mkdtemp(prefix="jmdi-first-"))
            place.chmod(0o755)
            demo = Demo(place / "var")
            demo.wait()
            demo.stop(signal.SIGINT)
            subprocess.run(["cp", "-a", "--", place / "var", kept], check=True)
            shutil.rmtree(place)
    return kept


@pytest.fixture
def lived(place, first_run):
    """Return the DATA_DIR of a site that has run before."""
    subprocess.run(["cp", "-a", "--", first_run, place / "var"], check=True)
    return place / "var"


def copy_of(model, folder):
    """Return a stopped server in *folder* with the model's database, owners and modes as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", "--", model / "postgres", folder], check=True)
    return Server(folder)


def write(server, rows):
    """Have the server acknowledge *rows* rows."""
    with server.connect("jmdi", "jmdi") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (id serial PRIMARY KEY, word text)")
        connection.execute("INSERT INTO words (word) SELECT 'word ' || n FROM generate_series(1, %s) n", [rows])


def count(server):
    """Return how many rows there are now."""
    with server.connect("jmdi", "jmdi") as connection:
        return connection.execute("SELECT count(*) FROM words").fetchone()[0]


def crash(server):
    """Kill the server so that it can do nothing about it."""
    process = find_postmaster(server.data)
    process.kill()
    # As a child of this process it stays as a zombie until somebody asks after it.
    with suppress(psutil.NoSuchProcess):
        while process.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.005)


def listing(folder):
    """Return the files of a folder with their sizes and modes."""
    return {str(path.relative_to(folder)): (path.lstat().st_size, path.lstat().st_mode) for path in folder.rglob("*")}


def tables(server):
    """Return the files that hold tables and settings: none of these may ever go. (PostgreSQL renews its own caches.)"""
    names = {name for name in listing(server.data) if name.startswith(("base/", "global/")) or "/" not in name}
    return {name for name in names if not name.endswith(("postmaster.pid", "pg_internal.init"))}


def in_process(function, user=None):
    """Run *function* in a process of its own, as *user*; return that process's number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        os.setsid()
        if user:
            entry = pwd.getpwnam(user)
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
        function()
        status = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)


def ends_well(child):
    """Wait for a process of `in_process`; return whether all went well in it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def server_user(server):
    """Return the name of the user that runs the server."""
    return account_for(server.data_dir).name
