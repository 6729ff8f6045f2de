"""Event streams: everybody sees the truth, soon, and nobody's trouble is everybody's."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.contrib.sessions.models import Session as SignIn
from django.db import connection

from activities import services
from activities.live import faces, hub
from activities.live.looking import Look, Looker
from activities.models import Session
from activities.services.sessions import tell
from activities.tests.factories import make_session
from activities.tests.streaming import cookie_of, in_thread, open_stream, path_of, run
from cohorts import services as cohort_services
from cohorts.models import Membership
from conftest import make_user, wait_until_quiet

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def vote(small, cohort, ada, ben, bens_membership) -> Session:
    """Ada's session of a vote; Ben is in it."""
    session = make_session(small, cohort, ada)
    services.arrive(session=session, membership=bens_membership)
    return session


@pytest.fixture
def play(server, site):
    """Return a function that runs a scenario with streams of the site."""
    yield lambda scenario: run(server, scenario)
    wait_until_quiet(site)


def test_a_stream_begins_with_the_state_and_goes_on_with_each_change(vote, play, ben):
    async def scenario(streams):
        stream = await streams.open(vote, "participant", ben)
        assert stream.status == 200
        first = await stream.until("Place dots.")
        await in_thread(services.set_frozen, session=vote, frozen=True)
        frozen = await stream.until("Everything stands still")
        await in_thread(services.go_to, session=vote, position=2, from_position=1)
        assert first < frozen < await stream.until("Talk")

    play(scenario)


def test_nothing_on_the_way_compresses_or_keeps_a_stream(vote, play, ben):
    async def scenario(streams):
        return (await streams.open(vote, "participant", ben)).head.lower()

    head = play(scenario)
    assert "content-type: text/event-stream" in head
    assert "cache-control: private, no-store, no-transform" in head
    assert "x-accel-buffering: no" in head
    assert "x-content-type-options: nosniff" in head
    assert "content-encoding" not in head
    assert "content-length" not in head


def test_whoever_is_signed_out_is_told_so_and_not_sent_to_a_page(vote, play, server, client):
    async def scenario(streams):
        return (await open_stream(server, path_of(vote, "participant"), "sessionid=made-up")).status

    assert play(scenario) == 401
    assert client.get(path_of(vote, "participant")).status_code == 302


def test_a_stream_holds_no_connection_and_no_thread(vote, play, ben, ada):
    import threading

    def backends():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
            )
            return cursor.fetchone()[0]

    async def scenario(streams):
        await (await streams.open(vote, "participant", ben)).message()
        threads = threading.active_count()
        for _number in range(6):
            await (await streams.open(vote, "participant", ada)).message()
        return threads

    threads = play(scenario)
    assert threading.active_count() <= threads + 1  # one more door may have been opened
    assert backends() <= 1


def test_streams_that_never_read_are_cut_off_and_hold_nobody_up(vote, play, server, cohort, ben, monkeypatch):
    monkeypatch.setattr(hub, "QUEUE_SIZE", 2)
    # So much that it does not fit into what the operating system keeps for a connection.
    monkeypatch.setattr(faces, "render_face", lambda state, face: f"{state.session.is_frozen} " + "x" * 1_000_000)
    people = [make_user(f"silent{number}@example.org") for number in range(10)]
    for person in people:
        cohort_services.join(user=person, cohort=cohort)
    host, port = server.removeprefix("http://").split(":")
    silent = []
    for person in people:
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect((host, int(port)))
        lines = f"GET {path_of(vote, 'participant')} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie_of(person)}\r\n\r\n"
        one.sendall(lines.encode())
        silent.append(one)

    async def scenario(streams):
        stream = await streams.open(vote, "participant", ben)
        await stream.message()
        await asyncio.sleep(1)
        delays = []
        for number in range(16):
            start = time.perf_counter()
            await in_thread(services.set_frozen, session=vote, frozen=number % 2 == 0)
            await stream.until(f"{number % 2 == 0} ")
            delays.append(time.perf_counter() - start)
        return delays

    delays = play(scenario)
    assert sorted(delays)[len(delays) // 2] < 2

    for one in silent:
        one.settimeout(10)
        last = b""
        while chunk := one.recv(1 << 20):
            last = chunk
        assert not last.endswith(b"\r\n0\r\n\r\n"), "it was ended as if it had been read"
        one.close()


def test_a_ninth_page_of_one_person_makes_the_first_ask_now_and_then(vote, play, ben):
    async def scenario(streams):
        first = await streams.open(vote, "participant", ben)
        await first.message()
        for _number in range(hub.STREAMS_PER_PERSON):
            await (await streams.open(vote, "participant", ben)).message()
        await first.message("enough")
        await first.end()

    play(scenario)


@pytest.mark.parametrize("reason", ["left", "signed out", "new password", "locked out", "no facilitator", "deleted"])
def test_whoever_may_look_no_longer_sees_no_more(vote, play, ada, ben, bens_membership, monkeypatch, reason):
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.3)
    person, face = (ada, "host") if reason == "no facilitator" else (ben, "participant")

    def happens():
        match reason:
            case "left":
                cohort_services.leave(membership=bens_membership)
            case "signed out":
                SignIn.objects.all().delete()
            case "new password":
                ben.set_password("another horse")
                ben.save()
            case "locked out":
                ben.is_active = False
                ben.save()
            case "no facilitator":
                Membership.objects.filter(user=ada).update(left_at=vote.created_at)
            case "deleted":
                tell(vote)
                Session.objects.all().delete()

    async def scenario(streams):
        fresh = hub.Hub()  # its check begins with the short pause
        monkeypatch.setattr("jmdi.streams.hub_here", lambda: fresh)
        stream = await streams.open(vote, face, person)
        await stream.message()
        await asyncio.sleep(0.8)
        await in_thread(happens)
        await stream.end()

    play(scenario)


def test_a_lost_listening_connection_comes_back_and_nothing_is_missed(vote, play, ben):
    def cut():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query IN ('LISTEN live_sessions', 'SELECT 1')"
                " AND pid <> pg_backend_pid()"
            )
            assert cursor.rowcount >= 1
        services.set_frozen(session=vote, frozen=True)

    async def scenario(streams):
        stream = await streams.open(vote, "participant", ben)
        await stream.message()
        await in_thread(cut)
        await stream.until("Everything stands still")

    play(scenario)


def test_a_face_that_cannot_be_shown_does_not_silence_the_others(vote, play, ada, ben, monkeypatch):
    whole = faces.render_face

    def broken(state, face):
        if face == "host" and state.session.is_frozen:
            raise ValueError("broken")
        return whole(state, face)

    monkeypatch.setattr(faces, "render_face", broken)

    async def scenario(streams):
        phone, console = await streams.open(vote, "participant", ben), await streams.open(vote, "host", ada)
        await phone.message()
        await console.message()
        await in_thread(services.set_frozen, session=vote, frozen=True)
        await phone.until("Everything stands still")
        await in_thread(services.set_frozen, session=vote, frozen=False)
        await console.message()

    play(scenario)


def test_nobody_is_taken_back_to_an_earlier_state():
    room = hub.Room()
    stream = hub.Stream(Look("session", "participant", Looker(1, "", "")))
    room.streams.add(stream)

    for version in (2, 1, 2, 3):
        room.spread("participant", version, str(version).encode())

    assert [stream.queue.get_nowait() for _number in range(stream.queue.qsize())] == [b"2", b"3"]


def test_no_text_can_begin_a_field_of_its_own():
    sent = hub.message(7, "a\r\nid: 9\revent: state\n\ndata: x").decode()

    assert sent == "id: 7\nevent: state\ndata: a\ndata: id: 9\ndata: event: state\ndata: \ndata: data: x\n\n"


# --- The process itself -------------------------------------------------------------------------------------


def start_process(port):
    """Start a server of its own on the test's database."""
    of = connection.settings_dict
    host = quote(of["HOST"] or "", safe="")
    url = f"postgres://{of['USER']}:{quote(of['PASSWORD'] or '')}@{host}:{of['PORT'] or ''}/{of['NAME']}"
    command = [sys.executable, "-m", "uvicorn", "jmdi.asgi:application", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(
        [*command, "--timeout-graceful-shutdown", "10"], cwd=ROOT, env={**os.environ, "DATABASE_URL": url}
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.05)
    process.kill()
    raise AssertionError("the server did not start")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.browser
def test_a_killed_process_costs_nobody_anything(vote, visit, ben, small):
    port = free_port()
    process = start_process(port)
    try:
        phone = visit(ben, width=360)
        phone.address = f"http://127.0.0.1:{port}"
        phone.sign_in(ben)
        phone.page.goto(phone.address + vote.get_absolute_url())
        choice = vote.phases.first().choices.first().pk
        phone.page.click(f"#dot-a-{choice}")
        phone.page.wait_for_selector(f"#dot-a-{choice}.is-placed")

        process.kill()
        process.wait()
        phone.page.wait_for_selector("[data-live-lost]:not([hidden])")
        services.go_to(session=vote, position=2, from_position=1)
        process = start_process(port)
        phone.page.wait_for_selector("h1:has-text('Talk')", timeout=5000)
        phone.page.wait_for_selector("[data-live-lost]", state="hidden")
        phone.page.close()
        phone.complaints = [words for words in phone.complaints if "net::ERR_" not in words]
    finally:
        process.kill()
        process.wait()
    assert vote.phases.first().dots.count() == 1


def test_a_process_that_is_told_to_stop_ends_its_streams_and_stops(vote, ben):
    port = free_port()
    process = start_process(port)

    async def scenario(streams):
        stream = await streams.open(vote, "participant", ben)
        await stream.message()
        process.send_signal(signal.SIGTERM)
        await stream.end()

    try:
        start = time.monotonic()
        run(f"http://127.0.0.1:{port}", scenario)
        process.wait(10)
        assert time.monotonic() - start < 10
    finally:
        process.kill()
        process.wait()


def test_the_bus_is_the_databases_own(vote):
    """Another program that listens hears of a change after its commit, and of none that is rolled back."""
    of = connection.settings_dict
    reach = {"host": of["HOST"], "port": of["PORT"], "user": of["USER"], "password": of["PASSWORD"]}
    with psycopg.connect(dbname=of["NAME"], autocommit=True, **{k: v for k, v in reach.items() if v}) as other:
        other.execute("LISTEN live_sessions")
        services.set_frozen(session=vote, frozen=True)
        services.set_frozen(session=vote, frozen=True)
        assert [notice.payload for notice in other.notifies(timeout=1)] == [vote.public_id]
