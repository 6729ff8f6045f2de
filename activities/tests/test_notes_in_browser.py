"""Activities 0a and 5 from start to results, in browsers of their own: a facilitator and three who take part."""

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from activities.live.state import state_of
from activities.models import CardField, Cluster, Session
from activities.tests.holding import bring, hold
from activities.tools import tool_of
from conftest import make_user
from courses.models import LearningObjective

pytestmark = pytest.mark.browser

KINDS = "Challenges\nOpportunities"


def results(session):
    state = state_of(Session.objects.with_course().get(pk=session.pk))
    return [
        render_to_string(f"activities/tools/{tool.name}/_results.html", {"results": tool.results(state, step)})
        for step in state.steps
        if (tool := tool_of(step))
    ]


def enter(visitor, session, face=""):
    visitor.page.goto(visitor.address + session.get_absolute_url() + face)
    return visitor.page


def _end(console):
    console.click("a:has-text('End the session')")
    console.click("button:has-text('End it for everybody')")


@pytest.fixture
def people(db, ben):
    return [ben, make_user("chipo@example.org", name="Chipo"), make_user("dina@example.org", name="Dina")]


def test_activity_5_from_start_to_results(small, cohort, ada, people, visit):
    session = hold(
        small,
        cohort,
        ada,
        [
            {"title": "Collect", "tool": "sticky-notes", "options": KINDS, "work": "groups"},
            {"title": "Read out", "tool": "sticky-notes", "options": KINDS, "work": "plenary", "per": "group"},
            {"title": "Sum up", "tool": "sticky-notes", "options": KINDS, "work": "plenary"},
        ],
    )
    attendances = bring(session, *people)
    for number, members in enumerate((attendances[:2], attendances[2:]), start=1):
        group = session.groups.create(number=number)
        for place, attendance in enumerate(members):
            group.seats.create(attendance=attendance, place=place)
    console, screen = enter(visit(ada), session, "host/"), enter(visit(ada), session, "screen/")
    ben, chipo = (enter(visit(user, width=360), session) for user in people[:2])
    dina = enter(visit(people[2], width=360, java_script_enabled=False), session)

    # What Chipo is typing stays, though others put their notes on the board meanwhile.
    chipo.fill("#note-text", "Half a thought")
    ben.fill("#note-text", "Nobody trusts the bank")
    ben.click("button.note-button:has-text('Challenges')")
    screen.wait_for_selector(".note:has-text('Nobody trusts the bank')")
    dina.fill("#note-text", "The bank asks for papers")
    dina.click("button.note-button:has-text('Challenges')")
    assert dina.input_value("#note-text") == ""
    chipo.wait_for_selector("summary:has-text('2 notes')")
    assert chipo.input_value("#note-text") == "Half a thought"
    chipo.fill("#note-text", "Know-how from abroad")
    chipo.click("button.note-button:has-text('Opportunities')")
    chipo.wait_for_selector("#live-mine .note:has-text('Know-how')")
    ben.click("text=Show what my group has added")
    # The notes are the group's: Ben mends Chipo's.
    ben.click("#live-mine .note:has-text('Know-how') summary")
    ben.fill("#live-mine .note:has-text('Know-how') textarea", "Know-how and ideas")
    ben.click("#live-mine .note:has-text('Know-how') button:has-text('Opportunities')")
    console.wait_for_selector("label:has-text('Know-how and ideas')")

    console.click("summary:has-text('Put similar notes together')")
    console.check("label:has-text('Nobody trusts the bank')")
    console.fill("#cluster", "Ba")
    chipo.fill("#note-text", "Patience")
    chipo.click("button.note-button:has-text('Opportunities')")
    console.wait_for_selector("label:has-text('Patience')")
    # What the facilitator has ticked and typed stays as well, and so does the place in the text.
    assert console.is_checked("label:has-text('Nobody trusts the bank')")
    console.keyboard.type("nks")
    assert console.input_value("#cluster") == "Banks"
    console.check("label:has-text('The bank asks for papers')")
    console.click("button:has-text('Put together')")
    screen.wait_for_selector("h4:has-text('Banks')")
    expect(console.get_by_label("Nobody trusts the bank")).not_to_be_checked()

    console.click("button:has-text('Next: Read out')")
    ben.wait_for_selector("h1:has-text('Read out')")
    console.wait_for_selector("h2:has-text('Read out')")
    console.click("text=Start the clock")
    console.click("button:has-text('Read the notes aloud')")
    read = []
    for number in range(1, 5):
        screen.wait_for_selector(f"figcaption:has-text('{number} of 4')")
        read.append(screen.inner_text(".note-words"))
        assert "Group" in screen.inner_text("figcaption")
        if number < 4:
            console.click("button:has-text('Next note')")
            console.wait_for_selector(f"figcaption:has-text('{number + 1} of 4')")
    assert read == ["Nobody trusts the bank", "Know-how and ideas", "Patience", "The bank asks for papers"]
    console.click("button:has-text('End reading aloud')")
    screen.wait_for_selector(".note-columns")

    console.click("button:has-text('Next: Sum up')")
    console.wait_for_selector("h2:has-text('Sum up')")
    console.wait_for_selector("[data-mine-phase='3']")
    console.fill("#summary", "Banks are the hurdle.")
    console.click("button:has-text('Save the summary')")
    screen.wait_for_selector(".notes-summary:has-text('Banks are the hurdle.')")
    console.reload()
    _end(console)
    ben.wait_for_selector("h1:has-text('This session has ended')")

    assert set(Cluster.objects.get().notes.values_list("group__number", flat=True)) == {1, 2}
    first, second, third = results(session)
    for words in (*read, "Banks", "Banks are the hurdle.", "Group 1", "Group 2"):
        assert words in first
    assert "went on with the notes of “Collect”" in second
    assert "went on with the notes of “Collect”" in third


def test_activity_0a_from_start_to_results(small, cohort, ada, people, visit):
    LearningObjective.objects.create(course=small.course, key="nexus", text="explain the nexus")
    session = hold(
        small,
        cohort,
        ada,
        [
            {"title": "Fill in", "tool": "cards"},
            {"title": "Present", "tool": "cards", "work": "plenary", "per": "person", "minutes": 2},
            {
                "title": "Expectations", "tool": "cards", "work": "plenary",
                "questions": ["expectations"], "options": "Met\nPartly\nNot here",
            },
            {"title": "Objectives", "tool": "cards", "work": "plenary", "questions": []},
        ],
        {"name-and-organization": "Who are you?", "expectations": "What do you expect?"},
    )  # fmt: skip
    bring(session, *people)
    console, screen = enter(visit(ada), session, "host/"), enter(visit(ada), session, "screen/")
    ben, chipo = (enter(visit(user, width=360), session) for user in people[:2])
    dina = enter(visit(people[2], width=360, java_script_enabled=False), session)

    # Ben draws a bridge, in two strokes.
    wish = ben.locator("[data-drawing]:has-text('What do you expect?')")
    wish.locator("textarea[name^=text]").fill("A bridge")
    wish.locator("summary").click()
    pad = wish.locator("[data-pad]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for height in (0.25, 0.5):
        ben.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * height)
        ben.mouse.down()
        ben.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * height, steps=5)
        ben.mouse.up()
    ben.click("text=Save my card")
    screen.wait_for_selector(".intro-card polyline >> nth=1", state="attached")
    drawing = CardField.objects.get(text="A bridge").drawing
    assert [len(stroke) for stroke in drawing] == [12, 12]
    assert [stroke[1] for stroke in drawing] == [75, 150]
    assert ben.locator("[data-pad] polyline").count() == 2

    assert dina.input_value("textarea[name^=text] >> nth=0") == "Dina"
    assert not dina.locator("[data-pad] >> visible=true").count()
    dina.fill("textarea[name^=text] >> nth=1", "To meet people")
    dina.click("text=Save my card")
    screen.wait_for_selector(".intro-card:has-text('To meet people')")
    console.click("button:has-text('Next: Present')")
    console.wait_for_selector("h2:has-text('Present')")
    console.click("text=Start the clock")
    chipo.wait_for_selector("h1:has-text('Present')")
    chipo.wait_for_selector("summary:has-text('Fill in my card')")
    chipo.click("summary:has-text('Fill in my card')")
    chipo.fill("textarea[name^=text] >> nth=1", "A whole wish")
    chipo.click("text=Save my card")

    console.click("text=Begin with the first person")
    for name, words in (("Ben", "A bridge"), ("Chipo", "A whole wish"), ("Dina", "To meet people")):
        screen.wait_for_selector(f"text=Now: {name}")
        assert words in screen.inner_text(".intro-card-big")
        console.wait_for_selector(f"text=Now: {name}")
        console.click("button:has-text('Next person')")
    screen.wait_for_selector("text=Everybody has presented.")

    console.click("button:has-text('Next: Expectations')")
    console.wait_for_selector("h2:has-text('Expectations')")
    for text, verdict, reason in (
        ("A bridge", "Met", "All topics."),
        ("A whole wish", "Not here", "Ask the bank."),
        ("To meet people", "Partly", "In breaks."),
    ):
        row = console.locator(f".sort-row:has-text('{text}')")
        row.locator("select").select_option(verdict)
        row.locator("input").fill(reason)
    console.click("text=Save and show to everybody")
    screen.wait_for_selector("section:has(h3:has-text('Not here')) .note:has-text('Ask the bank.')")
    console.click("button:has-text('Next: Objectives')")
    screen.wait_for_selector("text=explain the nexus")
    dina.reload()
    assert "In breaks." in dina.inner_text("main")
    _end(console)
    screen.wait_for_selector("h1:has-text('Thank you')")

    cards, _turns, expectations, objectives = results(session)
    for words in ("A bridge", "<polyline", "A whole wish", "To meet people", "Dina"):
        assert words in cards
    for words in ("Met", "All topics.", "Ask the bank.", "In breaks."):
        assert words in expectations
    assert "explain the nexus" in objectives
