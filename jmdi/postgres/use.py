"""Using a server for a while: who comes first starts it, who leaves last stops it.

What `db start` started is nobody's to stop but `db stop`'s. So a site that was killed leaves no server behind for
ever: the next one takes it over; and a backup that ends does not stop it under a site that has begun meanwhile.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from jmdi.postgres import folder, locks
from jmdi.postgres.account import account_for
from jmdi.postgres.server import Server

# In the home: the server is to be stopped by whoever leaves last.
_MARK = "stop-after-use"


@contextmanager
def using(server: Server) -> Iterator[None]:
    """Have the server run, with the site's database in it, as long as this lasts."""
    server.data_dir.mkdir(parents=True, exist_ok=True)
    # Read-only is enough for a lock, also when root made the file for a site that is somebody else's.
    descriptor = os.open(_lock(server), os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if server.start():
            _mark(server)
    except BaseException:
        os.close(descriptor)
        raise
    try:
        server.ensure_database()
        yield
    finally:
        os.close(descriptor)
        _leave(server)


def is_used(server: Server) -> bool:
    """Whether a site is being served from this server, or a backup made."""
    return locks.is_taken(_lock(server))


def keep(server: Server) -> None:
    """Have the server run on when those who use it have left."""
    (server.home / _MARK).unlink(missing_ok=True)


def _lock(server: Server) -> os.PathLike[str]:
    return server.data_dir / "in-use.lock"


def _mark(server: Server) -> None:
    if not (server.home / _MARK).exists():
        folder.open_new(server.home / _MARK, account_for(server.data_dir)).close()


def _leave(server: Server) -> None:
    with locks.locked(server.data_dir, server.say):
        if (server.home / _MARK).exists() and not is_used(server):
            server.stop_now()
