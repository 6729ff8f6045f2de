"""A case with a facilitator and six participants, from its start to what is left of it, in seven browsers."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from activities.models import EarlierSheetText, Session, SheetAnswer
from activities.tests.factories import make_case
from cohorts.tests.people import make_participant

pytestmark = pytest.mark.browser

NAMES = ["Aya", "Bilal", "Chedi", "Dior", "Elhadj", "Fatou"]
WHY, HOME = "#sheet-why-text", "#sheet-home-text"


@pytest.fixture
def case(small, cohort, ada) -> Session:
    return make_case(small, cohort, ada)


def group_of(page) -> str:
    """Return the number of the group that a page says its reader is in."""
    return re.search(r"\d+", page.inner_text("#my-group-title"))[0]


def tab_to(page, selector):
    """Go to something by the Tab key alone."""
    for _step in range(80):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def test_six_people_work_on_a_case_in_two_groups_and_present(visit, case, ada):
    people = {name: make_participant(case.cohort, name) for name in NAMES}
    visitors = {name: visit(people[name].user, width=360 if name == "Aya" else 1280) for name in NAMES}
    pages = {name: visitor.page for name, visitor in visitors.items()}
    console, screen = visit(ada), visit(ada, width=1920)
    for visitor in visitors.values():
        visitor.page.goto(visitor.address + case.get_absolute_url())
        visitor.page.wait_for_selector("[data-live-arrive]", state="detached")
    console.page.goto(console.address + reverse("session_host", args=[case.public_id]))
    screen.page.goto(screen.address + reverse("session_screen", args=[case.public_id]))

    # Groups are made before it begins; everybody sees theirs as soon as it does.
    console.page.click(".console-links >> text=Groups")
    console.page.check("input[value=number]")
    console.page.fill("#id_number", "2")
    console.page.click("button:has-text('Make groups')")
    console.page.wait_for_selector("h2:has-text('Group 2')")
    console.page.click(".crumbs >> text=Console")
    console.page.click("button:has-text('Begin')")
    tables: dict[str, list[str]] = {}
    for name, page in pages.items():
        page.wait_for_selector("#my-group-title")
        tables.setdefault(group_of(page), []).append(name)
    assert sorted(map(len, tables.values())) == [3, 3]
    assert pages["Aya"].locator("text=Writing begins when").count() == 1
    console.page.click("text=Start the clock")
    for page in pages.values():
        page.wait_for_selector(WHY)

    # One of the first group goes by keyboard alone: reports, writes, saves.
    first, second, third = tables["1"]
    keys = pages[first]
    tab_to(keys, "#group-take-reporter")
    keys.keyboard.press("Enter")
    keys.wait_for_selector("#group-leave-reporter")
    pages[second].wait_for_selector("#my-group .badge:has-text('reports')")
    assert pages[second].locator("#group-take-reporter").count() == 0
    tab_to(keys, WHY)
    keys.keyboard.type("Drought in the valley.")
    # While it is typed the others see the pen and, without doing anything, the words.
    expect(pages[second].locator(WHY)).to_have_value("Drought in the valley.", timeout=20_000)
    pages[second].wait_for_selector(f"#sheet-why .pen:has-text('{first}')")
    tab_to(keys, "#sheet-why-save")
    keys.keyboard.press("Enter")
    assert pages[tables["2"][0]].input_value(WHY) == ""

    # One is offline for a while: what is typed meanwhile arrives afterwards, beside what others wrote elsewhere.
    lonely = visitors[third]
    lonely.context.set_offline(True)
    lonely.page.fill(HOME, "Prices rise here too.")
    lonely.page.wait_for_selector("#sheet-home >> text=No connection.")
    pages[second].fill(WHY, "Drought in the valley, and debts.")
    pages[second].wait_for_selector("#sheet-why .is-saved:has-text('Saved')")
    lonely.page.wait_for_timeout(5000)
    lonely.context.set_offline(False)
    expect(pages[first].locator(HOME)).to_have_value("Prices rise here too.", timeout=20_000)
    expect(lonely.page.locator(WHY)).to_have_value("Drought in the valley, and debts.", timeout=20_000)

    # Two write the same answer of the second group at once: both see both.
    one, other, _rest = (pages[name] for name in tables["2"])
    one.evaluate(
        "const send = fetch; fetch = (...all) => new Promise((go) => setTimeout(go, 300)).then(() => send(...all)); 0"
    )
    one.fill(WHY, "He had no land.")
    other.fill(WHY, "He knew people in Paris.")
    one.wait_for_selector("#sheet-why .is-saved, #sheet-why .conflict")
    other.wait_for_selector("#sheet-why .is-saved, #sheet-why .conflict")
    late = one if one.locator("#sheet-why .conflict").count() else other
    late.click("#sheet-why >> text=Join both")
    for page in (one, other):
        for text in ("He had no land.", "He knew people in Paris."):
            expect(page.locator(WHY)).to_have_value(re.compile(text), timeout=20_000)

    # A group calls for help, and somebody comes.
    one.click("text=Call for help")
    console.page.click("text=I go to group 2")
    one.wait_for_selector("text=Call for help")

    # The phase is left while somebody is typing: the words arrive all the same.
    pages[second].locator(HOME).press_sequentially(" And people leave.")
    console.page.click("text=Next: Present")
    pages[second].wait_for_selector("text=Saved, just in time.")
    assert SheetAnswer.objects.get(group__number=1, question__key="home").text.endswith("And people leave.")

    # The groups present, one after the other, and the facilitator adds something.
    console.page.click("text=Start the clock")
    console.page.click("text=Let group 1 present")
    screen.page.wait_for_selector("text=Group 1 presents")
    screen.page.wait_for_selector("text=Drought in the valley, and debts.")
    screen.page.wait_for_selector(".turn .clock")
    pages[first].wait_for_selector("text=you report for your group")
    console.page.click("text=Read the sheet, correct and add")
    console.page.fill("#correct-why", "The price of water, too.")
    console.page.click("#line-why >> text=Put beside the answer")
    screen.page.wait_for_selector("text=The price of water, too.")
    console.page.click("text=A case")
    console.page.click("text=Let group 2 present")
    screen.page.wait_for_selector("text=Group 2 presents")
    screen.page.wait_for_selector("text=He had no land.")
    pages[first].wait_for_selector("text=Your group has had its turn")

    console.page.click("a:has-text('End the session')")
    console.page.click("button:has-text('End it for everybody')")
    for page in pages.values():
        page.wait_for_selector("text=This session has ended")
    answers = dict(SheetAnswer.objects.values_list("group__number", "text").filter(question__key="why"))
    assert answers[1] == "Drought in the valley, and debts."
    assert EarlierSheetText.objects.filter(text="Drought in the valley.").exists()
