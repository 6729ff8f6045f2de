"""Event streams: Django says who may look at what, as with every page; from there the hub of live sessions goes on.

Django's own ASGI handler would keep a thread, and the thread's connection of the pool, for each stream as long as it is
open. So a request is answered in one of a few threads, which has let go of everything when the stream begins.
"""

import asyncio
import random
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIRequest, get_script_prefix
from django.core.signals import request_started
from django.http import HttpResponse
from django.urls import set_script_prefix

from activities.live.hub import Hub, Stream, hub_here
from jmdi.wsgi import application as pages

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# With the hub's two connections that makes four for all streams of a process.
DOORS = 2
# When a page whose stream has ended comes back: not all in the same moment. In milliseconds.
RETRY_SOONEST, RETRY_LATEST = 500, 2500

_doors = ThreadPoolExecutor(DOORS, "stream-door")


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer a request for an event stream, and hold it open."""
    response = await asyncio.get_running_loop().run_in_executor(_doors, _answer, scope)
    look = getattr(response, "look", None)
    headers = [(name.lower(), value) for name, value in response.items() if look is None or name != "Content-Length"]
    headers += [("set-cookie", cookie.OutputString()) for cookie in response.cookies.values()]
    await send(
        {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }
    )
    if look and scope["method"] == "GET":
        await _hold(hub_here(), Stream(look), receive, send)
    else:
        await send({"type": "http.response.body", "body": response.content})


def _answer(scope: Message) -> HttpResponse:
    set_script_prefix(get_script_prefix(scope))
    request_started.send(sender=pages.__class__, scope=scope)
    response = pages.get_response(ASGIRequest(scope, BytesIO()))
    response.close()  # and let go of the connection
    return response


async def _hold(hub: Hub, stream: Stream, receive: Receive, send: Send) -> None:
    """Send what *stream* is given until either side has enough."""
    sending = asyncio.current_task()
    is_dropped = False

    def drop() -> None:
        nonlocal is_dropped
        is_dropped = True
        sending.cancel()

    stream.drop = drop
    hub.join(stream)
    waiting = asyncio.create_task(_close_when_gone(stream, receive))
    try:
        again = random.randint(RETRY_SOONEST, RETRY_LATEST)  # noqa: S311  no secret
        await send({"type": "http.response.body", "body": f"retry: {again}\n\n".encode(), "more_body": True})
        while (message := await stream.queue.get()) is not None:
            await send({"type": "http.response.body", "body": message, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except asyncio.CancelledError:
        if not is_dropped:
            raise
        sending.uncancel()
        await _cut(send)
    finally:
        waiting.cancel()
        hub.leave(stream)


async def _close_when_gone(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()


async def _cut(send: Send) -> None:
    """Cut the connection of a page that reads nothing: what is under way to it would otherwise be kept for ever.

    ASGI has no word for that; under a server that is not uvicorn the operating system gives up some minutes later.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport:
        transport.abort()
        await asyncio.sleep(0)  # so that the server has noticed


def end_when_stopped() -> None:
    """End the streams of this loop's hub as soon as the process is told to stop: servers wait for them otherwise."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop, hub = asyncio.get_running_loop(), hub_here()
    for number in (signal.SIGTERM, signal.SIGINT):
        servers = signal.getsignal(number)

        def stop(signum: int, frame: Any, servers: Any = servers) -> None:
            with suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(hub.close)
            if callable(servers):
                servers(signum, frame)

        signal.signal(number, stop)
