"""Activity 6 with the course's own figure, from start to results: by dragging, by keys, without scripts, on paper."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from activities import services
from activities.models import Placing, Session, WalkNote
from activities.tests.coursefiles import course_phases, course_questions
from activities.tests.factories import seat_people
from activities.tests.holding import hold
from activities.tests.puzzling import key_in
from activities.tests.room import tab_to

pytestmark = pytest.mark.browser

FOLDER = "08-links-puzzle"
TABLES = (("Aya", "Bilal"), ("Chedi", "Dior"), ("Elhadj", "Fatou"))


def shot(page, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture
def session(small, cohort, ada) -> Session:
    """The activity with three groups of two; Elhadj and Fatou have no device."""
    session = hold(small, cohort, ada, course_phases(FOLDER), course_questions(FOLDER))
    for number, names in enumerate(TABLES, start=1):
        for membership in seat_people(session, *names):
            services.move_person(session=session, membership=membership, number=number)
    session.attendances.filter(membership__user__name__in=TABLES[2]).update(is_on_paper=True)
    return session


def drag(page, piece, place):
    page.wait_for_selector(piece)
    # In one go: what is the group's own is shown anew whenever somebody moves a piece.
    (x, y), (to_x, to_y) = page.evaluate(
        """(both) => {
            const [one, other] = both.map((selector) => document.querySelector(selector));
            document.querySelector("[data-puzzle]").scrollIntoView();
            one.scrollIntoView({ block: "nearest" });
            const boxes = [one, other].map((it) => it.getBoundingClientRect());
            return boxes.map((box) => [box.x + 12, box.y + box.height / 2]);
        }""",
        [piece, place],
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=5)
    page.mouse.up()


def holds(page, place, words):
    expect(page.locator(f"#place-{place}")).to_contain_text(words)


def test_activity_6_from_start_to_results(session, ada, server, visit):
    def enter(name, **options):
        user = session.attendances.get(membership__user__name=name).membership.user
        visitor = visit(user, **options)
        visitor.page.goto(visitor.address + session.get_absolute_url())
        return visitor

    console, screen = visit(ada).page, visit(ada, width=1920).page
    console.goto(server + reverse("session_host", args=[session.public_id]))
    screen.goto(server + reverse("session_screen", args=[session.public_id]))
    aya, bilal = enter("Aya").page, enter("Bilal", width=360).page
    chedi, lonely = enter("Chedi", java_script_enabled=False).page, enter("Dior", width=360, has_touch=True)
    dior, fatou = lonely.page, enter("Fatou", width=360).page
    enter("Elhadj")

    # Aya drags a piece, and what lay there goes back to the table; Bilal sees it and goes on by keys alone.
    piece = aya.locator(".piece", has_text="Territory of origin").get_attribute("data-piece")
    other = aya.locator(".piece", has_text="Territory of destination").get_attribute("data-piece")
    shot(aya, "puzzle-start")
    drag(aya, f".piece[data-piece='{other}']", "#place-1")
    holds(aya, 1, "Territory of destination")
    shot(aya, "puzzle-aya")
    drag(aya, f".piece[data-piece='{piece}']", "#place-1")
    holds(aya, 1, "Territory of origin")
    expect(aya.locator(f".piece[data-piece='{other}'] .piece-place")).to_have_count(0)
    holds(bilal, 1, "Territory of origin")
    tab_to(bilal, "[name=piece]")
    while not bilal.evaluate("value => document.activeElement.value === value", other):
        bilal.keyboard.press("ArrowRight")
    # Another's move in between does not take the choice away.
    drag(aya, "#place-1 .slot-number", "[data-tray]")
    expect(bilal.locator("#place-1 .slot-text")).to_have_count(0)
    assert bilal.locator(f"#piece-{other}").is_checked()
    tab_to(bilal, "#place-16")
    bilal.keyboard.press("Enter")
    holds(bilal, 16, "Territory of destination")
    holds(aya, 16, "Territory of destination")
    shot(bilal, "puzzle-bilal-360")
    aya.fill("#missing-text", "The diaspora's own press")
    aya.click("button:has-text('Add')")
    bilal.wait_for_selector(".missing-row:has-text('own press')")

    # Chedi has no scripts: a list, and a choice with a button. Dior loses the connection and catches up.
    chedi.check("[name=piece] >> nth=0")
    chedi.click("#place-3")
    chedi.select_option("#list-9", label=chedi.locator("#list-9 option", has_text="Migrants and").inner_text())
    chedi.click("#list-put-9")
    expect(chedi.locator("#place-9")).to_contain_text("Migrants and diasporas")
    holds(dior, 9, "Migrants and diasporas")
    lonely.context.set_offline(True)
    chedi.select_option("#list-5", label=chedi.locator("#list-5 option", has_text="decentralized").inner_text())
    chedi.click("#list-put-5")
    lonely.context.set_offline(False)
    holds(dior, 5, "decentralized cooperation")
    lonely.complaints.clear()  # of what was on its way when the connection was cut
    assert dior.locator("#place-1.is-filled").count() == 0
    shot(console, "puzzle-console")
    shot(screen, "puzzle-screen")

    # The third group works on paper; what it laid is keyed in.
    pieces = {row.place: row.piece for row in session.phases.get(position=1).puzzle_parts.all()}
    key_in(session, 1, {f"piece-3-{place}": str(piece) for place, piece in pieces.items() if place != 12})
    expect(screen.locator("text=Group 1: 1 of 16 pieces placed")).to_be_visible()

    console.click("button:has-text('Next: Walk round')")
    console.wait_for_selector("h2:has-text('Walk round')")
    console.click("text=Start the clock")
    screen.wait_for_selector("text=Stop 1 of 2")
    shot(screen, "walk-screen")
    aya.wait_for_selector("h2:has-text('Visit group 2 now')")
    aya.fill("[name=text-strength]", "You began with the people")
    aya.fill("[name=text-question]", "Where is the territory?")
    # What Bilal is typing stays, and what Aya has left stays as well.
    bilal.wait_for_selector("[name=text-question]")
    bilal.fill("[name=text-question]", "Why so empty?")
    aya.click("button:has-text('Leave it there')")
    expect(bilal.locator("textarea[name=text-question]")).to_have_value("Where is the territory?")
    bilal.wait_for_selector(".draft-text:has-text('Why so empty?')")
    fatou.wait_for_selector("h2:has-text('Visit group 1 now')")
    shot(fatou, "walk-360")
    shot(console, "walk-console")
    console.click("button:has-text('Next stop')")
    screen.wait_for_selector("text=Stop 2 of 2")
    aya.wait_for_selector("h2:has-text('Visit group 3 now')")
    console.click("button:has-text('Send all back')")
    dior.wait_for_selector("h2:has-text('You have visited group 1')")
    dior.wait_for_selector(".walk-note:has-text('Where is the territory?')")
    key_in(session, 2, {"strength-3-1": "Neat", "question-3-1": "Who are the press?", "question-3-2": "And laws?"})
    dior.fill(".walk-note:has-text('Where is the territory?') textarea", "We ran out of time.")
    dior.click(".walk-note:has-text('Where is the territory?') button")
    expect(screen.locator("text=Back at your own figure")).to_be_visible()
    aya.wait_for_selector("h2:has-text('You have visited group 2')")
    shot(dior, "walk-back-360")

    console.click("button:has-text('Next: Compare with the original')")
    screen.wait_for_selector("h3:has-text('The original')")
    console.click("button:has-text('Group 3')")
    screen.wait_for_selector("text=≠ marks 1 place that is different from the original.")
    shot(screen, "together-screen")
    fatou.wait_for_selector("h3:has-text('The original')")
    shot(fatou, "together-360")
    shot(console, "together-console")
    console.click(".walk-open .walk-note:has-text('And laws?') button:has-text('Discussed')")
    expect(console.locator(".walk-open .walk-note")).to_have_count(1)

    console.click("button:has-text('Next: Compare with your own context')")
    console.wait_for_selector("h2:has-text('Compare with your own context')")
    console.click("text=Start the clock")
    aya.wait_for_selector("#note-text")
    aya.fill("#note-text", "Our region has no budget for this")
    aya.click("button.note-button:has-text('Different')")
    screen.wait_for_selector(".note:has-text('Our region has no budget')")

    console.click("a:has-text('End the session')")
    console.click("button:has-text('End it for everybody')")
    aya.click("text=Our results")
    for words in ("own press", "decentralized cooperation", "We ran out of time.", "Who are the press?", "no budget"):
        expect(aya.locator(f":text('{words}') >> nth=0")).to_be_attached()
    shot(aya, "results")
    assert Placing.objects.filter(paper=None, group__number=1).count() == 1
    assert WalkNote.objects.filter(paper__isnull=False).count() == 3
