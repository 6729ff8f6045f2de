"""How a change reaches every screen: one `LISTEN` for the whole process, one rendering for everybody.

No stream asks the database for anything. A stream that does not keep up is dropped; its page reconnects and is given
the whole state anew. A session's streams in this process make a *room*; rooms do not wait for one another's readers.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection

from activities.live import faces
from activities.live.looking import Look, may_look
from activities.models import Session
from activities.services.sessions import CHANNEL

# A change is shown at most so often: what comes together is rendered once.
PAUSE_SECONDS = 0.2
# How long to wait after something could not be rendered, doubled each time up to the longest.
AGAIN_SECONDS, AGAIN_LONGEST = 1.0, 30.0
# How much a stream may fall behind before it is dropped.
QUEUE_SIZE = 8
# How often those who hold a stream are asked after: whoever has left a cohort or signed out sees no more of it.
CHECK_SECONDS = 30
# A word in between keeps proxies and phones from closing a quiet connection, and tells the page that it still has one.
BEAT_SECONDS = 15
BEAT = b"event: beat\ndata:\n\n"
# More open pages than these have no streams: they ask now and then.
STREAMS_PER_PERSON = 8
ENOUGH = b"event: enough\ndata:\n\n"
# How long the listening connection may be silent before it is tried, and in how many milliseconds that must arrive.
SILENCE_SECONDS, ARRIVAL_MS = 20.0, 10_000

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Stream:
    """One open page. `drop` cuts it off when it does not read."""

    look: Look
    version: int = -1
    queue: "asyncio.Queue[bytes | None]" = field(default_factory=lambda: asyncio.Queue(QUEUE_SIZE + 1))
    drop: Callable[[], object] | None = None

    def offer(self, message: bytes) -> None:
        """Queue *message*; a stream that is too far behind is dropped instead."""
        if self.queue.qsize() < QUEUE_SIZE:
            self.queue.put_nowait(message)
        else:
            self.close()
            if self.drop:
                self.drop()

    def close(self, last: bytes = b"") -> None:
        """Make the stream end with *last*, whatever is still queued."""
        while not self.queue.empty():
            self.queue.get_nowait()
        if last:
            self.queue.put_nowait(last)
        self.queue.put_nowait(None)


class Room:
    """The streams of one session, and what of it is to be shown anew."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.wake = asyncio.Event()
        self.refresh: set[str] = set()
        self.task: asyncio.Task | None = None

    def spread(self, face: str, version: int, message: bytes) -> None:
        """Hand the same bytes to all who have not seen this version; nobody is taken back to an earlier one."""
        is_anew = face in self.refresh
        self.refresh.discard(face)
        for stream in list(self.streams):
            is_news = version > stream.version or (is_anew and version == stream.version)
            if stream.look.face == face and is_news:
                stream.version = version
                stream.offer(message)


class Hub:
    """All open streams that one event loop serves."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = defaultdict(Room)
        self._by_person: dict[int, deque[Stream]] = defaultdict(deque)
        self._tasks: list[asyncio.Task] = []
        # One thread: it holds one connection of the pool while it works, and no session is rendered twice at once.
        self._thread = ThreadPoolExecutor(1, "live")

    def __len__(self) -> int:
        return sum(len(room.streams) for room in self._rooms.values())

    def join(self, stream: Stream) -> None:
        """Open *stream*: it is given the state as it is now, then each change."""
        loop = asyncio.get_running_loop()
        if not self._tasks:
            self._tasks = [loop.create_task(_for_ever(work)) for work in (self._listen, self._check, self._beat)]
        room = self._rooms[stream.look.session]
        room.streams.add(stream)
        # Many who come at once are shown one rendering.
        room.wake.set()
        if room.task is None:
            room.task = loop.create_task(_for_ever(lambda: self._show(stream.look.session, room)))
        own = self._by_person[stream.look.looker.user_id]
        own.append(stream)
        if len(own) > STREAMS_PER_PERSON:
            own.popleft().close(ENOUGH)

    def leave(self, stream: Stream) -> None:
        """Forget *stream*."""
        room = self._rooms[stream.look.session]
        room.streams.discard(stream)
        if not room.streams:
            if room.task:
                room.task.cancel()
            del self._rooms[stream.look.session]
        own = self._by_person[stream.look.looker.user_id]
        if stream in own:
            own.remove(stream)
        if not own:
            del self._by_person[stream.look.looker.user_id]

    def close(self) -> None:
        """End all streams: the process stops, and pages find another one."""
        for stream in self._everything():
            stream.close()

    def _everything(self) -> list[Stream]:
        return [stream for room in self._rooms.values() for stream in room.streams]

    async def _in_thread(self, work: Callable, *arguments: object) -> object:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _and_let_go, work, *arguments)

    async def _listen(self) -> None:
        """Hear of changes; after a lost connection, take all sessions for changed."""
        async with await psycopg.AsyncConnection.connect(autocommit=True, **_parameters()) as listener:
            await listener.execute(f"LISTEN {CHANNEL}")
            for room in self._rooms.values():
                room.wake.set()
            while True:
                async for notice in listener.notifies(timeout=SILENCE_SECONDS):
                    if notice.payload in self._rooms:
                        self._rooms[notice.payload].wake.set()
                # A connection that has died says nothing, which is what a quiet hour sounds like: ask.
                await listener.execute("SELECT 1")

    async def _show(self, session: str, room: Room) -> None:
        """Render a session when it has changed, each face once."""
        again = AGAIN_SECONDS
        while True:
            await room.wake.wait()
            room.wake.clear()
            open_faces = {stream.look.face for stream in room.streams}
            wanted = [face for face in faces.FACES if face in open_faces]
            try:
                is_shown = await self._in_thread(_render, session, wanted, room.spread, asyncio.get_running_loop())
            except Session.DoesNotExist:
                for stream in list(room.streams):
                    stream.close()
                continue
            except Exception:
                logger.exception("a live session could not be shown")
                is_shown = False
            if is_shown:
                again = AGAIN_SECONDS
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                room.wake.set()
                await asyncio.sleep(again)
                again = min(2 * again, AGAIN_LONGEST)

    async def _check(self) -> None:
        """Close the streams of those who may not look any more; show consoles anew who has gone quiet."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            streams = self._everything()
            if not streams:
                continue
            seen = await self._in_thread(may_look, [stream.look for stream in streams])
            for stream, is_allowed in zip(streams, seen, strict=True):
                if not is_allowed:
                    stream.close()
            for room in self._rooms.values():
                room.refresh.add(faces.HOST)
                if any(stream.look.face == faces.HOST for stream in room.streams):
                    room.wake.set()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            for stream in self._everything():
                stream.offer(BEAT)


_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def hub_here() -> Hub:
    """Return the hub of the event loop that runs here."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


def message(version: int, html: str) -> bytes:
    """Return *html* as one message of an event stream: no text in it can begin a field of its own."""
    lines = html.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    data = "\n".join(f"data: {line}" for line in lines)
    return f"id: {version}\nevent: state\n{data}\n\n".encode()


async def _for_ever(work: Callable[[], Awaitable[None]]) -> None:
    """Do *work* again whenever it fails: what it holds up is everybody's screen."""
    while True:
        try:
            await work()
        except (psycopg.OperationalError, TimeoutError) as error:
            logger.warning("live sessions: the database is away (%s), trying again", type(error).__name__)
        except Exception:
            logger.exception("live sessions: trying again")
        await asyncio.sleep(AGAIN_SECONDS)


def _and_let_go(work: Callable, *arguments: object) -> object:
    try:
        return work(*arguments)
    finally:
        # To the pool: pages need it more than a quiet session does.
        connection.close()


def _render(session: str, wanted: list[str], spread: Callable, loop: asyncio.AbstractEventLoop) -> bool:
    """Render the *wanted* faces and have each spread as soon as it is there; return whether all of them could be."""
    count = 0
    for face, version, html in faces.render(session, wanted):
        loop.call_soon_threadsafe(spread, face, version, message(version, html))
        count += 1
    return count == len(wanted)


def _parameters() -> dict[str, object]:
    """Return how to reach the database apart from the pool, whose connections come and go."""
    own = {"cursor_factory", "context", "prepare_threshold"}
    known = {name: value for name, value in connection.get_connection_params().items() if name not in own}
    return {"connect_timeout": 10, "tcp_user_timeout": ARRIVAL_MS, **known}
