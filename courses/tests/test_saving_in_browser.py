"""Writing that survives what happens to browsers: lost connections, ended sessions, second windows, closed tabs."""

import re
import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Error, expect

from conftest import signed_in
from courses.models import Answer, EarlierText

SECTION = "/courses/core/challenges/section-1/"
PAGE = "What about 1?"
LONG = ("Wörter, كلمات, 言葉 👩‍👩‍👧 — " * 400)[:5_000]

pytestmark = pytest.mark.browser


@pytest.fixture
def writer(visit, small, enrolment, ben):
    visitor = visit(ben)
    visitor.open(SECTION)
    return visitor


def box(visitor):
    return visitor.page.get_by_label(PAGE)


def state(visitor):
    return visitor.page.locator("[data-state]").first


def crash(visitor):
    """End the page's process: it gets no chance to say goodbye."""
    with suppress(Error):
        visitor.page.goto("chrome://crash")
    visitor.page.close()


def wait_until_saved(visitor):
    expect(state(visitor)).to_contain_text(re.compile(r"Saved \d"), timeout=20_000)


def test_a_text_is_saved_a_second_after_the_last_key(writer):
    box(writer).press_sequentially("Our town grows.", delay=10)

    wait_until_saved(writer)
    assert Answer.objects.get().text == "Our town grows."


def test_a_text_is_saved_while_somebody_types_without_a_pause(writer):
    page = writer.page
    page.clock.install()
    for _second in range(22):
        box(writer).press_sequentially("a")
        page.clock.run_for(500)
    expect(state(writer)).to_contain_text(re.compile(r"Saved \d"))

    assert "aaa" in Answer.objects.get().text


def test_the_box_being_typed_in_is_never_touched(writer):
    box(writer).fill("one two three")
    box(writer).evaluate("field => field.setSelectionRange(4, 7)")
    wait_until_saved(writer)

    assert box(writer).evaluate("field => [field.selectionStart, field.selectionEnd]") == [4, 7]
    assert box(writer).evaluate("field => field === document.activeElement")


def test_leaving_the_page_saves_what_was_just_typed(writer):
    box(writer).fill("typed and gone")
    writer.open("/")

    writer.open(SECTION)
    assert box(writer).input_value() == "typed and gone"
    assert Answer.objects.get().text == "typed and gone"


@pytest.mark.parametrize("seconds", [1, 30, 600])
def test_a_lost_connection_loses_nothing(writer, seconds):
    page = writer.page
    page.clock.install()
    writer.context.set_offline(True)
    for start in range(0, len(LONG), 500):
        box(writer).evaluate(
            """(field, text) => { field.value += text; field.dispatchEvent(new Event("input", {bubbles: true})) }""",
            LONG[start : start + 500],
        )
        page.clock.run_for(seconds * 100)
    if seconds > 5:
        expect(state(writer)).to_contain_text("Not saved, kept on this device: your connection")
    writer.context.set_offline(False)
    page.clock.run_for(6_000)

    wait_until_saved(writer)
    assert Answer.objects.get().text == LONG


def test_a_failing_server_is_told_apart_from_a_failing_connection(writer):
    writer.page.route("**/answers/**", lambda route: route.fulfill(status=503, body="down"))
    box(writer).fill("kept")
    expect(state(writer)).to_contain_text("Not saved, kept on this device: our server")

    writer.page.unroute("**/answers/**")
    wait_until_saved(writer)


def test_a_text_that_was_not_saved_is_offered_after_a_crash_and_not_forced(writer, visit):
    writer.context.set_offline(True)
    box(writer).fill("written before the crash")
    expect(state(writer)).to_contain_text("Not saved")
    crash(writer)
    writer.context.set_offline(False)

    writer.page = writer.context.new_page()
    writer.open("/")
    writer.page.get_by_role("link", name="Open and save it").click()
    assert box(writer).input_value() == ""
    writer.page.get_by_role("button", name="Use it").click()

    wait_until_saved(writer)
    assert Answer.objects.get().text == "written before the crash"
    writer.open("/")
    assert not writer.page.locator("[data-kept-bar]").is_visible()


def test_an_offered_text_does_not_overwrite_what_was_saved_elsewhere_meanwhile(writer, visit, ben):
    writer.context.set_offline(True)
    box(writer).fill("on the train")
    expect(state(writer)).to_contain_text("Not saved")
    crash(writer)
    office = visit(ben)
    office.open(SECTION)
    box(office).fill("in the office")
    wait_until_saved(office)
    writer.context.set_offline(False)

    writer.page = writer.context.new_page()
    writer.open(SECTION)
    writer.page.get_by_role("button", name="Use it").click()
    expect(state(writer)).to_contain_text("in the office")
    writer.page.get_by_role("button", name="Join both").click()

    wait_until_saved(writer)
    assert box(writer).input_value() == "in the office\n\non the train" == Answer.objects.get().text


def test_two_windows_end_in_a_choice_and_both_texts_stay(writer, visit, ben):
    phone = visit(ben, width=360)
    phone.open(SECTION)
    box(phone).fill("from the phone")
    wait_until_saved(phone)

    box(writer).fill("from the laptop")
    expect(state(writer)).to_contain_text("from the phone")
    assert box(writer).input_value() == "from the laptop"
    writer.page.get_by_role("button", name="Keep mine").click()

    wait_until_saved(writer)
    assert Answer.objects.get().text == "from the laptop"
    assert "from the phone" in EarlierText.objects.values_list("text", flat=True)


def test_typing_on_in_a_conflict_chooses_nothing(writer, visit, ben):
    phone = visit(ben, width=360)
    phone.open(SECTION)
    box(phone).fill("from the phone")
    wait_until_saved(phone)
    writer.page.route("**/answers/**", slowly)

    box(writer).fill("from the laptop")
    writer.page.wait_for_timeout(1_300)
    box(writer).press_sequentially(", and more")
    expect(state(writer)).to_contain_text("from the phone")
    writer.page.wait_for_timeout(2_500)

    assert Answer.objects.get().text == "from the phone"
    assert box(writer).input_value() == "from the laptop, and more"


def test_a_choice_whose_reply_is_lost_is_made_all_the_same(writer, visit, ben):
    phone = visit(ben, width=360)
    phone.open(SECTION)
    box(phone).fill("from the phone")
    wait_until_saved(phone)
    box(writer).fill("from the laptop")
    expect(state(writer)).to_contain_text("from the phone")

    writer.page.route("**/answers/**", lambda route: (route.fetch(), route.abort()), times=1)
    writer.page.get_by_role("button", name="Keep the other").click()

    wait_until_saved(writer)
    assert box(writer).input_value() == Answer.objects.get().text == "from the phone"


def test_words_typed_beside_an_offered_text_take_nothing_from_it(writer):
    writer.context.set_offline(True)
    box(writer).fill("written before the crash")
    expect(state(writer)).to_contain_text("Not saved")
    crash(writer)
    writer.context.set_offline(False)
    writer.page = writer.context.new_page()
    writer.open(SECTION)

    box(writer).fill("new words")
    wait_until_saved(writer)
    writer.open(SECTION)
    writer.page.get_by_role("button", name="Use it").click()

    assert box(writer).input_value() == "written before the crash"


def test_an_answer_that_is_not_ours_has_saved_nothing(writer):
    writer.page.route("**/answers/**", lambda route: route.fulfill(status=200, body="<p>Welcome to our hotel</p>"))
    box(writer).fill("behind a gateway")

    expect(state(writer)).to_contain_text("Not saved, kept on this device")
    writer.page.unroute("**/answers/**")
    wait_until_saved(writer)
    assert Answer.objects.get().text == "behind a gateway"


def slowly(route):
    time.sleep(0.8)
    route.continue_()


def test_an_upload_that_is_cut_off_saves_nothing(writer, server, ben):
    box(writer).fill("whole")
    wait_until_saved(writer)
    session = signed_in(ben).cookies[settings.SESSION_COOKIE_NAME].value
    token = "a" * 32
    body = f"csrfmiddlewaretoken={token}&version=1&text=cut"
    head = (
        f"POST /courses/core/challenges/answers/context/question-1/ HTTP/1.1\r\nHost: localhost\r\n"
        f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body) + 500}\r\n\r\n"
    )
    address = urlsplit(server)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall((head + body).encode())
        connection.shutdown(socket.SHUT_WR)
        time.sleep(1)

    assert Answer.objects.get().text == "whole"


# --- Sessions -----------------------------------------------------------------------------------------------


def sign_in_on_the_panel(visitor, email):
    visitor.page.get_by_role("dialog").get_by_label("E-mail address").fill(email)
    visitor.page.get_by_role("dialog").get_by_label("Password").fill("correct horse battery")
    visitor.page.get_by_role("dialog").get_by_role("button", name="Sign in", exact=True).click()


def test_the_session_ends_while_writing_and_its_author_signs_in_over_the_page(writer):
    Session.objects.all().delete()
    box(writer).fill(LONG)

    expect(writer.page.get_by_role("dialog", name="You are signed out")).to_be_visible()
    expect(state(writer)).to_contain_text("Not saved, kept on this device: you are signed out")
    sign_in_on_the_panel(writer, "ben@example.org")

    wait_until_saved(writer)
    assert not writer.page.get_by_role("dialog").is_visible()
    assert box(writer).input_value() == LONG == Answer.objects.get().text


def test_who_began_to_write_offline_and_is_signed_out_meanwhile_is_asked_to_sign_in(writer):
    writer.context.set_offline(True)
    box(writer).fill("begun in a tunnel")
    expect(state(writer)).to_contain_text("your connection")
    Session.objects.all().delete()
    writer.context.set_offline(False)

    expect(writer.page.get_by_role("dialog", name="You are signed out")).to_be_visible(timeout=15_000)
    sign_in_on_the_panel(writer, "ben@example.org")
    wait_until_saved(writer)
    assert Answer.objects.get().text == "begun in a tunnel"


def test_a_wrong_password_on_the_panel_says_so(writer, cleo):
    Session.objects.all().delete()
    box(writer).fill("words")
    writer.page.get_by_role("dialog").get_by_label("E-mail address").fill("ben@example.org")
    writer.page.get_by_role("dialog").get_by_label("Password").fill("wrong")
    writer.page.get_by_role("dialog").get_by_role("button", name="Sign in", exact=True).click()

    expect(writer.page.get_by_role("alert")).not_to_be_empty()


def test_somebody_else_who_signs_in_sees_nothing_of_it_and_gets_nothing_of_it(writer, cleo):
    Session.objects.all().delete()
    box(writer).fill("Ben's own words")
    sign_in_on_the_panel(writer, "cleo@example.org")

    expect(writer.page.locator(".menu-name")).to_have_text("Cleo")
    assert "Ben's own words" not in writer.page.content()
    assert not Answer.objects.exists()
    writer.open(SECTION)
    assert not writer.page.get_by_role("button", name="Use it").is_visible()
    assert not writer.page.locator("[data-kept-bar]").is_visible()


def test_its_author_finds_it_again_on_this_device(writer, ben, cleo):
    Session.objects.all().delete()
    box(writer).fill("Ben's own words")
    expect(state(writer)).to_contain_text("you are signed out")
    writer.sign_in(cleo)
    writer.open(SECTION)

    writer.sign_in(ben)
    writer.open(SECTION)
    writer.page.get_by_role("button", name="Use it").click()

    wait_until_saved(writer)
    assert Answer.objects.get().text == "Ben's own words"


def test_signing_out_with_everything_saved_just_signs_out(writer):
    box(writer).fill("saved")
    wait_until_saved(writer)
    writer.page.locator(".menu summary").click()
    writer.page.get_by_role("button", name="Sign out").click()

    expect(writer.page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert writer.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft'))") == []


def test_signing_out_with_something_unsaved_asks_first(writer):
    writer.page.route("**/answers/**", lambda route: route.fulfill(status=503, body="down"))
    box(writer).fill("not saved")
    expect(state(writer)).to_contain_text("Not saved")
    writer.page.locator(".menu summary").click()
    writer.page.get_by_role("button", name="Sign out").click()
    expect(writer.page.get_by_role("dialog", name="Not everything is saved")).to_be_visible()

    writer.page.get_by_role("button", name="Sign out and throw it away").click()

    expect(writer.page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert writer.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft'))") == []


# --- Devices ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_a_day_off_changes_nothing(writer, days):
    writer.page.clock.install(time=f"2026-01-{15 + days:02}T12:00:00")
    writer.open(SECTION)
    box(writer).fill("whatever my clock says")
    writer.page.clock.run_for(1_500)

    wait_until_saved(writer)
    assert Answer.objects.get().text == "whatever my clock says"


def test_a_browser_that_keeps_nothing_says_so(visit, small, enrolment, ben):
    visitor = visit(ben)
    visitor.context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full') }")
    visitor.open(SECTION)
    visitor.page.route("**/answers/**", lambda route: route.fulfill(status=503, body="down"))
    box(visitor).fill("nowhere")

    expect(state(visitor)).to_contain_text("this browser keeps no copy")


def test_who_may_read_it_is_saved_when_it_is_chosen(writer):
    box(writer).fill("for my cohort")
    wait_until_saved(writer)
    with writer.page.expect_response("**/answers/**"):
        writer.page.get_by_label("My facilitators and my cohort").first.check()

    assert Answer.objects.get().audience == "cohort"
    writer.open(reverse("my_answers"))
    assert writer.page.get_by_text("My facilitators and my cohort").is_visible()
