"""Activities 7 and 9 from start to results, on the course's own content, in browsers of their own."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from activities.live.state import state_of
from activities.models import Asking, Example, Outcome, PaperEntry, Session
from activities.services.sessions import tell
from activities.tests.coursefiles import course_headings, course_phases, course_questions
from activities.tests.holding import bring, hold
from activities.tests.room import tab_to
from activities.tools import tool_of
from activities.tools.base import Keyed
from conftest import make_user

pytestmark = pytest.mark.browser

NAMES = ("Amina", "Bilal", "Chedi", "Dior", "Elif", "Fatou")


def key_in(session: Session, data: dict[str, str]) -> None:
    """Key in paper of the present phase, as those who facilitate do."""
    state = state_of(Session.objects.with_course().get(pk=session.pk))
    entry = PaperEntry.objects.create(run=state.step.run)
    entry.summary = tool_of(state.step).key_in(Keyed(state, state.step, entry, data))
    entry.save()
    tell(session)


def start(small, cohort, ada, folder: str) -> Session:
    session = hold(small, cohort, ada, course_phases(folder), course_questions(folder))
    bring(session, *(make_user(f"{name.lower()}@example.org", name=name) for name in NAMES))
    session.attendances.filter(membership__user__name__in=("Elif", "Fatou")).update(is_on_paper=True)
    return session


def people_of(session: Session) -> dict[str, User]:
    """Return the people in the session by their names."""
    rows = session.attendances.select_related("membership__user")
    return {row.membership.user.name: row.membership.user for row in rows}


def enter(visitor, session: Session, face: str = "") -> Page:
    visitor.page.goto(visitor.address + session.get_absolute_url() + face)
    return visitor.page


def end(console: Page) -> None:
    console.click("a:has-text('End the session')")
    console.click("button:has-text('End it for everybody')")


def test_activity_7_from_start_to_results(small, cohort, ada, visit):
    session = start(small, cohort, ada, "09-local-initiatives")
    people = {
        row.membership.user.name: row.membership.user for row in session.attendances.select_related("membership__user")
    }
    console, screen = enter(visit(ada), session, "host/"), enter(visit(ada, width=1920), session, "screen/")
    amina, bilal = enter(visit(people["Amina"], width=360), session), enter(visit(people["Bilal"], width=360), session)
    chedi = enter(visit(people["Chedi"], width=360, java_script_enabled=False), session)
    dior = enter(visit(people["Dior"], width=360), session)
    boards = "Diaspora expert boards, elected or appointed representatives"

    # Amina writes all of it; what she chose and typed outlives a stop of the room.
    amina.select_option("#part", boards)
    amina.fill("#text-what", "Council of migrants")
    amina.fill("#text-place", "Sfax")
    console.click("button:has-text('Freeze')")
    amina.wait_for_selector("text=Everything stands still")
    console.click("button:has-text('Let them go on')")
    expect(amina.locator("text=Everything stands still")).to_have_count(0)
    expect(amina.locator("#part")).to_have_value(boards)
    expect(amina.locator("#text-what")).to_have_value("Council of migrants")
    amina.fill("#text-lesson", "Elect, do not appoint")
    amina.click("button:has-text('Pin it to the figure')")
    amina.wait_for_selector("#live-mine .note:has-text('Council of migrants')")
    # Bilal by keys alone, and keeps it to himself.
    tab_to(bilal, "#part")
    bilal.keyboard.type("Legal")
    tab_to(bilal, "#text-what")
    bilal.keyboard.type("An office that failed")
    tab_to(bilal, "#pin-keep")
    bilal.keyboard.press("Space")
    tab_to(bilal, "#live-mine form button")
    bilal.keyboard.press("Enter")
    bilal.wait_for_selector("text=You keep it to yourself.")
    # Chedi without scripts; Dior loses the connection, and what is typed stays.
    chedi.select_option("#part", "Legal status for associations")
    chedi.fill("#text-what", "One desk for associations")
    chedi.click("button:has-text('Pin it to the figure')")
    dior.context.set_offline(True)
    dior.select_option("#part", "Training in skills for each vulnerable group")
    dior.fill("#text-what", "Summer school")
    dior.click("button:has-text('Pin it to the figure')", no_wait_after=True)
    screen.wait_for_selector("text=2 initiatives are pinned")
    dior.context.set_offline(False)
    expect(dior.locator("#text-what")).to_have_value("Summer school")
    dior.click("button:has-text('Pin it to the figure')")
    screen.wait_for_selector("text=3 initiatives are pinned")
    elif_ = session.attendances.get(membership__user__name="Elif")
    key_in(session, {"part-1": boards, "text-what-1": "Village board", "who-1": str(elif_.public_id)})
    screen.wait_for_selector("text=4 initiatives are pinned")
    for page in (console, screen):
        assert "Council" not in page.inner_text("main")

    console.click("button:has-text('Next: Share and discuss')")
    console.wait_for_selector("h2:has-text('Share and discuss')")
    console.click("text=Start the clock")
    console.wait_for_selector(".note:has-text('Council of migrants')")
    assert "failed" not in console.inner_text("main")
    console.click("button:has-text('Next initiative')")
    screen.wait_for_selector("h2:has-text('Amina tells')")
    amina.wait_for_selector("text=It is your turn")
    dior.fill("[name=text-question]", "How many seats?")
    dior.click("button:has-text('Ask')")
    screen.wait_for_selector(".pin-questions .note:has-text('How many seats?')")
    screen.wait_for_selector(".pin-part.is-marked:has-text('Diaspora expert boards')")
    console.click(".pin-questions button:has-text('Answered')")
    screen.wait_for_selector("text=✓ answered")
    # What Dior types when the next one is told stays with the one that it was about.
    dior.fill("[name=text-question]", "Who pays?")
    console.click("button:has-text('Next initiative')")
    screen.wait_for_selector("h2:has-text('Elif tells')")
    dior.wait_for_selector(".draft-text:has-text('Who pays?')")
    dior.click("button:has-text('Send it')")
    expect(dior.locator(".draft-text")).to_have_count(0)
    console.click(".note:has-text('Summer school') button:has-text('Let it be told')")
    screen.wait_for_selector("h2:has-text('Dior tells')")
    # A part without an example is filled from elsewhere.
    amina.click("summary:has-text('Add an initiative')")
    amina.select_option("#part", "International networks of professional associations")
    amina.fill("#text-what", "Doctors abroad")
    amina.click("button:has-text('Pin it to the figure')")
    screen.wait_for_selector("text=3 of 5 initiatives told.")

    end(console)
    amina.click("text=Our results")
    for words in (
        "Council of migrants",
        "Elect, do not appoint",
        "One desk",
        "Village board",
        "Doctors abroad",
        "Who pays?",
    ):
        expect(amina.locator(f"main :text('{words}') >> nth=0")).to_be_visible()
    assert "failed" not in amina.inner_text("main")
    assert Example.objects.filter(is_kept=True).count() == 1


def test_activity_9_from_start_to_results(small, cohort, ada, visit):
    session = start(small, cohort, ada, "11-wrap-up")
    headings = course_headings("11-wrap-up")
    objectives = small.topics[0].objectives.get(), small.topics[1].objectives.get()
    for row in session.phases.get(position=1).interview_questions.select_related("question"):
        row.heading = headings[row.question.key]
        row.objective = objectives[row.position % 2]
        row.save()
    people = {
        row.membership.user.name: row.membership.user for row in session.attendances.select_related("membership__user")
    }
    console, screen = enter(visit(ada), session, "host/"), enter(visit(ada, width=1920), session, "screen/")
    phones = {
        "Amina": enter(visit(people["Amina"], width=360), session),
        "Bilal": enter(visit(people["Bilal"], width=360), session),
        "Chedi": enter(visit(people["Chedi"], width=360, java_script_enabled=False), session),
        "Dior": enter(visit(people["Dior"], width=360), session),
    }

    # She leaves most out, and adds her own.
    console.click("summary:has-text('Choose the questions')")
    keep = session.phases.get(position=1).interview_questions.values_list("pk", flat=True)[:6]
    session.phases.get(position=1).interview_questions.exclude(pk__in=list(keep)).update(is_left_out=True)
    first = session.phases.get(position=1).interview_questions.first()
    console.fill("#interview-text", "What will you do on Monday?")
    # Every question has an objective, so that whichever turns out unclear can be read about again.
    console.select_option("#interview-aim", index=1)
    console.click("#live-mine button:has-text('Add')")
    screen.wait_for_selector("text=0 of 7 questions discussed.")
    console.click(f".interview-bank li:has-text('{first.text[:30]}') button:has-text('Important')")
    console.wait_for_selector(".badge:has-text('important')")
    console.click("summary:has-text('Choose the questions')")
    dior = phones["Dior"]
    asked, held = [], []

    def draw() -> str:
        console.click("button:has-text('Draw a question')")
        console.wait_for_selector("legend:has-text('What became of the question?')")
        name = Asking.objects.get().holder.membership.user.name
        expect(screen.locator(".interview-holder")).to_contain_text(f"{name} has the microphone")
        asked.append(screen.inner_text("#interview-question"))
        return name

    def passes(name: str) -> str:
        """Let *name* pass: on the phone, by keys where it is Bilal's, or by word of mouth without a device."""
        page = phones.get(name)
        if page is None:
            console.click("button:has-text('Passes: ask somebody else')")
        else:
            if name == "Chedi":
                page.reload()
            page.wait_for_selector("h2:has-text('You have the microphone')")
            if name == "Bilal":
                tab_to(page, "#live-mine form button")
                page.keyboard.press("Enter")
            else:
                page.click("button:has-text('I pass')")
        expect(screen.locator(".interview-holder")).not_to_contain_text(name)
        return Asking.objects.get().holder.membership.user.name

    name = draw()
    assert asked[0] == first.text
    held.append(name)
    dior.context.set_offline(True)
    held.append(passes(name) if name != "Dior" else name)
    dior.context.set_offline(False)
    if held[-1] in phones and held[-1] != "Chedi":
        phones[held[-1]].wait_for_selector("h2:has-text('You have the microphone')")
    console.click("button:has-text('Complete') >> nth=0")
    screen.wait_for_selector("text=1 of 7 questions discussed.")
    for page in phones.values():
        if page is not phones["Chedi"]:
            expect(page.locator("h2:has-text('You have the microphone')")).to_have_count(0)

    held.append(draw())
    # A note goes with its question.
    console.fill("[name=text-note]", "Two words for one thing")
    console.click("button:has-text('Was unclear')")
    screen.wait_for_selector("text=2 of 7 questions discussed.")
    console.click("button:has-text('Undo the outcome')")
    screen.wait_for_selector("text=1 of 7 questions discussed.")
    console.fill("[name=text-note]", "Three words for one thing")
    console.click("button:has-text('Was unclear')")
    screen.wait_for_selector("text=2 of 7 questions discussed.")
    held.append(draw())
    expect(console.locator("[name=text-note]")).to_have_value("")
    console.fill("[name=text-note]", "A note that is not needed")
    console.click("button:has-text('Completed by another')")
    screen.wait_for_selector("text=3 of 7 questions discussed.")
    held.append(draw())
    expect(console.locator("[name=text-note]")).to_have_value("")
    console.click("button:has-text('Corrected')")
    screen.wait_for_selector("text=4 of 7 questions discussed.")
    # Whoever had the microphone is not asked again while others have not been.
    assert len(set(held[-3:])) == 3
    left = session.phases.get(position=1).interview_questions.filter(outcome=None, is_left_out=False)
    key_in(session, {f"outcome-{row.public_id}": "complete" for row in left[:2]})
    screen.wait_for_selector("text=6 of 7 questions discussed. 2 on paper in the room.")
    draw()
    console.click("button:has-text('Complete') >> nth=0")
    screen.wait_for_selector("text=All questions have been discussed.")
    console.wait_for_selector("text=this is the end of the interview")
    assert len(set(asked)) == len(asked)

    end(console)
    amina = phones["Amina"]
    amina.click("text=Our results")
    expect(amina.locator(".alert:has-text('Three words for one thing')")).to_be_visible()
    main = amina.inner_text("main")
    assert not [name for name in NAMES if name in main]
    assert re.search(r"7 of 7 questions were discussed", main)
    amina.click("a:has-text('Read again')")
    assert amina.url.endswith(reverse("topic", args=[small.course.key, small.topics[0].key])) or amina.url.endswith(
        reverse("topic", args=[small.course.key, small.topics[1].key])
    )
    assert Outcome.objects.count() == 7
