"""`python -m bench.survival`: fifty people write while the site's processes are killed; no acknowledged word is lost.

A web process is killed (SIGKILL) every two seconds for a minute, PostgreSQL's first process five times. Every writer
sends its save again until it is acknowledged. Afterwards each acknowledged text must be stored, each save once.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress

import psutil

from bench.__main__ import ROOT, free_port

WRITERS, SECONDS, KILL_EVERY, DATABASE_KILLS = 50, 60, 2.0, 5
PATIENCE = 60.0


def main() -> int:
    """Run it, print what happened, and return 0 when nothing was lost and nothing stored twice."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from bench import people
    from jmdi import server
    from jmdi.postgres import Server

    with ExitStack() as started:
        server.start_database(started, print)
        server.prepare(print)
        course = people.core_module()
        crowd = [people.make_person(number, course) for number in range(WRITERS)]
        connection.close()
    port = free_port()
    command = [sys.executable, "-u", "manage.py", "serve", "--port", str(port), "--workers", "2"]
    site = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        while "Serving" not in site.stdout.readline():
            pass
        database = Server(settings.DATA_DIR)
        killed = asyncio.run(_write_and_kill(port, crowd, psutil.Process(site.pid), database))
    finally:
        site.send_signal(signal.SIGINT)
        site.wait(60)
    with ExitStack() as started:
        server.start_database(started, lambda line: None)
        lost, twice = _compare(crowd)
        connection.close()
    saves = sum(person.version for person in crowd)
    tries = sum(person.tries for person in crowd)
    print(f"{saves} saves acknowledged to {WRITERS} writers, {tries} tries; killed: {killed}")
    print(f"lost: {lost}, stored twice: {twice}")
    return int(bool(lost or twice))


async def _write_and_kill(port, crowd, site, database) -> str:
    end = time.monotonic() + SECONDS
    writers = [asyncio.create_task(_write(port, person, end)) for person in crowd]
    workers = postmasters = 0
    while time.monotonic() < end:
        await asyncio.sleep(KILL_EVERY)
        if processes := [child for child in site.children() if _is_web_process(child)]:
            random.choice(processes).kill()
            workers += 1
        if time.monotonic() > end - SECONDS + (postmasters + 0.5) * SECONDS / DATABASE_KILLS:
            status = await asyncio.to_thread(database.status)
            if status.is_running:
                with suppress(ProcessLookupError):
                    os.kill(status.pid, signal.SIGKILL)
                    postmasters += 1
    await asyncio.gather(*writers)
    return f"{workers} web processes, {postmasters} database servers"


def _is_web_process(process) -> bool:
    """Whether it serves pages: the site's children are those, their resource tracker, and PostgreSQL."""
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.Error:
        return False  # it is dead already


async def _write(port: int, person, end: float) -> None:
    """Let one person save one text after the other, each again and again until it is acknowledged."""
    person.texts, person.tries = [], 0
    while time.monotonic() < end:
        person.version += 1
        text = f"{random.getrandbits(64):x} of {person.version}"
        give_up = time.monotonic() + PATIENCE
        while not await _try(port, person.send(text)):
            person.tries += 1
            if time.monotonic() > give_up:
                raise SystemExit(f"a save was not acknowledged within {PATIENCE:.0f} s")
            await asyncio.sleep(0.2)
        person.tries += 1
        person.texts.append(text)
        await asyncio.sleep(0.3)


async def _try(port: int, request: bytes) -> bool:
    try:
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            answer = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return False
    return answer.startswith(b"HTTP/1.1 200")


def _compare(crowd) -> tuple[int, int]:
    """Return how many acknowledged texts are not stored, and how many saves are stored more than once."""
    from courses.models import Answer

    lost = twice = 0
    for person in crowd:
        answer = Answer.objects.get(enrolment__user__email=person.email)
        kept = [answer.text, *answer.earlier_texts.values_list("text", flat=True)]
        lost += len(set(person.texts) - set(kept))
        twice += len(kept) - len(set(kept)) + answer.version - len(person.texts)
    return lost, twice


if __name__ == "__main__":
    sys.exit(main())
