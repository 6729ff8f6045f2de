"""ASGI entry: the server's one port.

Pages go to Django's WSGI handler in a thread pool: twice the throughput of Django's own ASGI handler, see
docs/architecture.md. Event streams stay open for hours, without a thread (jmdi/streams.py).
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jmdi.settings")

from jmdi.wsgi import application as pages

# After that line: it sets Django up.
from jmdi import streams  # isort: skip

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# One thread serves one page at a time and holds at most one connection of the pool (jmdi/postgres.py).
PAGE_THREADS = 10

# What the path of an event stream ends with.
STREAMS = "/events/"

_wsgi = WSGIMiddleware(pages, workers=PAGE_THREADS)


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one HTTP connection; other kinds are refused (we use no WebSockets)."""
    if scope["type"] == "http" and scope["path"].endswith(STREAMS):
        await streams.application(scope, receive, send)
    elif scope["type"] == "http":
        await _wsgi(scope, _whole(receive), send)
    elif scope["type"] == "lifespan":
        await _lifespan(receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            streams.end_when_stopped()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _whole(receive: Receive) -> Receive:
    """Make a request that is cut off half-way an error; else its beginning would be taken for all of it, and saved."""

    async def checked() -> Message:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the request was cut off")
        return message

    return checked
