"""Starting a site on one machine: its database, its tables and files, then the server."""

import hashlib
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import NoReturn

import uvicorn
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from uvicorn.supervisors import Multiprocess

from courses.models import Course
from courses.services import publish
from jmdi.background import WorkerKeeper
from jmdi.postgres import Keeper, PostgresError, Server, using

Say = Callable[[str], None]


def run(
    *,
    bind: str,
    port: int,
    workers: int,
    say: Say,
    fill: Callable[[], None] | None = None,
    announce: str,
    with_worker: bool = True,
) -> None:
    """Prepare the site, *fill* it, say *announce* once its address is open, and serve until interrupted.

    Everything started here is stopped again, PostgreSQL too. Raises CommandError with plain words.
    """
    signal.signal(signal.SIGTERM, _leave)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup sets it
        signal.signal(signal.SIGHUP, _leave_as_told)
    with ExitStack() as started:
        start_database(started, say)
        prepare(say)
        if fill:
            fill()
        config = uvicorn.Config(
            "jmdi.asgi:application",
            host=bind,
            port=port,
            workers=workers,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        try:
            socket = config.bind_socket()
        except SystemExit:
            raise CommandError(
                f"Port {port} of {bind} is taken or not allowed; try another, such as PORT={port + 1}."
            ) from None
        started.callback(socket.close)
        # From here connections wait for the server instead of being refused.
        socket.listen()
        if with_worker:
            keeper = WorkerKeeper()
            keeper.start()
            started.callback(keeper.stop)
        say(announce)
        if workers > 1:
            Multiprocess(config, sockets=[socket]).run()
        else:
            uvicorn.Server(config).run(sockets=[socket])


def start_database(started: ExitStack, say: Say) -> None:
    """Start the embedded PostgreSQL and keep it running until *started* closes; nothing to do with DATABASE_URL."""
    if not settings.EMBEDDED_POSTGRES:
        return
    say("Starting PostgreSQL ...")
    server = Server(settings.DATA_DIR, progress=say)
    try:
        started.enter_context(using(server))
    except PostgresError as error:
        raise CommandError(str(error)) from error
    keeper = Keeper(server)
    keeper.start()
    started.callback(keeper.stop)


def prepare(say: Say) -> None:
    """Bring tables and static files up to date; quick when they are."""
    say("Bringing the database up to date ...")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    for course in Course.objects.all():
        # Its stored document has the form of the code that made it, and this code may be newer.
        publish(course=course)
    collect_static(say)


def collect_static(say: Say) -> None:
    """Collect and compress static files when one has changed since the last time."""
    stamp = settings.DATA_DIR / "static.sha256"
    digest = _static_digest()
    if stamp.exists() and stamp.read_text() == digest and settings.STATIC_ROOT.exists():
        return
    say("Compressing style sheets and scripts ...")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest)


def _static_digest() -> str:
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}\n".encode())
    return digest.hexdigest()


def _leave(signum: int, frame: object) -> NoReturn:
    """Turn SIGTERM into an ordinary exit, so that what was started is stopped."""
    sys.exit(0)


def _leave_as_told(signum: int, frame: object) -> None:
    """Turn the terminal's end into SIGTERM: while uvicorn serves, that one is its own, and ends streams and threads.

    An exit from here would leave its event loop in the middle, and then wait for threads that nobody has told.
    """
    signal.raise_signal(signal.SIGTERM)
