"""Activity 3 with the course's own content, from start to results, in browsers: see `room`."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from activities.models import Intervention
from activities.tests.room import PATIENCE_MS, Room, press, tab_to

pytestmark = pytest.mark.browser


def test_activity_3_from_start_to_results(visit):
    room = Room(visit, "3")
    room.open()
    room.begin()
    console, screen = room.console, room.screen
    aya, bilal, chedi, dior, elhadj, fatou = room.pages.values()
    add = "[data-mine-phase] form[action$='/add-factor/']"

    # Aya by keys, Bilal without scripts; the beam leans, and says so.
    tab_to(aya, "#factor-text")
    aya.keyboard.type("Wages of one's own")
    press(aya, f"{add} button:has-text('Empowerment')")
    screen.wait_for_selector(".note:has-text('Wages of one')")
    expect(screen.locator(".beam")).to_have_attribute("aria-label", "The balance leans to the side of: Empowerment")
    bilal.fill("#factor-text", "No papers")
    bilal.click(f"{add} button:has-text('Disempowerment')")
    screen.wait_for_selector(".note:has-text('No papers')")
    expect(screen.locator(".beam")).to_have_attribute("aria-label", "The balance is even.")

    # Chedi is cut off while typing; what others put there meanwhile is there afterwards, and so are the words.
    chedi.fill("#factor-text", "Debts for the journey")
    room.cut()
    dior.fill("#factor-text", "wages of one's OWN")
    dior.click(f"{add} button:has-text('Empowerment')")
    screen.wait_for_selector("text=2 stand behind it")
    room.mend()
    expect(chedi.locator("#factor-text")).to_have_value("Debts for the journey")
    chedi.click(f"{add} button:has-text('Disempowerment')")
    screen.wait_for_selector(".note:has-text('Debts for the journey')")
    # Fatou names an effect; it is set aside.
    fatou.fill("#factor-text", "More say at home")
    fatou.click(f"{add} button:has-text('Empowerment')")
    effect = console.locator(".console-now .note:has-text('More say at home')").first
    effect.locator("button:has-text('An effect')").click()
    screen.wait_for_selector("h3:has-text('Effects: what brings them about?')")
    # Two people in the room have written on paper.
    paper = room.facilitator.context.new_page()
    paper.goto(room.facilitator.address + reverse("session_paper_step", args=[room.session.public_id, 1]))
    paper.fill("#factors-1", "Networks of women\nA trade")
    paper.fill("#id_people", "2")
    paper.click("button:has-text('Key in')")
    paper.wait_for_selector("text=2 factors")
    screen.wait_for_selector(".note:has-text('A trade'):has-text('in the room')")
    console.locator(".console-now .note:has-text('Debts')").first.locator("button:has-text('Discuss')").click()
    screen.wait_for_selector(".note-words:has-text('Debts for the journey')")

    room.go_on()
    elhadj.wait_for_selector("#text-new")
    elhadj.fill("#text-new", "Fair loans for travel")
    elhadj.select_option("#level-new", "national")
    elhadj.select_option("#place-new", "origin")
    elhadj.fill("#responsible-new", "The ministry")
    elhadj.select_option("#factor-new", label="Debts for the journey")
    elhadj.click("button:has-text('Put it into the table')")
    screen.wait_for_selector("td .note:has-text('Fair loans'):has-text('Debts for the journey')")
    bilal.goto(room.facilitator.address + room.path)
    bilal.fill("#text-new", "Legal advice")
    bilal.select_option("#level-new", "community")
    bilal.select_option("#place-new", "both")
    bilal.click("button:has-text('Put it into the table')")
    expect(screen.locator("td .note:has-text('Legal advice')")).to_have_count(2, timeout=PATIENCE_MS)
    expect(screen.locator("h3:has-text('nobody has taken up yet') + ul li:has-text('Debts')")).to_have_count(0)
    assert Intervention.objects.get(level="national").factor.text == "Debts for the journey"

    room.end()
    words, file = room.results()
    for text in ("Networks of women", "No papers", "Fair loans for travel", "The ministry", "Legal advice"):
        assert text in words
        assert text in file
