"""Who is behind, not started, finished is said alike by the progress page, its list, reminders and the report."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.report import make_report
from cohorts.tests.people import (
    be_quiet_for,
    facilitators_desk,
    make_participant,
    plan_reading,
    read_section,
    write_answer,
)


@pytest.fixture
def crowd(cohort, small):
    """People of every kind, those at the edges too: each is named by what they did."""
    names = ["Nothing", "Opened", "Answered", "Read", "Finished", "Stuck", "Elsewhere"]
    crowd = {name: make_participant(cohort, name) for name in names}
    read_section(small, crowd["Opened"], 0, done=False)
    write_answer(small, crowd["Answered"], 0, "So")
    for place in range(4):
        read_section(small, crowd["Read"], place)
        read_section(small, crowd["Finished"], place)
    for place in (0, 1):
        write_answer(small, crowd["Finished"], place, "So")
    read_section(small, crowd["Stuck"], 0)
    read_section(small, crowd["Stuck"], 1, done=False)
    be_quiet_for(crowd["Stuck"], days=5)
    # What was not planned does not make up for what was.
    read_section(small, crowd["Elsewhere"], 3)
    make_participant(cohort, "Left", left_at=timezone.now())
    for place in (0, 1):
        plan_reading(small, cohort, place, cohort.today - dt.timedelta(days=1))
    plan_reading(small, cohort, 2, cohort.today)
    return crowd


STANDING = {
    "behind": {"Nothing", "Opened", "Answered", "Stuck", "Elsewhere"},
    "stalled": {"Stuck"},
    "not-started": {"Nothing"},
    "finished": {"Finished"},
}


def on_the_table(client, cohort, standing):
    page = client.get(reverse("cohort_progress", args=[cohort.public_id]), {"state": standing}).text
    return set(re.findall(r'<th scope="row">(?:<input [^>]*>)?<a [^>]*>(\w+)</a>', page))


def reminded(client, cohort, who):
    form = {"who": who, "text": "Read on", "step": "preview"}
    selection = client.post(reverse("cohort_reminders", args=[cohort.public_id]), form).context["selection"]
    return {row.user.name for row in selection.recipients}


@pytest.mark.parametrize("standing", STANDING)
def test_the_table_names_who_stands_like_this(cohort, crowd, as_ada, standing):
    assert on_the_table(as_ada, cohort, standing) == STANDING[standing]


@pytest.mark.parametrize("standing", ["behind", "stalled", "not-started"])
def test_a_reminder_and_the_list_of_who_needs_a_hand_mean_the_same_people(cohort, crowd, as_ada, standing):
    page = as_ada.get(reverse("cohort_progress", args=[cohort.public_id]))
    part = next(part for part in page.context["hand"] if part.standing == standing)

    assert reminded(as_ada, cohort, standing) == {person.name for person in part.people} == STANDING[standing]
    assert part.count == len(STANDING[standing])


def test_who_has_not_finished_is_everybody_but_those_who_have(cohort, crowd, as_ada):
    assert reminded(as_ada, cohort, "not-finished") == set(crowd) - STANDING["finished"]


def test_the_report_counts_the_same_people(cohort, crowd):
    counted = {name: number for name, number, _share in make_report(facilitators_desk(cohort)).tables[0].rows}

    assert counted["Joined"] - counted["Started"] == len(STANDING["not-started"])
    assert counted["Did every section and answered every question"] == len(STANDING["finished"])
    assert counted["Did every section"] == len({"Read", "Finished"})


def test_what_has_left_the_course_is_missed_nowhere(cohort, small, crowd, as_ada):
    for section in small.sections[:2]:
        section.archived_at = timezone.now()
        section.save()
    small.publish()

    assert on_the_table(as_ada, cohort, "behind") == reminded(as_ada, cohort, "behind") == set()
