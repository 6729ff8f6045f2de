"""Activity 0b with the course's own phases, from start to results: with scripts and without, by keys, and on paper."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from activities.models import Acquaintance, MeetingSeat
from activities.tests.coursefiles import course_phases, course_questions
from activities.tests.factories import seat_people
from activities.tests.holding import go_on, hold
from activities.tests.puzzling import key_in

pytestmark = pytest.mark.browser

NAMES = ("Aya", "Bilal", "Chedi", "Dior", "Elhadj", "Fatou", "Gamal")


def shot(page, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_activity_0b_from_start_to_results(small, cohort, ada, server, visit):
    folder = "02-introductions-acquainted"
    session = hold(small, cohort, ada, course_phases(folder), course_questions(folder))
    seat_people(session, *NAMES)
    session.attendances.filter(membership__user__name="Gamal").update(is_on_paper=True)
    go_on(session)

    def enter(name, **options):
        visitor = visit(session.attendances.get(membership__user__name=name).membership.user, **options)
        visitor.page.goto(visitor.address + session.get_absolute_url())
        return visitor

    console, screen = visit(ada).page, visit(ada, width=1920).page
    console.goto(server + reverse("session_host", args=[session.public_id]))
    screen.goto(server + reverse("session_screen", args=[session.public_id]))
    aya, bilal = enter("Aya", width=360).page, enter("Bilal").page
    chedi, lonely = enter("Chedi", java_script_enabled=False).page, enter("Dior")
    enter("Elhadj")
    enter("Fatou")

    aya.get_by_label("Bilal").check()
    aya.click("#know button")
    aya.wait_for_selector("#know")
    bilal.get_by_label("Fatou").focus()
    bilal.keyboard.press("Space")
    bilal.locator("#know button").focus()
    bilal.keyboard.press("Enter")
    chedi.get_by_label("Dior").check()
    chedi.click("#know button")
    expect(chedi.get_by_label("Dior")).to_be_checked()
    shot(aya, "know-360")

    console.fill("#rounds", "2")
    console.click("button:has-text('Make the schedule')")
    console.click("button:has-text('Begin the next round')")
    screen.wait_for_selector("h2:has-text('Round 1 of 2')")
    expect(screen.locator("table tbody tr")).to_have_count(3)
    aya.wait_for_selector("text=You meet")
    shot(aya, "round-360")
    shot(console, "round-console")
    shot(screen, "round-screen")
    lonely.context.set_offline(True)
    console.click("button:has-text('Begin the next round')")
    screen.wait_for_selector("h2:has-text('Round 2 of 2')")
    lonely.context.set_offline(False)
    lonely.page.wait_for_selector("h2:has-text('Round 2 of 2')")
    lonely.page.wait_for_selector("h2:has-text('Whom I met')")
    lonely.complaints.clear()  # of what was on its way when the connection was cut
    console.click("button:has-text('End the last round')")
    aya.wait_for_selector("text=All rounds are over")
    key_in(session, 2, {"rounds": "1"})

    console.click("button:has-text('Next: What we expect')")
    console.wait_for_selector("h2:has-text('What we expect')")
    console.click("text=Start the clock")
    aya.wait_for_selector("#note-text")
    aya.fill("#note-text", "Time to talk with others")
    aya.click("form:has(#note-text) button[type=submit] >> nth=0")
    screen.wait_for_selector(".note:has-text('Time to talk')")
    console.click("a:has-text('End the session')")
    console.click("button:has-text('End it for everybody')")
    aya.click("text=Our results")
    aya.wait_for_selector("text=2 rounds were held.")
    shot(aya, "results")
    assert Acquaintance.objects.count() == 3
    assert MeetingSeat.objects.count() == 14
