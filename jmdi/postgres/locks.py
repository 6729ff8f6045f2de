"""Locks between processes, held by an open folder or file: the kernel lets go of them whatever happens."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jmdi.postgres.errors import PostgresError

_PATIENCE = 150


@contextmanager
def locked(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Be the only one who starts, stops or restores in *folder*."""
    descriptor = take(folder, lambda: say("Waiting for another process that is starting or stopping PostgreSQL ..."))
    try:
        yield
    finally:
        os.close(descriptor)


def take(folder: Path, waiting: Callable[[], None], patience: float = _PATIENCE) -> int:
    """Lock *folder* and return the open descriptor that holds the lock; call *waiting* once if that takes long."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    begin = time.monotonic()
    said = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            waited = time.monotonic() - begin
            if waited > patience:
                os.close(descriptor)
                raise PostgresError(
                    f"Another process has been holding {folder} for {patience:.0f} s. "
                    "`ps` shows who uses it; end that process, then try again."
                ) from None
            if waited > 1 and not said:
                waiting()
                said = True
            time.sleep(0.02)


def is_taken(path: Path) -> bool:
    """Whether a process holds that folder or file."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
