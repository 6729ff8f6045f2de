"""Event streams of one process: how soon all of them see a contribution, and what they cost.

`make bench` measures it with the rest; `python -m bench.streams` alone.
"""

import asyncio
import datetime as dt
import re
import socket
import statistics
import sys
import time
from contextlib import ExitStack

import psutil

from bench import __main__ as bench

# How many streams, with how many milliseconds from commit to arrival for 95 in 100 of them.
SIZES = {200: 50, 1_000: 200}
# How many contributions, with how many seconds between.
ROUNDS, BETWEEN = 25, 0.5
POLLS, POLL_EVERY = 400, 2.0
NEVER_READ = 200
DOMAIN = "streams.bench.example.org"


class Reader(asyncio.Protocol):
    """One open page: it notes when which version arrives, and reads nothing else."""

    def __init__(self, request: bytes, arrivals: dict[int, list[float]], versions: list[int]) -> None:
        self.request, self.arrivals, self.versions = request, arrivals, versions

    def connection_made(self, transport) -> None:
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if found := re.findall(rb"id: (\d+)\nevent: state", data):
            now = time.perf_counter()
            for version in map(int, found):
                self.arrivals.setdefault(version, []).append(now)
                self.versions.append(version)

    def connection_lost(self, error: Exception | None) -> None:
        self.arrivals.setdefault(-1, []).append(time.perf_counter())


def main() -> int:
    """Measure the streams alone; return how many budgets were missed."""
    import django

    django.setup()
    from bench import people
    from jmdi import server

    with ExitStack() as started:
        server.start_database(started, print)
        server.prepare(print)
        people.core_module()
        return measure()


def measure() -> int:
    """Print the budgets of streams for each size; return how many were missed."""
    missed = 0
    for size, budget in SIZES.items():
        session, cookies = make_session(size)
        with ExitStack() as started:
            port, process = bench.start_server(started)
            missed += asyncio.run(_measure(port, process, session, cookies, budget))
    session, cookies = make_session(2 * NEVER_READ)
    with ExitStack() as started:
        port, _process = bench.start_server(started)
        missed += asyncio.run(_beside_silence(port, session, cookies))
    return missed


async def _measure(port: int, process: psutil.Process, session, cookies: list[str], budget: int) -> int:
    size = len(cookies)
    backends = await asyncio.to_thread(_backends)
    readers, arrivals = await _open(port, session, cookies)
    before, start = _cpu(process), time.perf_counter()
    sent = await _contribute(session, ROUNDS)
    spent, seconds = _cpu(process) - before, time.perf_counter() - start
    opened = await asyncio.to_thread(_backends) - backends
    missed = bench.report(f"{size} streams: contribution seen, p95", _p95(sent, arrivals), budget, "ms")
    unseen = sum(size - len(arrivals.get(version, [])) for version in sent)
    missed += bench.report(f"{size} streams: not seen", unseen, 0, "")
    missed += bench.report(f"{size} streams: closed meanwhile", len(arrivals.get(-1, [])), 0, "")
    missed += bench.report(f"{size} streams: versions that came late", _disorder(readers), 0, "")
    missed += bench.report(f"{size} streams: database connections", opened, 4, "")
    for reader in readers:
        reader.transport.abort()
    polling = await _cost_of_a_poll(port, process, session, cookies[0]) * size / POLL_EVERY * seconds
    return missed + bench.report(
        f"{size} streams: processor time, as a share of asking every 2 s", 100 * spent / polling, 12.5, "%"
    )


async def _beside_silence(port: int, session, cookies: list[str]) -> int:
    """Have as many connections that read nothing as ones that do."""
    silent = [await _never_reading(port, session, cookie) for cookie in cookies[NEVER_READ:]]
    readers, arrivals = await _open(port, session, cookies[:NEVER_READ])
    sent = await _contribute(session, ROUNDS)
    missed = bench.report(
        f"{NEVER_READ} streams beside {NEVER_READ} that read nothing: p95",
        _p95(sent, arrivals), SIZES[NEVER_READ], "ms",
    )  # fmt: skip
    missed += bench.report("closed meanwhile", len(arrivals.get(-1, [])), 0, "")
    for reader in readers:
        reader.transport.abort()
    for connection in silent:
        connection.close()
    return missed


async def _open(port: int, session, cookies: list[str]) -> tuple[list[Reader], dict[int, list[float]]]:
    loop = asyncio.get_running_loop()
    arrivals: dict[int, list[float]] = {}
    readers = []
    start = time.perf_counter()
    for cookie in cookies:
        _transport, reader = await loop.create_connection(
            lambda cookie=cookie: Reader(_request(session, cookie, "events/"), arrivals, []), "127.0.0.1", port
        )
        readers.append(reader)
    while not all(reader.versions for reader in readers):
        await asyncio.sleep(0.05)
        assert time.perf_counter() < start + 120, "not all streams were opened"
    print(f"     {len(cookies)} streams opened in {time.perf_counter() - start:.1f} s")
    return readers, arrivals


async def _never_reading(port: int, session, cookie: str) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(connection, ("127.0.0.1", port))
    await loop.sock_sendall(connection, _request(session, cookie, "events/"))
    return connection


def _request(session, cookie: str, what: str) -> bytes:
    path = f"/sessions/{session.public_id}/participant/{what}"
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n".encode()


async def _contribute(session, rounds: int) -> dict[int, float]:
    """Let somebody place or take back a dot so many times; return when each version was committed."""
    sent = {}
    for number in range(rounds):
        version, moment = await asyncio.to_thread(_act, session, number)
        sent[version] = moment
        await asyncio.sleep(BETWEEN)
    await asyncio.sleep(1)
    return sent


def _act(session, number: int) -> tuple[int, float]:
    from django.db import connection, transaction

    from activities import services
    from activities.models import Session

    membership = session.cohort.memberships.participants().select_related("user").first()
    choice = session.current.choices.get(position=99)
    with transaction.atomic():
        action = ("place", "take-back")[number % 2]
        services.act(
            session=session, membership=membership, action=action, data={"choice": str(choice.pk), "colour": "a"}
        )
        version = Session.objects.values_list("version", flat=True).get(pk=session.pk)
        moment = time.perf_counter()
    connection.close()
    return version, moment


async def _cost_of_a_poll(port: int, process: psutil.Process, session, cookie: str) -> float:
    """Return the processor's seconds for one answer to a page that asks whether there is anything new."""
    from bench.load import _skip_body

    version = await asyncio.to_thread(_version, session)
    request = _request(session, cookie, f"shared/?version={version}")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    before = 0.0
    for number in range(POLLS + 20):
        if number == 20:
            before = _cpu(process)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.split(b" ", 2)[1] == b"204", head
        await _skip_body(reader, head.lower())
    writer.close()
    return (_cpu(process) - before) / POLLS


def _version(session) -> int:
    from activities.models import Session

    return Session.objects.values_list("version", flat=True).get(pk=session.pk)


def _p95(sent: dict[int, float], arrivals: dict[int, list[float]]) -> float:
    delays = [1000 * (arrival - moment) for version, moment in sent.items() for arrival in arrivals.get(version, [])]
    print(f"     median {statistics.median(delays):.0f} ms, longest {max(delays):.0f} ms")
    return statistics.quantiles(delays, n=20)[-1]


def _disorder(readers: list[Reader]) -> int:
    return sum(
        later <= earlier
        for reader in readers
        for earlier, later in zip(reader.versions, reader.versions[1:], strict=False)
    )


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _backends() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        count = cursor.fetchone()[0]
    connection.close()
    return count


def make_session(size: int):
    """Make a vote with *size* people in it, and return it with a sign-in cookie of each."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    from accounts.models import User
    from activities import services
    from activities.models import Attendance, Phase, Session
    from activities.published import activities_of
    from cohorts.models import Cohort, Membership
    from courses.models import Course, Enrolment
    from courses.published import read

    course = Course.objects.get(key="core-module")
    Cohort.objects.filter(name="Bench of streams").delete()
    User.objects.filter(email__endswith=DOMAIN).delete()
    today = dt.datetime.now(dt.UTC).date()
    cohort = Cohort.objects.create(course=course, name="Bench of streams", starts_on=today, ends_on=today)
    users = User.objects.bulk_create(
        [User(email=f"{number}@{DOMAIN}", name=f"Bench {number}", password="!") for number in range(size)]
    )
    enrolments = Enrolment.objects.bulk_create([Enrolment(user=user, course=course) for user in users])
    memberships = Membership.objects.bulk_create(
        [Membership(cohort=cohort, user_id=each.user_id, enrolment=each) for each in enrolments]
    )
    phase = Phase.objects.filter(activity__course=course, tool="dot-vote", archived_at=None).first()
    plan = next(each for each in activities_of(read(course)).activities if each.id == phase.activity_id)
    session = services.prepare_session(activity=plan, cohort=cohort, facilitator=users[0])
    services.begin(session=session)
    services.go_to(session=session, position=session.phases.get(phase=phase).position, from_position=1)
    services.resume(session=session)
    Attendance.objects.bulk_create([Attendance(session=session, membership=each) for each in memberships])
    cookies = []
    for user in users:
        store = SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.save()
        cookies.append(store.session_key)
    session = Session.objects.select_related("current", "cohort").get(pk=session.pk)
    session.current.choices.create(text="Everything", position=99)
    connection.close()
    return session, cookies


if __name__ == "__main__":
    sys.exit(main())
