"""Closing is polite: what somebody was writing is kept for them, and they are told."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from activities import services, tools
from activities.live import hub as hub_module
from activities.models import Draft, Session
from activities.tests.factories import make_session
from activities.tools.base import Tool
from conftest import signed_in


class Words(Tool):
    """A tool for these tests: people write, in a box that they send."""

    name = "dot-vote"
    taken: list[str] = []

    def __init__(self):
        self.actions = {"write": lambda move: self.taken.append(move.data["text"])}
        self.host_actions = {}

    def board(self, state, *, for_facilitators):
        return {}

    def mine(self, state, attendance):
        return {}

    def results(self, state, step):
        return {}


@pytest.fixture
def words(monkeypatch, settings, tmp_path) -> list[str]:
    """What was taken; the tool of the first phase is a box to write in."""
    folder = tmp_path / "activities" / "tools" / "dot-vote"
    folder.mkdir(parents=True)
    (folder / "_board.html").write_text("")
    (folder / "_results.html").write_text("")
    (folder / "_mine.html").write_text(
        '<form method="post" action="{% url "session_act" session.public_id "write" %}"'
        ' hx-post="{% url "session_act" session.public_id "write" %}" hx-target="#live-mine">'
        '{% include "activities/live/_token.html" %}<label for="box">Your idea</label>'
        '<textarea id="box" name="text"></textarea><button type="submit" id="send">Send</button></form>'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    tool = Words()
    tool.taken = []
    monkeypatch.setitem(tools._TOOLS, "dot-vote", tool)
    return tool.taken


@pytest.fixture
def session(small, cohort, ada, bens_membership, words) -> Session:
    session = make_session(small, cohort, ada)
    services.arrive(session=session, membership=bens_membership)
    return session


def write(client, session, text="A market on Fridays", **data):
    url = reverse("session_act", args=[session.public_id, "write"])
    return client.post(url, {"text": text, "phase": "1", **data})


def test_what_comes_too_late_is_kept_for_its_author_alone(session, words, as_ben, as_ada):
    over = session.phases.get(position=1).started_at + timedelta(minutes=11)
    with time_machine.travel(over, tick=False):
        refused = write(as_ben, session)
        again = write(as_ben, session)

        assert (refused.status_code, again.status_code) == (422, 422)
        assert "The time is over, so this was not taken. What you wrote is kept below" in refused.text
        assert "A market on Fridays" in as_ben.get(session.get_absolute_url()).text
        for page in ("", "host/", "screen/", "results/"):
            assert "A market on Fridays" not in as_ada.get(session.get_absolute_url() + page).text
    assert words == []
    assert Draft.objects.count() == 1


def test_what_was_written_for_a_phase_never_lands_in_the_next(session, words, as_ben):
    second = session.phases.get(position=2)
    second.phase.tool = "dot-vote"
    second.phase.save()
    services.go_to(session=session, position=2, from_position=1)
    services.resume(session=session)

    assert write(as_ben, session).status_code == 422
    assert words == []
    assert Draft.objects.get().run.position == 1


def test_a_session_that_ended_meanwhile_keeps_it_too(session, words, as_ben):
    services.end_session(session=session)

    assert write(as_ben, session).status_code == 422
    assert "A market on Fridays" in as_ben.get(session.get_absolute_url()).text


def test_a_draft_is_sent_when_the_phase_is_open_again(session, words, as_ben):
    services.set_frozen(session=session, frozen=True)
    write(as_ben, session, colour="green")
    draft = Draft.objects.get()
    services.set_frozen(session=session, frozen=False)
    page = as_ben.get(session.get_absolute_url()).text
    assert 'name="colour" value="green"' in page

    write(as_ben, session, draft=str(draft.public_id), colour="green")

    assert words == ["A market on Fridays"]
    assert not Draft.objects.exists()


def test_an_open_page_sends_what_was_never_sent(session, as_ben):
    services.go_to(session=session, position=2, from_position=1)
    url = reverse("session_draft", args=[session.public_id, 1, "write"])

    assert as_ben.post(url, {"text": "Half a thou"}, headers={"HX-Request": "true"}).status_code == 204
    assert "Half a thou" in as_ben.get(session.get_absolute_url()).text
    assert as_ben.post(reverse("session_draft", args=[session.public_id, 1, "no"]), {"text": "x"}).status_code == 404
    assert as_ben.post(reverse("session_draft", args=[session.public_id, 9, "write"]), {"text": "x"}).status_code == 404


def test_drafts_of_others_are_out_of_reach(session, as_ben, ada, as_cleo):
    services.go_to(session=session, position=2, from_position=1)
    as_ben.post(reverse("session_draft", args=[session.public_id, 1, "write"]), {"text": "Half a thou"})
    drop = reverse("session_draft_drop", args=[session.public_id, Draft.objects.get().public_id])

    assert as_cleo.post(drop).status_code == 404
    signed_in(ada).post(drop)
    assert Draft.objects.exists()
    as_ben.post(drop)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_written_is_no_draft(session, as_ben, text):
    services.set_frozen(session=session, frozen=True)

    write(as_ben, session, text)

    assert not Draft.objects.exists()


def test_nobody_fills_the_database_with_drafts(session, as_ben):
    services.go_to(session=session, position=2, from_position=1)
    url = reverse("session_draft", args=[session.public_id, 1, "write"])

    for number in range(services.drafts.DRAFTS_MAX + 3):
        as_ben.post(url, {"text": f"Idea {number}"})

    assert Draft.objects.count() == services.drafts.DRAFTS_MAX


@pytest.mark.browser
def test_what_is_being_typed_outlives_the_phase(session, visit, ben, ada):
    phone = visit(ben, width=360)
    phone.page.goto(phone.address + session.get_absolute_url())
    phone.page.fill("#box", "A market on Fri")
    # A change that leaves the box where it is leaves its words in it.
    services.set_frozen(session=session, frozen=True)
    phone.page.wait_for_selector("text=Everything stands still")
    phone.page.wait_for_timeout(500)
    assert phone.page.input_value("#box") == "A market on Fri"

    services.go_to(session=session, position=2, from_position=1)
    connection.close()
    phone.page.wait_for_selector("h1:has-text('Talk')")
    phone.page.wait_for_selector(".drafts :text('A market on Fri')")


@pytest.mark.browser
def test_offline_in_the_middle_costs_nothing_and_the_truth_is_shown_after(session, visit, ben, words):
    phone = visit(ben, width=360)
    phone.page.goto(phone.address + session.get_absolute_url())
    phone.page.fill("#box", "Written in a tunnel")
    phone.context.set_offline(True)
    phone.page.click("#send")
    services.go_to(session=session, position=2, from_position=1)
    phone.page.wait_for_timeout(2000)
    assert phone.page.input_value("#box") == "Written in a tunnel"

    phone.context.set_offline(False)
    phone.page.wait_for_selector("h1:has-text('Talk')", timeout=15000)
    phone.page.wait_for_selector(".drafts :text('Written in a tunnel')")
    assert words == []
    phone.complaints.clear()  # what htmx says of a request that did not get through


@pytest.mark.browser
def test_a_page_whose_streams_are_blocked_asks_instead(session, visit, ben):
    phone = visit(ben, width=360)
    phone.context.route("**/events/", lambda route: route.abort())
    phone.page.goto(phone.address + session.get_absolute_url())

    services.go_to(session=session, position=2, from_position=1)

    phone.page.wait_for_selector("h1:has-text('Talk')", timeout=15000)
    phone.page.wait_for_selector("[data-live-lost]", state="hidden")


@pytest.mark.browser
def test_without_javascript_everything_goes_by_forms_and_reloading(session, visit, ben, words):
    phone = visit(ben, width=360, java_script_enabled=False)
    page = phone.open(session.get_absolute_url())
    page.fill("#box", "A market on Fridays")
    page.click("#send")
    assert words == ["A market on Fridays"]

    page.fill("#box", "And one on Mondays")
    services.go_to(session=session, position=2, from_position=1)
    page.click("#send")

    assert page.locator("[role=alert]:has-text('This phase is over')").count() == 1
    assert page.locator(".drafts :text('And one on Mondays')").count() == 1
    assert page.locator("h1:has-text('Talk')").count() == 1


@pytest.mark.browser
def test_a_hidden_tab_lets_go_of_its_stream_and_shows_the_truth_when_it_is_back(session, visit, ben):
    phone = visit(ben, width=360)
    phone.page.goto(phone.address + session.get_absolute_url())
    hide = """(isHidden) => {
        Object.defineProperty(document, "hidden", { get: () => isHidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""

    def streams():
        phone.page.wait_for_timeout(800)
        return sum(len(hub) for hub in hub_module._hubs.values())

    assert streams() == 1
    phone.page.evaluate(hide, True)
    assert streams() == 0

    services.go_to(session=session, position=2, from_position=1)
    phone.page.evaluate(hide, False)
    phone.page.wait_for_selector("h1:has-text('Talk')")
    assert streams() == 1


@pytest.mark.browser
def test_whoever_is_signed_out_keeps_what_they_write_and_goes_on_after_signing_in(session, visit, ben, words):
    phone = visit(ben, width=360)
    phone.context.route("**/events/", lambda route: route.abort())
    phone.page.goto(phone.address + session.get_absolute_url())
    phone.page.fill("#box", "A market on Fridays")
    phone.context.clear_cookies()
    phone.page.wait_for_selector("[data-live-signed-out]:not([hidden])", timeout=15000)

    phone.sign_in(ben)

    phone.page.wait_for_selector("[data-live-signed-out]", state="hidden", timeout=15000)
    phone.page.wait_for_timeout(1000)
    assert phone.page.input_value("#box") == "A market on Fridays"
    with phone.page.expect_response("**/act/write/") as answer:
        phone.page.click("#send")
    assert answer.value.status == 200
    assert words == ["A market on Fridays"]
