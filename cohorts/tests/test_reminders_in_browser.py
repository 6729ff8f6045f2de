"""A reminder from choosing people to the last mail, in a real browser: every page of it, phone and desk."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from accounts.tests.looking import blemishes
from cohorts import services
from cohorts.tests.people import make_participant, read_section
from conftest import make_user

pytestmark = pytest.mark.browser


def test_a_reminder_is_written_looked_at_sent_and_followed(visit, settings, cohort, ada):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    mutes, *_others = [services.join(user=make_user(f"p{n}@example.org"), cohort=cohort) for n in range(3)]
    services.mute_reminders(membership=mutes, mutes=True)
    visitor = visit(ada)

    page = visitor.open(f"{cohort.get_absolute_url()}reminders/?who=everybody")
    page.get_by_role("button", name="Show who gets it").click()
    expect(page.get_by_role("heading", name="2 people get this reminder")).to_be_visible()
    assert blemishes(page) == []

    page.get_by_role("button", name="Change it").click()
    page.get_by_label("Message").fill("See you on Monday.\nBring your figures.")
    page.get_by_role("button", name="Show who gets it").click()
    expect(page.get_by_text("Bring your figures.")).to_be_visible()
    page.get_by_role("button", name="Send to 2 people").click()
    expect(page.get_by_text("0 of 2 sent · 2 waiting")).to_be_visible()
    assert blemishes(page) == []

    call_command("worker", once=True)
    expect(page.get_by_text("2 of 2 sent")).to_be_visible(timeout=10_000)
    assert page.locator("[hx-get]").count() == 0

    page = visitor.open(f"{cohort.get_absolute_url()}reminders/")
    expect(page.get_by_text("2 of 2")).to_be_visible()
    assert blemishes(page) == []


def test_people_are_ticked_on_the_table_which_then_waits_with_its_news(visit, cohort, small, ada):
    people = [make_participant(cohort, name) for name in ("Ann", "Bob")]
    page = visit(ada).open(f"{cohort.get_absolute_url()}progress/")
    page.get_by_role("checkbox", name="Tick: Bob").check()
    read_section(small, people[0], 0)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("checkbox", name="Tick: Bob")).to_be_checked()

    page.get_by_role("button", name="Remind who is ticked").click()
    expect(page.get_by_label("1 person you chose")).to_be_checked()
    page.get_by_role("button", name="Show who gets it").click()

    expect(page.get_by_role("heading", name="1 person gets this reminder")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Bob", exact=True).first).to_be_visible()
