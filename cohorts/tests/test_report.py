"""The report: its figures, and what it keeps to itself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts import services
from cohorts.report import make_report
from cohorts.tests.people import facilitators_desk, people, rate, read_section, write_answer
from conftest import make_cohort
from courses.models import Enrolment


@pytest.fixture
def url(cohort):
    return reverse("cohort_report", args=[cohort.public_id])


def tables(cohort):
    """Return the rows of every table by the table's title."""
    return {table.title: table.rows for table in make_report(facilitators_desk(cohort)).tables}


def judged(cohort):
    """Return the two rows of the first topic's objective, before and after, without what they are of."""
    return [row[2:] for row in tables(cohort)["Learning objectives, before and after: 1. Topic on challenges"]]


# --- Figures ------------------------------------------------------------------------------------------------


def test_participation_counts_who_is_here_now(cohort, small):
    done, reads, idle, _new, left = people(cohort, 5)
    for place in range(4):
        read_section(small, done, place)
    read_section(small, reads, 0, done=False)
    read_section(small, idle, 0)
    Enrolment.objects.filter(pk=idle.enrolment_id).update(last_active_at=timezone.now() - timedelta(days=8))
    for place in range(4):
        read_section(small, left, place)
    services.leave(membership=left)

    assert tables(cohort)["Participation"] == [
        ["Joined", 4, 100],
        ["Started", 3, 75],
        ["Active in the last 7 days", 2, 50],
        ["Did every section", 1, 25],
        ["Did every section and answered every question", 0, 0],
    ]


def test_completion_is_of_all_people_and_all_there_is_to_do(cohort, small):
    first, second = people(cohort, 2)
    read_section(small, first, 0)
    read_section(small, first, 1)
    read_section(small, second, 0)
    write_answer(small, first, 0, "So")

    assert tables(cohort)["Completion by topic"] == [
        ["1. Topic on challenges", 1, 50, 3, 75, 1, 25],
        ["2. Topic on gender", 0, 0, 0, 0, 0, 0],
    ]


def test_questions_say_how_many_answered_and_never_what(cohort, small, as_ada, url):
    first, second = people(cohort, 2)
    write_answer(small, first, 0, "Canary")
    write_answer(small, second, 0, "Canary")
    write_answer(small, second, 1, "  ")

    assert tables(cohort)["Questions answered: 1. Topic on challenges"] == [
        ["1.1 What about 1?", 2, 100],
        ["1.1 What about 2?", 0, 0],
    ]
    assert "Canary" not in as_ada.get(url).text


def test_another_cohort_of_the_course_counts_for_nothing(cohort, small, cleo):
    other = make_cohort(small.course, cleo)
    elsewhere = people(other, 5)
    rate(elsewhere, small.topics[0], "before", [1, 2, 3, 4, 1])
    for place in range(4):
        read_section(small, elsewhere[0], place)
    write_answer(small, elsewhere[0], 0, "So")

    found = tables(cohort)

    figures = [cell for rows in found.values() for row in rows for cell in row if isinstance(cell, int)]
    assert set(figures) == {0}


@pytest.mark.parametrize("count", [1, 6])
def test_the_page_takes_the_same_queries_for_any_number_of_people(cohort, small, as_ada, url, count):
    members = people(cohort, count, country="TN", government_level="local")
    rate(members, small.topics[0], "before", [1, 2, 3, 4, 1, 2][:count])
    as_ada.get(url)

    with CaptureQueriesContext(connection) as asked:
        as_ada.get(url)

    # The session, the person, the desk; plan, participation, topics, objectives, questions, backgrounds.
    assert len(asked) == 10


# --- What it keeps to itself --------------------------------------------------------------------------------


def test_objectives_are_shown_from_five_people_on(cohort, small):
    members = people(cohort, 5)
    rate(members[:4], small.topics[0], "before", [1, 2, 2, 3])
    assert judged(cohort) == [[None] * 6, [None] * 6]

    rate(members[4:], small.topics[0], "before", [3])
    assert judged(cohort) == [[5, 1, 2, 2, 0, "with help"], [0, None, None, None, None, None]]


def test_few_people_at_one_moment_hide_the_other_too(cohort, small):
    members = people(cohort, 6)
    rate(members, small.topics[0], "before", [1, 2, 2, 3, 3, 1])
    rate(members[:4], small.topics[0], "after", [4, 4, 3, 3])

    assert judged(cohort) == [[None] * 6, [None] * 6]


def test_one_more_who_rates_changes_no_figure(cohort, small):
    members = people(cohort, 10)
    rate(members[:5], small.topics[0], "before", [1, 2, 2, 3, 3])
    before = judged(cohort)

    for number in range(5, 9):
        rate(members[number : number + 1], small.topics[0], "before", [4])
        assert judged(cohort) == before

    rate(members[9:], small.topics[0], "before", [4])
    assert judged(cohort)[0] == [10, 1, 2, 2, 5, "on my own"]


@pytest.mark.parametrize("levels", [[2, 2, 2, 2, 2], [2, 2, 2, 2, 4]])
def test_what_all_or_all_but_one_said_is_not_shown(cohort, small, as_ada, url, levels):
    rate(people(cohort, 5), small.topics[0], "after", levels)

    assert judged(cohort)[1] == [5, None, None, None, None, None]
    assert "People who could do it on their own" not in as_ada.get(url).text


def test_groups_of_few_are_put_together_so_that_none_can_be_taken_from_the_total(cohort):
    people(cohort, 7, country="TN", government_level="local")
    people(cohort, 6, first=7, country="MA", government_level="local")
    people(cohort, 5, first=13, country="SN", government_level="national")
    people(cohort, 1, first=18, country="FR")

    found = tables(cohort)

    # France alone would be 1, so the smallest that could be shown goes with it.
    assert found["By country"] == [["Tunisia", 7, 0], ["Morocco", 6, 0], ["Others, and who did not say", 6, 0]]
    assert found["By level of government"] == [
        ["Local (city, municipality, district)", 13, 0],
        ["Others, and who did not say", 6, 0],
    ]


def test_without_a_group_of_five_nothing_is_said_of_where_people_come_from(cohort, as_ada, url):
    people(cohort, 4, country="TN", government_level="local")

    assert "By country" not in tables(cohort)
    assert "Tunisia" not in as_ada.get(url).text


def test_a_cohort_with_nobody_in_it_has_a_report_all_the_same(cohort, as_ada, url):
    assert "Nobody has joined yet." in as_ada.get(url).text
    assert as_ada.get(f"{url}report.xlsx").status_code == 200


def test_the_page_is_headed_and_draws_what_its_tables_say(cohort, small, as_ada, url, time_machine):
    time_machine.move_to("2026-05-01 22:30Z")
    cohort.time_zone = "Africa/Tunis"
    cohort.save()
    first, _second = people(cohort, 2)
    read_section(small, first, 0)

    page = as_ada.get(url).text

    assert "Migration and local development" in page
    assert "Made on 1 May 2026, 23:30" in page
    assert '<rect class="f-bar" x="0" y="21" width="278" height="14"/>' in page
    assert '<rect class="f-bar" x="0" y="68" width="139" height="14"/>' in page
    assert "style=" not in page
