"""A cohort's report names the activities that were held with it, and what they came to in figures."""

import csv
from io import StringIO

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities import services
from activities.models import CardField, Dot, Note, SheetAnswer
from activities.tests.factories import make_case, make_session, seat_people
from activities.tests.holding import go_on, hold
from cohorts.permissions import Desk
from cohorts.report import make_report
from conftest import make_cohort
from courses.published import read

FIVE = ("Aya", "Bilal", "Chipo", "Dana", "Esra")


def tables(cohort, user):
    cohort.course.refresh_from_db()
    membership = cohort.memberships.get(user=user)
    report = make_report(Desk(cohort, membership, read(cohort.course)))
    return {table.title: table for table in report.tables}


def figures(cohort, user, phase: str):
    """Return the rows of the one table that is of the phase with this title; None if there is none."""
    found = [table.rows for title, table in tables(cohort, user).items() if title.endswith(f": {phase}")]
    assert len(found) <= 1
    return found[0] if found else None


def vote(session, *names: str) -> None:
    """Let each of them place one dot of colour A on health, and the first one of colour B on work."""
    run = session.phases.first()
    health, work = (run.choices.get(text=text) for text in ("Health", "Work"))
    people = [session.attendances.get(membership__user__name=name) for name in names]
    for person in people:
        Dot.objects.create(run=run, attendance=person, choice=health, colour="a", slot=1)
    Dot.objects.create(run=run, attendance=people[0], choice=work, colour="b", slot=1)


def test_what_was_held_stands_in_the_report_with_how_many_took_part(small, cohort, bens_membership, ada, as_ada):
    assert "Activities held live" not in tables(cohort, ada)
    session = make_session(small, cohort, ada)
    services.arrive(session=session, membership=bens_membership)
    services.arrive(session=session, membership=cohort.memberships.get(user=ada))
    services.end_session(session=session)

    ((activity, _day, people, minutes),) = tables(cohort, ada)["Activities held live"].rows

    assert (activity, people, minutes) == ("1. Sectors", 1, 0)
    assert "Activities held live" in as_ada.get(reverse("cohort_report", args=[cohort.public_id])).text


def test_what_another_cohort_did_is_not_in_it(small, cohort, ada):
    make_session(small, make_cohort(small.course, ada, name="Elsewhere"), ada)
    cohort.refresh_from_db()

    assert "Activities held live" not in tables(cohort, ada)


# --- Figures ------------------------------------------------------------------------------------------------


def test_a_vote_comes_to_dots_per_choice_and_colour(small, cohort, ada):
    session = make_session(small, cohort, ada)
    seat_people(session, *FIVE)
    vote(session, *FIVE)
    services.end_session(session=session)

    assert figures(cohort, ada, "Vote") == [["Health", 5, 0], ["Work", 0, 1], ["Schools", 0, 0], ["Housing", 0, 0]]


def test_there_are_none_while_a_session_goes_on(small, cohort, ada):
    session = make_session(small, cohort, ada)
    seat_people(session, *FIVE)
    vote(session, *FIVE)

    assert figures(cohort, ada, "Vote") is None


def test_there_are_none_of_four_people(small, cohort, ada):
    session = make_session(small, cohort, ada)
    seat_people(session, *FIVE[:4])
    vote(session, *FIVE[:4])
    services.end_session(session=session)

    assert figures(cohort, ada, "Vote") is None


def test_a_vote_of_four_among_five_stays_out_unless_paper_makes_them_five(small, cohort, ada):
    session = make_session(small, cohort, ada)
    seat_people(session, *FIVE)
    vote(session, *FIVE[:4])
    services.end_session(session=session)
    assert figures(cohort, ada, "Vote") is None

    session.phases.first().paper_entries.create(people=1, summary="3 dots")
    assert figures(cohort, ada, "Vote")


def test_notes_come_to_how_many_of_each_kind_and_name_without_a_word_of_them(small, cohort, ada):
    kinds = {"tool": "sticky-notes", "options": "Challenges\nOpportunities"}
    session = hold(small, cohort, ada, [kinds, {**kinds, "work": "plenary"}])
    seat_people(session, *FIVE)
    run = session.phases.first()
    money = run.clusters.create(name="Money")
    for attendance in session.attendances.all():
        words = f"words of {attendance.membership.user.name}"
        Note.objects.create(run=run, attendance=attendance, kind="Challenges", text=words, cluster=money)
    Note.objects.create(run=run, attendance=attendance, kind="Opportunities", text="hidden words", is_hidden=True)
    go_on(session)
    services.end_session(session=session)

    assert figures(cohort, ada, "Phase 1") == [["Challenges", 5], ["Challenges: Money", 5], ["Opportunities", 0]]
    assert figures(cohort, ada, "Phase 2") is None, "it went on with the same notes"


def test_cards_come_to_how_many_expectations_are_met(small, cohort, ada):
    phases = [{"tool": "cards"}, {"tool": "cards", "options": "Met\nPartly\nNot here"}]
    session = hold(small, cohort, ada, phases, {"wish": "What do you expect?"})
    seat_people(session, *FIVE)
    question = session.activity.questions.get()
    for attendance, verdict in zip(session.attendances.all(), ["Met", "Met", "Met", "Not here", ""], strict=True):
        CardField.objects.create(attendance=attendance, question=question, text="A wish", verdict=verdict)
    go_on(session)
    services.end_session(session=session)

    assert figures(cohort, ada, "Phase 2") == [["Met", 3], ["Partly", 0], ["Not here", 1], ["Not sorted", 1]]


def test_a_case_comes_to_how_many_questions_each_group_answered(small, cohort, ada):
    case = make_case(small, cohort, ada)
    seat_people(case, *FIVE)
    services.form_groups(session=case, number=2)
    services.begin(session=case)
    services.resume(session=case)
    group = case.groups.get(number=2)
    question = case.activity.questions.get(key="why")
    SheetAnswer.objects.create(run=case.phases.first(), group=group, question=question, text="Drought.", version=1)
    services.end_session(session=case)

    assert figures(cohort, ada, "Read and answer") == [["Group 1", 0, 2], ["Group 2", 1, 2]]


def test_figures_stand_on_the_page_and_in_both_files(small, cohort, ada, as_ada):
    session = make_session(small, cohort, ada)
    seat_people(session, *FIVE)
    vote(session, *FIVE)
    services.end_session(session=session)
    url = reverse("cohort_report", args=[cohort.public_id])

    page = as_ada.get(url).text
    assert "Only of sessions that have ended, with five people or more." in page
    rows = list(csv.reader(StringIO(b"".join(as_ada.get(f"{url}report.csv").streaming_content).decode()[1:])))
    assert ["Health", "", "A: most affected by migration", "5"] in [row[1:] for row in rows]
    assert as_ada.get(f"{url}report.xlsx").status_code == 200


def test_a_session_costs_the_same_for_five_people_and_for_ten(small, cohort, ada):
    session = make_session(small, cohort, ada)
    seat_people(session, *FIVE)
    vote(session, *FIVE)
    services.end_session(session=session)
    tables(cohort, ada)

    def count():
        with CaptureQueriesContext(connection) as queries:
            tables(cohort, ada)
        return len(queries)

    before = count()
    seat_people(session, "Farid", "Gita", "Hana", "Ines", "Jo")
    vote_of = session.phases.first().choices.get(text="Schools")
    for attendance in session.attendances.order_by("-pk")[:5]:
        Dot.objects.create(run=vote_of.run, attendance=attendance, choice=vote_of, colour="a", slot=1)
    assert count() == before
    assert figures(cohort, ada, "Vote")[:2] == [["Health", 5, 0], ["Schools", 5, 0]]
