"""What groups have worked out comes back, folded, where people plan their next steps: content says where."""

import re

import pytest
from django.urls import reverse

from activities import services, tools
from activities.models import Note, Session
from activities.published import RECALLED
from activities.tests.holding import bring, do, hold
from activities.tools.sticky_notes import StickyNotes
from conftest import make_cohort
from courses.models import ReflectionPrompt
from courses.tests.admin_forms import edit

SECTION = "/courses/core/challenges/section-1/"
FINISH = "/courses/core/finish/"
WAY = "/activities/core/group-work/"


@pytest.fixture
def session(small, cohort, ada, ben, as_ben, monkeypatch) -> Session:
    """A session of Ben's cohort in which he has told of a market, and of something that was hidden."""
    # Any tool that leaves something, in the place of one whose contributions come back.
    monkeypatch.setitem(tools._TOOLS, RECALLED[0], StickyNotes())
    session = hold(small, cohort, ada, [{"tool": RECALLED[0]}])
    bring(session, ben)
    for text in ("A market on Fridays", "A secret"):
        do(as_ben, session, "add-note", text=text)
    Note.objects.filter(text="A secret").update(is_hidden=True)
    return session


def plan_here(small) -> None:
    ReflectionPrompt.objects.filter(key="context").update(for_next_steps=True)
    small.publish()


def asked(page: str) -> list[str]:
    return re.findall(r'hx-get="([^"]*group-work/)"', page)


def test_the_way_to_it_stands_where_content_says_and_where_steps_are_promised(small, session, as_ben):
    assert asked(as_ben.get(SECTION).text) == []
    assert asked(as_ben.get(FINISH).text) == [WAY]
    plan_here(small)

    page = as_ben.get(SECTION).text
    assert asked(page) == [WAY]
    assert f'<a href="{WAY}">From your group work</a>' in page, "without scripts, a plain link"


def test_an_editor_says_it_by_a_tick(small, session, as_dag, as_ben):
    edit(as_dag, ReflectionPrompt.objects.get(key="context"), for_next_steps="on")

    assert asked(as_ben.get(SECTION).text) == [WAY]


def test_it_shows_what_was_shared_and_where_it_comes_from(session, cohort, as_ben):
    services.end_session(session=session)

    for headers, is_page in (({}, True), ({"hx-request": "true"}, False)):
        answer = as_ben.get(WAY, headers=headers).text
        assert ("<html" in answer) is is_page
        assert re.search(rf"Activity 5: Held.*{cohort.name}.*A market on Fridays", answer, re.S)
        assert reverse("session_results", args=[session.public_id]) in answer
        assert "A secret" not in answer


def test_the_fragment_is_empty_where_there_is_nothing(small, cohort, bens_membership, as_ben):
    assert as_ben.get(WAY, headers={"hx-request": "true"}).text.strip() == ""
    assert "There is nothing yet" in as_ben.get(WAY).text


def test_other_cohorts_and_former_members_see_nothing_of_it(small, session, cohort, cleo, as_cleo, as_ben):
    make_cohort(small.course, cleo, name="Elsewhere")
    cohort.memberships.filter(user__email="ben@example.org").update(left_at=session.created_at)

    for client in (as_cleo, as_ben):
        assert "market" not in client.get(WAY).text


def test_who_learns_alone_is_not_sent_there(small, session, as_cleo):
    plan_here(small)

    assert asked(as_cleo.get(SECTION).text) == []


def test_the_section_costs_no_query_more(small, session, as_ben, django_assert_num_queries):
    as_ben.get(SECTION)
    with django_assert_num_queries(7):
        as_ben.get(SECTION)
    plan_here(small)
    as_ben.get(SECTION)

    with django_assert_num_queries(7):
        as_ben.get(SECTION)


@pytest.mark.parametrize("notes_count", [1, 3])
def test_the_fragment_costs_one_query_for_each_phase(session, as_ben, notes_count, django_assert_num_queries):
    services.end_session(session=session)
    for number in range(notes_count - 1):
        Note.objects.create(run=session.phases.get(), attendance=session.attendances.first(), text=f"More {number}")
    as_ben.get(WAY)

    with django_assert_num_queries(5):
        assert as_ben.get(WAY, headers={"hx-request": "true"}).text.count("<li>") == notes_count
