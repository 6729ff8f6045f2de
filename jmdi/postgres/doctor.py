"""What is wrong with the embedded database, and what to do. Looks everywhere and changes nothing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg

from jmdi.postgres import folder
from jmdi.postgres.account import Account, account_for
from jmdi.postgres.binaries import binaries_for
from jmdi.postgres.errors import PostgresError
from jmdi.postgres.pidfile import Pidfile, find_postmaster, judge
from jmdi.postgres.server import Server

_LITTLE_SPACE = 1 << 30
# Names of what an interrupted start, backup or restore leaves beside the real thing. They hold nothing of value.
_LEFT_BEHIND = ("data.new-*", "../.restore-*", "../media.restoring-*")


def examine(server: Server) -> Iterator[str]:
    """Yield each thing that is wrong, with what to do about it. Nothing: all is well."""
    try:
        account = account_for(server.data_dir)
        home = folder.home_of(server.data_dir)
        if home.is_symlink() or home.exists():
            folder.find_home(home)
            folder.check_owner(server.home, account)
    except PostgresError as error:
        # Without these nothing else can be looked at.
        yield str(error)
        return
    yield from _programs(account)
    yield from _space(server.data_dir)
    if not server.data.exists():
        return
    yield from _folders(server, account)
    if find_postmaster(server.data):
        yield from _answers(server)
    else:
        yield from _why_not_running(server, account)


def _programs(account: Account) -> Iterator[str]:
    try:
        binaries_for(account, may_copy=False)
    except PostgresError as error:
        yield str(error)


def _space(place: Path) -> Iterator[str]:
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < _LITTLE_SPACE:
        yield f"Only {free >> 20} MB are free where {place} is. Make room before people's words are refused."
    if not os.access(place, os.W_OK):
        yield f"{place} cannot be written to. Give it to the user who runs the site."


def _folders(server: Server, account: Account) -> Iterator[str]:
    try:
        folder.check_cluster(server.home, account)
    except PostgresError as error:
        yield str(error)
    if server.data.stat().st_mode & 0o077:
        yield f"{server.data} is open to others, and PostgreSQL will not start: chmod 700 {server.data}"
    sockets = folder.socket_folder(server.data_dir)
    if os.path.lexists(sockets) and (problem := folder.socket_problem(sockets, account)):
        yield problem
    for pattern in _LEFT_BEHIND:
        for path in (server.data_dir if pattern.startswith("../") else server.home).glob(pattern.removeprefix("../")):
            yield f"{path} is left from something that was interrupted. When nothing is running, it can be deleted."


def _why_not_running(server: Server, account: Account) -> Iterator[str]:
    verdict = judge(server.data, account)
    if verdict is not Pidfile.MISSING:
        yield (
            f"The server has died. Its postmaster.pid is still there: {verdict.value}.\n"
            "Start it (manage.py db start, or the site): it recovers, and what was acknowledged is there."
        )
        yield f"The last it said:\n{server.last_words()}"
        return
    words = server.last_words()
    # Who was connected when it was stopped is told so, as a FATAL.
    if any("FATAL" in line and "terminating connection" not in line for line in words.splitlines()):
        yield f"The server is stopped. The last it said:\n{words}"


def _answers(server: Server) -> Iterator[str]:
    try:
        with server.connect() as connection:
            failures = "SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database"
            if count := connection.execute(failures).fetchone()[0]:
                yield f"{count} pages on the disk are damaged (checksums). Restore a backup on another disk."
            names = [name for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()]
            if folder.NAME not in names:
                yield f"The server has no database {folder.NAME}. Starting the site makes an empty one."
            for name in sorted(names):
                if name.startswith(f"{folder.NAME}_restoring_"):
                    yield f"The database {name} is left from a restore that was interrupted. It can be dropped."
            used, allowed = connection.execute(
                "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity "
                "WHERE backend_type = 'client backend'"
            ).fetchone()
            if used > allowed * 0.9:
                yield f"{used} of {allowed} connections are in use. Run fewer processes, or raise max_connections."
    except psycopg.Error as error:
        yield f"The server runs but does not answer: {error}\nThe last it said:\n{server.last_words()}"
