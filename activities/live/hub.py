"""How a change reaches every screen: one `LISTEN` for the whole process, one rendering for everybody.

No stream asks the database for anything. A stream that does not keep up is closed; its page reconnects and reads the
whole state anew.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import psycopg
from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection

from activities.live import faces
from activities.services.sessions import CHANNEL

# A change is shown at most so often: what comes together is rendered once.
PAUSE_SECONDS = 0.2
# How much a stream may fall behind before it is closed.
QUEUE_SIZE = 8
# How often those who hold a stream are asked after: whoever has left a cohort sees no more of it.
CHECK_SECONDS = 30
# A line of nothing, so that proxies and phones keep a quiet connection open.
HEARTBEAT_SECONDS = 15

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Stream:
    """One open page: what it shows (`face`) of which session, to whom."""

    session: str
    face: str
    user_id: int
    queue: "asyncio.Queue[bytes | None]" = field(default_factory=lambda: asyncio.Queue(QUEUE_SIZE))

    def offer(self, message: bytes) -> None:
        """Queue *message*; a stream that is too far behind is closed instead."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.close()

    def close(self) -> None:
        """Make the stream end, whatever is still queued."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Hub:
    """All open streams of this process."""

    def __init__(self) -> None:
        self._streams: dict[str, set[Stream]] = defaultdict(set)
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task] = []

    def count(self) -> int:
        """Return how many streams are open."""
        return sum(len(streams) for streams in self._streams.values())

    async def follow(self, stream: Stream) -> AsyncIterator[bytes]:
        """Yield what *stream* shall send: the state as it is now, then each change, until it or its reader ends."""
        self._start()
        self._streams[stream.session].add(stream)
        try:
            for _face, message in (await _render(stream.session, [stream.face])).items():
                yield message
            while True:
                try:
                    message = await asyncio.wait_for(stream.queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    message = b":\n\n"
                if message is None:
                    return
                yield message
        finally:
            self._streams[stream.session].discard(stream)
            if not self._streams[stream.session]:
                del self._streams[stream.session]

    def _start(self) -> None:
        if not self._tasks or any(task.done() for task in self._tasks):
            for task in self._tasks:
                task.cancel()
            loop = asyncio.get_running_loop()
            self._tasks = [loop.create_task(work()) for work in (self._listen, self._show, self._check)]

    async def _listen(self) -> None:
        """Hear of changes; after a lost connection, of all of them."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(autocommit=True, **_parameters()) as listener:
                    await listener.execute(f"LISTEN {CHANNEL}")
                    self._note(*self._streams)
                    async for notice in listener.notifies():
                        if notice.payload in self._streams:
                            self._note(notice.payload)
            except psycopg.Error as error:
                logger.warning("live sessions: the database is away (%s), trying again", type(error).__name__)
                await asyncio.sleep(1)

    def _note(self, *sessions: str) -> None:
        self._changed.update(sessions)
        self._wake.set()

    async def _show(self) -> None:
        """Render what has changed, once for each face, and hand the same bytes to all."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            changed, self._changed = self._changed, set()
            for session in changed & self._streams.keys():
                streams = set(self._streams[session])
                try:
                    messages = await _render(session, sorted({stream.face for stream in streams}))
                except Exception:
                    # One session that cannot be shown must not silence the others.
                    logger.exception("a live session could not be shown")
                    continue
                for stream in streams:
                    if stream.face in messages:
                        stream.offer(messages[stream.face])
            await asyncio.sleep(PAUSE_SECONDS)

    async def _check(self) -> None:
        """Close the streams of those who may not look any more."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            with contextlib.suppress(Exception):
                for session in list(self._streams):
                    allowed = await sync_to_async(_allowed, thread_sensitive=False)(session)
                    for stream in list(self._streams.get(session, ())):
                        if stream.user_id not in allowed.get(stream.face, set()):
                            stream.close()


hub = Hub()


async def _render(session: str, wanted: list[str]) -> dict[str, bytes]:
    return await sync_to_async(_render_now, thread_sensitive=False)(session, wanted)


def _render_now(session: str, wanted: list[str]) -> dict[str, bytes]:
    try:
        version, pages = faces.render(session, wanted)
        return {face: message(version, html) for face, html in pages.items()}
    finally:
        connection.close()


def _allowed(session: str) -> dict[str, set[int]]:
    close_old_connections()
    try:
        return faces.allowed(session)
    finally:
        connection.close()


def message(version: int, html: str) -> bytes:
    """Return *html* as one message of an event stream: no text in it can begin a field of its own."""
    lines = html.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    data = "\n".join(f"data: {line}" for line in lines)
    return f"id: {version}\nevent: state\n{data}\n\n".encode()


def _parameters() -> dict[str, object]:
    """Return how to reach the database apart from the pool, whose connections come and go."""
    parameters = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "options")
    return {name: parameters[name] for name in known if parameters.get(name)}
