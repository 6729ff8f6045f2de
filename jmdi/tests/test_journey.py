"""The whole way in a browser: sign in, read, answer, mark, see how far one is, leave, come back and find it all."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def sign_in(page, email):
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("textbox", name="Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_participant_works_leaves_and_finds_everything_again(visit, small, ben):
    visitor = visit(width=360)
    page = visitor.open("/")
    sign_in(page, "ben@example.org")
    page.get_by_role("button", name="Start the course").click()
    for place in ("1.1", "1.2", "2.1"):
        if place.endswith(".1"):
            page.get_by_role("link", name=f"Begin: {place}").click()
        expect(page.locator(".page-number")).to_have_text(place)
        if place == "1.1":
            page.get_by_label("What about 1?").fill("Our town grows.")
            page.get_by_role("button", name="Save").first.click()
            expect(page.locator(".is-saved").first).to_be_visible()
        page.get_by_role("button", name="Mark as done").click()
        if place == "1.2":
            page.get_by_role("link", name="To the end of the topic").click()
            page.get_by_role("link", name="Next topic").click()
        else:
            page.get_by_role("link", name="Go on:").click()
    page.get_by_role("link", name="JMDI Learning").click()
    expect(page.get_by_text("3 of 4 sections done, 1 of 2 questions answered")).to_be_visible()

    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "ben@example.org")
    page.get_by_role("link", name="Continue: 2.2").click()
    expect(page.locator(".page-number")).to_have_text("2.2")
    page.get_by_role("link", name="My answers").first.click()
    expect(page.get_by_text("Our town grows.")).to_be_visible()


def test_what_an_editor_changes_is_what_a_participant_reads_next(visit, small, enrolment, ben, dag):
    reader, editor = visit(ben), visit(dag)
    section = "/courses/core/challenges/section-2/"
    expect(reader.open(section).get_by_text("Reading about challenges.")).to_be_visible()

    page = editor.open(section)
    page.get_by_role("link", name="Edit this page").click()
    page.get_by_label("Text", exact=False).first.fill("A better sentence.")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(reader.open(section).get_by_text("A better sentence.")).to_be_visible()
