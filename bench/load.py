"""A small HTTP load: some connections kept alive, each asking again as soon as it is answered."""

import asyncio
import time
from collections.abc import Callable, Sequence

Ask = Callable[[], bytes]


def throughput(port: int, people: Sequence[Ask], seconds: float) -> float:
    """Return answers a second over *seconds*, with one connection for each of *people*.

    Each is a function that gives the next request as raw bytes. Raises AssertionError for an answer other than 200.
    """
    return asyncio.run(_throughput(port, people, seconds))


async def _throughput(port: int, people: Sequence[Ask], seconds: float) -> float:
    start = time.perf_counter()
    counts = await asyncio.gather(*(_keep_asking(port, ask, start + seconds) for ask in people))
    return sum(counts) / (time.perf_counter() - start)


async def _keep_asking(port: int, ask: Ask, end: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    while time.perf_counter() < end:
        writer.write(ask())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.split(b" ", 2)[1] == b"200", head
        await _skip_body(reader, head.lower())
        answered += 1
    writer.close()
    return answered


async def _skip_body(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif b"content-length: " in head:
        await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))
