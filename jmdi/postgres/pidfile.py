"""Which process is the server of a data folder. `postmaster.pid` names one, and may be wrong.

After a crash its number can belong to anything: in containers numbers repeat, so that is likely rather than exotic.
"""

import os
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import psutil

from jmdi.postgres.account import Account

_PID_LINE, _STATUS_LINE = 0, 7


class Pidfile(Enum):
    """What `postmaster.pid` is worth."""

    MISSING = "no server has been started, or it was stopped in order"
    OURS = "it names the server of this folder"
    STALE = "it is left from a server that has died; PostgreSQL replaces it by itself"
    BLOCKING = "it is left from a server that has died, and would keep PostgreSQL from starting"


def read_pid(data: Path) -> int | None:
    """Return the number in `postmaster.pid`, if there is one."""
    try:
        return abs(int(_lines(data)[_PID_LINE]))
    except (IndexError, ValueError):
        return None


def is_ready(data: Path) -> bool:
    """Whether the server says that it takes connections."""
    lines = _lines(data)
    return len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"


def _lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def find_postmaster(data: Path) -> psutil.Process | None:
    """Return the living server of the data folder, if `postmaster.pid` names it."""
    pid = read_pid(data)
    if not pid:
        return None
    try:
        process = psutil.Process(pid)
        return process if _serves(process, data) else None
    except psutil.Error:
        return None


def judge(data: Path, account: Account) -> Pidfile:
    """Say what `postmaster.pid` is worth, when *account* is to start the server."""
    if not os.path.lexists(data / "postmaster.pid"):
        return Pidfile.MISSING
    if find_postmaster(data):
        return Pidfile.OURS
    pid = read_pid(data)
    if not pid:
        # Empty or nonsense: PostgreSQL does not dare to replace it.
        return Pidfile.BLOCKING
    try:
        owner = psutil.Process(pid).uids().real
    except psutil.NoSuchProcess:
        return Pidfile.STALE
    # PostgreSQL asks the kernel whether it could send that process a signal; a zombie counts as living.
    return Pidfile.BLOCKING if owner == account.uid else Pidfile.STALE


def processes_in(data: Path) -> list[int]:
    """Return the processes, of those that we may look into, that work in the data folder."""
    return [process.pid for process in psutil.process_iter() if _works_in(process, data)]


def move_aside(data: Path) -> Path:
    """Move `postmaster.pid` out of the data folder, keep it, and return where it is now."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    kept = data.parent / f"postmaster.pid.{stamp}"
    (data / "postmaster.pid").rename(kept)
    return kept


def _serves(process: psutil.Process, data: Path) -> bool:
    """Whether that process is a living PostgreSQL of the data folder."""
    if process.status() == psutil.STATUS_ZOMBIE:
        return False
    # The command line is there for everybody to read; the working folder is not, in many containers.
    words = process.cmdline()
    if not words or Path(words[0]).name != "postgres":
        return False
    if "-D" in words[:-1] and _same(words[words.index("-D") + 1], data):
        return True
    return _works_in(process, data)


def _works_in(process: psutil.Process, data: Path) -> bool:
    try:
        return _same(process.cwd(), data)
    except psutil.Error:
        return False


def _same(path: str, data: Path) -> bool:
    try:
        return bool(path) and data.samefile(path)
    except OSError:
        return False
