"""Activities 2, 4 and 8, the cases, with the course's own content, from start to results, in browsers: see `room`."""

import re

import pytest
from playwright.sync_api import expect

from activities.models import Correction, EarlierSheetText, SheetAnswer
from activities.tests.room import PATIENCE_MS, Room, press, tab_to

pytestmark = pytest.mark.browser


def box(key):
    return f"#sheet-{key}-text"


def holds(page, key, words):
    expect(page.locator(box(key))).to_have_value(re.compile(words), timeout=PATIENCE_MS)


def test_activity_2_from_start_to_results(visit):
    room = Room(visit, "2")
    why, home, changes = "structural-conditions", "conditions-at-home", "changes-at-origin"
    room.open()
    numbers = room.make_two_groups()
    mine, theirs = numbers["Aya"], numbers["Chedi"]
    console, screen = room.console, room.screen
    aya, bilal, chedi, dior, elhadj, fatou = room.pages.values()
    room.begin()
    dior.wait_for_selector(f"text=You are in group {mine}")
    # The story stands beside the questions.
    assert "Idriss" in bilal.inner_text("main")
    bilal.wait_for_selector(box(why))

    # Aya reports for the group, writes and saves by keys.
    press(aya, "#group-take-reporter")
    aya.wait_for_selector("#group-leave-reporter")
    dior.wait_for_selector("#my-group .badge:has-text('reports')")
    assert not dior.locator("#group-take-reporter").count()
    tab_to(aya, box(why))
    aya.keyboard.type("Drought in the valley.")
    # While it is typed the others see the pen and, without doing anything, the words.
    holds(dior, why, "Drought in the valley.")
    dior.wait_for_selector(f"#sheet-{why} .pen:has-text('Aya')")
    press(aya, f"#sheet-{why}-save")
    assert elhadj.input_value(box(why)) == ""
    # Bilal writes another answer with a plain form.
    bilal.fill(box(changes), "Fields lie fallow.")
    bilal.click(f"#sheet-{changes}-save")
    holds(dior, changes, "Fields lie fallow.")

    # Chedi is cut off: what is written meanwhile on both sides arrives afterwards.
    room.cut()
    chedi.fill(box(home), "Prices rise here too.")
    chedi.wait_for_selector(f"#sheet-{home} >> text=No connection.")
    fatou.fill(box(changes), "Money comes home.")
    fatou.wait_for_selector(f"#sheet-{changes} .is-saved:has-text('Saved')")
    dior.fill(box(why), "Drought in the valley, and debts.")
    dior.wait_for_selector(f"#sheet-{why} .is-saved:has-text('Saved')")
    room.mend()
    holds(elhadj, home, "Prices rise here too.")
    holds(chedi, changes, "Money comes home.")

    # Two write the same answer at once: both see both.
    elhadj.evaluate(
        "const send = fetch; fetch = (...all) => new Promise((go) => setTimeout(go, 300)).then(() => send(...all)); 0"
    )
    elhadj.fill(box(why), "He had no land.")
    fatou.fill(box(why), "He knew people in Paris.")
    for page in (elhadj, fatou):
        page.wait_for_selector(f"#sheet-{why} .is-saved, #sheet-{why} .conflict")
    late = elhadj if elhadj.locator(f"#sheet-{why} .conflict").count() else fatou
    late.click(f"#sheet-{why} >> text=Join both")
    for page in (elhadj, fatou):
        for words in ("He had no land.", "He knew people in Paris."):
            holds(page, why, words)

    # A group calls for help, and somebody comes.
    elhadj.click("text=Call for help")
    console.click(f"text=I go to group {theirs}")
    elhadj.wait_for_selector("text=Call for help")

    # The phase is left while somebody is typing: the words arrive all the same.
    dior.locator(box(home)).press_sequentially("And people leave.")
    room.session.refresh_from_db()
    console.click("button:has-text('Next: Present your answers')")
    dior.wait_for_selector("text=Saved, just in time.")
    assert SheetAnswer.objects.get(group__number=mine, question__key=home).text == "And people leave."

    # They present, five minutes each, one group after the other, and the facilitator adds something.
    console.click("text=Start the clock")
    console.click(f"text=Let group {min(mine, theirs)} present")
    console.click(f"text=Let group {max(mine, theirs)} present")
    screen.wait_for_selector(f"text=Group {max(mine, theirs)} presents")
    (aya if mine < theirs else chedi).wait_for_selector("text=Your group has had its turn")
    console.click(f"text=Back to group {min(mine, theirs)}")
    screen.wait_for_selector(f"text=Group {min(mine, theirs)} presents")
    console.click(f".actions button:has-text('Group {mine}'), .actions strong:has-text('Group {mine}')")
    screen.wait_for_selector("text=Drought in the valley, and debts.")
    assert screen.locator(".turn .clock").get_attribute("data-total") == "300"
    aya.wait_for_selector("text=you report for your group")
    console.click("text=Read the sheet, correct and add")
    console.fill(f"#correct-{why}", "The price of water, too.")
    console.click(f"#line-{why} >> text=Put beside the answer")
    screen.wait_for_selector("text=The price of water, too.")
    console.click(f".crumbs >> text={room.plan.title}")
    room.go_on()
    room.end()
    assert EarlierSheetText.objects.filter(text="Drought in the valley.").exists()
    words, file = room.results()
    for text in (
        "Drought in the valley, and debts.", "And people leave.", "Prices rise here too.", "Money comes home.",
        "He had no land.", "He knew people in Paris.", "Fields lie fallow.", "The price of water, too.",
    ):  # fmt: skip
        assert text in words
        assert text in file


@pytest.mark.parametrize("number", ["4", "8"])
def test_activities_4_and_8_from_start_to_results(visit, number):
    room = Room(visit, number)
    keys = [question["key"] for question in room.plan.phases[0].questions]
    assert len(keys) == 7
    room.open()
    numbers = room.make_two_groups()
    console, screen = room.console, room.screen
    aya, bilal, chedi, dior, elhadj, fatou = room.pages.values()
    room.begin()
    assert console.locator("#step-title ~ .clock").get_attribute("data-total") == str(30 * 60)

    tab_to(aya, box(keys[0]))
    aya.keyboard.type("By keys.")
    press(aya, f"#sheet-{keys[0]}-save")
    holds(dior, keys[0], "By keys.")
    bilal.fill(box(keys[1]), "By a plain form.")
    bilal.click(f"#sheet-{keys[1]}-save")
    holds(dior, keys[1], "By a plain form.")
    room.cut()
    chedi.fill(box(keys[2]), "Without a connection.")
    elhadj.fill(box(keys[6]), "The last answer.")
    elhadj.wait_for_selector(f"#sheet-{keys[6]} .is-saved:has-text('Saved')")
    room.mend()
    holds(fatou, keys[2], "Without a connection.")
    holds(chedi, keys[6], "The last answer.")
    expect(console.locator("td:has-text('2 of 7')")).to_have_count(2, timeout=PATIENCE_MS)

    # They go from table to table, in the order that the room wants: the second group first.
    room.go_on()
    order = sorted((numbers["Aya"], numbers["Chedi"]), reverse=True)
    shown = {numbers["Aya"]: "By a plain form.", numbers["Chedi"]: "The last answer."}
    for group in order:
        console.click(f"li >> button:has-text('Group {group}')")
        screen.wait_for_selector(f"text=Group {group} presents")
        screen.wait_for_selector(f".turn-sheet >> text={shown[group]}")
    console.click("text=Read the sheet, correct and add")
    console.fill(f"#correct-{keys[0]}", "Mind the law of 2015.")
    console.click(f"#line-{keys[0]} >> text=Put beside the answer")
    screen.wait_for_selector("text=Mind the law of 2015.")
    console.click(f".crumbs >> text={room.plan.title}")
    room.end()
    assert Correction.objects.count() == 1
    words, file = room.results()
    for text in (
        "By keys.", "By a plain form.", "Without a connection.", "The last answer.", "Mind the law of 2015.",
    ):  # fmt: skip
        assert text in words
        assert text in file
