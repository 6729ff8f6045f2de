"""The life of one embedded server: start, readiness, stop. It is known by its data folder, not by a process number."""

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil
import psycopg
from psycopg import sql

from jmdi.postgres import folder, locks, pidfile
from jmdi.postgres.account import Account, account_for
from jmdi.postgres.binaries import binaries_for
from jmdi.postgres.errors import PostgresError

Say = Callable[[str], None]

# Recovering after a crash can take this long on a slow disk; then the server goes on by itself.
START_PATIENCE = 120
STOP_PATIENCE = 60
_CONNECT_PATIENCE = 10
_SAY_EVERY = 5


@dataclass(frozen=True)
class Status:
    """How a server is. `text` is one line for people."""

    is_running: bool
    pid: int | None
    text: str


class Server:
    """The server of one DATA_DIR."""

    def __init__(self, data_dir: Path, progress: Say = lambda line: None) -> None:
        self.data_dir = data_dir.resolve()
        self.say = progress
        # Kept so that our own child, when it has died, does not stay behind as a zombie.
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        """The database's folder, its real path."""
        return folder.home_of(self.data_dir).resolve()

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.home / "data"

    def status(self) -> Status:
        """Look, without changing anything."""
        self._reap()
        if self.home.exists() and not os.access(self.home, os.X_OK):
            owner = account_for(self.data_dir).name
            return Status(False, None, f"{self.home} belongs to {owner}; only {owner} and root can look into it")
        process = pidfile.find_postmaster(self.data)
        if process is None:
            what = "not running" if self.data.exists() else "not made yet"
            return Status(False, None, f"PostgreSQL in {self.home} is {what}")
        how = "running" if pidfile.is_ready(self.data) else "running, but not ready yet"
        return Status(True, process.pid, f"PostgreSQL in {self.home} is {how} (process {process.pid})")

    def has_died(self) -> bool:
        """Whether the server ended without having been stopped."""
        self._reap()
        return os.path.lexists(self.data / "postmaster.pid") and pidfile.find_postmaster(self.data) is None

    def start(self) -> bool:
        """Return when the server answers: True if this call started it, False if it was running."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            with locks.locked(self.data_dir, self.say):
                return self._start()
        except OSError as error:
            raise PostgresError(f"PostgreSQL could not be started: {error}") from error

    def _start(self) -> bool:
        self._reap()
        account = account_for(self.data_dir)
        home = folder.make_home(self.data_dir, account)
        data = home / "data"
        folder.check_owner(home, account)
        if not data.exists():
            self.say(f"Making the database in {home} ...")
            folder.make_cluster(home, account, binaries_for(account))
        folder.check_cluster(home, account)
        process = pidfile.find_postmaster(data)
        if process:
            self._wait_until_ready(process)
            return False
        try:
            self._launch(home, account)
            self._wait_until_ready(psutil.Process(self._child.pid))
        except (KeyboardInterrupt, SystemExit):
            self.stop_now()
            raise
        return True

    def _launch(self, home: Path, account: Account) -> None:
        binaries = binaries_for(account)
        sockets = folder.make_socket_folder(self.data_dir, account)
        folder.write_access_rules(home, account)
        # The server and all its children hold this lock as long as one of them lives.
        lock = locks.take(home, lambda: self.say("Waiting for what is left of the former server to end ..."))
        try:
            self._clear_the_way(home / "data", account)
            # It names a process too, and PostgreSQL believes it. In the socket's folder nothing is to be kept.
            (sockets / f".s.PGSQL.{folder.PORT}.lock").unlink(missing_ok=True)
            quoted = '"' + str(sockets).replace('"', '""') + '"'
            command: list[str | Path] = [binaries / "postgres", "-D", home / "data", "-p", str(folder.PORT)]
            for setting in (
                "listen_addresses=",
                f"unix_socket_directories={quoted}",
                "unix_socket_permissions=0700",
                f"hba_file={home / 'pg_hba.conf'}",
                f"ident_file={home / 'pg_ident.conf'}",
            ):
                command += ["-c", setting]
            with _fresh_log(home / "start.log", account) as log:
                self._child = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=[lock],
                    # Ctrl-C at the terminal is for us; we stop the server in order.
                    start_new_session=True,
                    **account.as_this_user(),
                )
        finally:
            os.close(lock)

    def _clear_the_way(self, data: Path, account: Account) -> None:
        """Move `postmaster.pid` aside when it would keep PostgreSQL from starting and no server is there."""
        if pidfile.judge(data, account) is not pidfile.Pidfile.BLOCKING:
            return
        if others := pidfile.processes_in(data):
            numbers = ", ".join(map(str, others))
            raise PostgresError(f"Processes of a former server still work in {data}: {numbers}. End them, try again.")
        kept = pidfile.move_aside(data)
        self.say(f"The last server did not end in order; its postmaster.pid is kept as {kept}.")

    def _wait_until_ready(self, process: psutil.Process) -> None:
        begin = said = time.monotonic()
        ready_since: float | None = None
        while True:
            now = time.monotonic()
            if not self._lives(process):
                raise PostgresError(f"PostgreSQL ended while starting. It said:\n{self.last_words()}")
            if pidfile.is_ready(self.data):
                ready_since = ready_since or now
                try:
                    with self.connect():
                        return
                except psycopg.OperationalError as error:
                    if now - ready_since > _CONNECT_PATIENCE:
                        raise PostgresError(f"PostgreSQL runs but does not answer: {error}") from error
            elif now - begin > START_PATIENCE:
                raise PostgresError(
                    f"PostgreSQL is still starting after {START_PATIENCE} s, and goes on. After a crash that can take "
                    f"long: try again in a few minutes. It said:\n{self.last_words()}"
                )
            if now - said > _SAY_EVERY:
                said = now
                self.say(f"PostgreSQL is still starting ({now - begin:.0f} s) ...")
            time.sleep(0.02)

    def connect(self, dbname: str = "postgres", user: str = folder.SUPERUSER) -> psycopg.Connection[Any]:
        """Return a connection that has answered `SELECT 1`, without a transaction around its statements."""
        reach = folder.connection_to(self.data_dir)
        connection = psycopg.connect(dbname=dbname, user=user, connect_timeout=5, autocommit=True, **reach)
        try:
            connection.execute("SELECT 1")
        except psycopg.Error:
            connection.close()
            raise
        return connection

    def ensure_database(self) -> None:
        """Make the site's role and database where they are missing."""
        name = sql.Identifier(folder.NAME)
        try:
            with locks.locked(self.data_dir, self.say), self.connect() as connection:
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [folder.NAME]).fetchone():
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(name))
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [folder.NAME]).fetchone():
                    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
        except psycopg.Error as error:
            raise PostgresError(f"PostgreSQL runs, but the site's database cannot be made: {error}") from error

    def stop(self) -> bool:
        """Stop the server in order, whoever started it; return whether it was running."""
        if not self.home.exists():
            return False
        with locks.locked(self.data_dir, self.say):
            return self.stop_now()

    def stop_now(self) -> bool:
        """Do what `stop` does, for callers who hold the lock."""
        process = pidfile.find_postmaster(self.data)
        if process is None and self._child and self._child.poll() is None:
            # It was started just now and has not written its number yet.
            process = psutil.Process(self._child.pid)
        if process is None:
            return False
        try:
            process.send_signal(2)  # SIGINT is PostgreSQL's fast shutdown: connections end, nothing is lost.
        except psutil.AccessDenied:
            raise PostgresError(f"Process {process.pid} is {process.username()}'s; stop it as that user.") from None
        begin = said = time.monotonic()
        while self._lives(process) or locks.is_taken(self.home):
            now = time.monotonic()
            if now - begin > STOP_PATIENCE:
                raise PostgresError(f"PostgreSQL (process {process.pid}) has not stopped within {STOP_PATIENCE} s.")
            if now - said > _SAY_EVERY:
                said = now
                self.say(f"PostgreSQL is still stopping ({now - begin:.0f} s) ...")
            time.sleep(0.02)
        return True

    def _lives(self, process: psutil.Process) -> bool:
        self._reap()
        try:
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def _reap(self) -> None:
        if self._child and self._child.poll() is not None:
            self._child = None

    def last_words(self) -> str:
        """Return the last lines that the server said, at its start and in its log."""
        logs = sorted((self.data / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)[-1:]
        begin = self.home / "start.log"
        lines: list[str] = []
        for path in [begin, *(log for log in logs if log.stat().st_mtime >= begin.stat().st_mtime)]:
            lines += path.read_text(errors="replace").splitlines()[-8:]
        return "\n".join("    " + line for line in lines if line)


def _fresh_log(path: Path, account: Account) -> IO[bytes]:
    """Open a log that replaces the former one."""
    path.unlink(missing_ok=True)
    return folder.open_new(path, account)
