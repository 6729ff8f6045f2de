"""Reading event streams as browsers do, over plain sockets."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection

from accounts.models import User
from activities.models import Session
from conftest import signed_in

WAIT = 10


def cookie_of(user: User) -> str:
    """Return what a browser in which *user* is signed in sends along."""
    return f"{settings.SESSION_COOKIE_NAME}={signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value}"


def path_of(session: Session, face: str) -> str:
    return f"{session.get_absolute_url()}{face}/events/"


@dataclass
class Reading:
    """One open stream: its head, and its messages as they come."""

    head: str
    reader: asyncio.StreamReader = field(repr=False)
    writer: asyncio.StreamWriter = field(repr=False)

    @property
    def status(self) -> int:
        return int(self.head.split(" ")[1])

    async def message(self, kind: str = "state") -> tuple[int, str]:
        """Return the next message of a *kind*: its version and its text."""
        while True:
            raw = (await asyncio.wait_for(self._chunk(), WAIT)).decode()
            if f"event: {kind}" in raw:
                version = re.search(r"^id: (\d+)$", raw, re.MULTILINE)
                return int(version[1]) if version else -1, "\n".join(re.findall(r"^data: ?(.*)$", raw, re.MULTILINE))

    async def until(self, words: str) -> int:
        """Read until a state holds *words*; return its version."""
        while True:
            version, text = await self.message()
            if words in text:
                return version

    async def end(self) -> None:
        """Read until the server ends the stream."""
        while await asyncio.wait_for(self._chunk(), WAIT):
            pass

    async def _chunk(self) -> bytes:
        size = int(await self.reader.readline() or b"0", 16)
        return (await self.reader.readexactly(size + 2))[:size]


async def open_stream(address: str, path: str, cookie: str, limit: int = 2**20) -> Reading:
    """Open a stream of the site at *address*."""
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=limit)
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", f"Cookie: {cookie}", "Accept: text/event-stream"]
    writer.write("\r\n".join([*lines, "Accept-Encoding: gzip, br", "", ""]).encode())
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT)).decode()
    return Reading(head, reader, writer)


async def in_thread(work: Callable, **arguments: Any) -> Any:
    """Do *work* as a page would: in another thread, with a connection of its own that is closed afterwards."""

    def done() -> Any:
        try:
            return work(**arguments)
        finally:
            connection.close()

    return await asyncio.to_thread(done)


@dataclass
class Streams:
    """The streams that a scenario opens on the site at `address`."""

    address: str
    opened: list[Reading] = field(default_factory=list)

    async def open(self, session: Session, face: str, user: User) -> Reading:
        """Open a stream as *user*."""
        cookie = await in_thread(cookie_of, user=user)
        self.opened.append(await open_stream(self.address, path_of(session, face), cookie))
        return self.opened[-1]


def run(address: str, scenario: Callable[[Streams], Awaitable[Any]]) -> Any:
    """Return what *scenario* returns; it runs in a loop and thread of its own, and its streams are closed after it."""
    result: Future = Future()

    async def whole() -> Any:
        streams = Streams(address)
        try:
            return await scenario(streams)
        finally:
            for stream in streams.opened:
                stream.writer.transport.abort()

    def work() -> None:
        try:
            result.set_result(asyncio.run(whole()))
        except BaseException as error:
            result.set_exception(error)

    threading.Thread(target=work).start()
    return result.result()
