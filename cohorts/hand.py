"""Who needs a hand, and which questions people leave empty: short lists, made to be acted on."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery, Value

from cohorts.constants import HAND_MAX
from cohorts.models import Membership
from cohorts.permissions import Desk
from cohorts.questions import Asked, questions_by_id
from cohorts.standing import Measure, Standing
from courses.models import SectionProgress
from courses.published import PublishedSection


@dataclass
class Person:
    """Somebody on the list: the sections that are due and not done, and the one that was opened last and is not."""

    public_id: UUID
    name: str
    last_active_at: Any
    missing: list[PublishedSection]
    section: PublishedSection | None


@dataclass
class LeftEmpty:
    """A question, how many people have done its section, and how many of them left it empty."""

    asked: Asked
    people: int
    empty: int


@dataclass
class Part:
    """The first of those who stand like this, and how many there are."""

    standing: Standing
    count: int
    people: list[Person]

    @property
    def more(self) -> int:
        return self.count - len(self.people)


# Who is looked for, and who of them comes first. Who has not started is on the list from the cohort's first day on.
_ORDER = {
    Standing.BEHIND: ["-behind", "user__name", "pk"],
    Standing.STALLED: ["enrolment__last_active_at", "pk"],
    Standing.NOT_STARTED: ["joined_at", "pk"],
}


def who_needs_a_hand(measure: Measure, counts: dict[str, int]) -> list[Part]:
    """Return the first of each kind, in one query. *counts* says how many stand how, as the page's figures have it."""
    wanted = _wanted(measure)
    found: dict[str, list[Person]] = {standing: [] for standing in wanted}
    sections = {section.id: section for section in measure.course.sections}
    for standing, public_id, name, last_active_at, done, open_section in _first_people(measure, wanted):
        missing = [section for section in measure.due if section.id not in done]
        if missing or standing != Standing.BEHIND:
            found[standing].append(Person(public_id, name, last_active_at, missing, sections.get(open_section)))
    return [Part(standing, counts[standing.figure], people) for standing, people in found.items() if people]


def needs_in_figures(measure: Measure, counts: dict[str, int]) -> list[tuple[Standing, int]]:
    """Return of which kind there is anybody, and how many, without their names."""
    return [(standing, counts[standing.figure]) for standing in _wanted(measure) if counts[standing.figure]]


def _wanted(measure: Measure) -> list[Standing]:
    has_begun = measure.cohort.today >= measure.cohort.starts_on
    return [standing for standing in _ORDER if standing != Standing.NOT_STARTED or has_begun]


def _first_people(measure: Measure, wanted: list[Standing]) -> QuerySet[Membership, tuple]:
    own = SectionProgress.objects.filter(enrolment=OuterRef("enrolment"))
    done = own.filter(section__in=[section.id for section in measure.due], done_at__isnull=False)
    left_open = own.filter(section__in=[section.id for section in measure.course.sections], done_at=None)
    people = measure.people.annotate(
        name=F("user__name"),
        last_active_at=F("enrolment__last_active_at"),
        done=ArraySubquery(done.order_by().values("section_id")),
        open_section=Subquery(left_open.order_by("-started_at", "-pk").values("section_id")[:1]),
    )
    first, *others = (
        # The most behind come first anyway: asking who is behind at all would count it for everybody once more.
        (people if standing == Standing.BEHIND else people.filter(measure.condition(standing)))
        .annotate(standing=Value(standing.value))
        .order_by(*_ORDER[standing])
        .values_list("standing", "public_id", "name", "last_active_at", "done", "open_section")[:HAND_MAX]
        for standing in wanted
    )
    return first.union(*others, all=True)


def questions_left_empty(desk: Desk, most: int) -> list[LeftEmpty]:
    """Return the questions that are most often left empty by those who have done their section, in one query.

    It joins what everybody has done with what everybody has answered: with thousands of people, this takes longer than
    all the rest of the page.
    """
    asked = questions_by_id(desk.course)
    sections = [each.section.id for each in asked.values()]
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_EMPTY, [list(asked), sections, desk.cohort.pk, most])
        return [LeftEmpty(asked[question_id], people, empty) for question_id, people, empty in cursor.fetchall()]


# Among those who have done the section. On the list is what at least two people and a quarter of them left empty.
_LEFT_EMPTY = """
SELECT asked.question_id, count(*), count(*) - count(answer.question_id) AS empty
FROM unnest(%s::bigint[], %s::bigint[]) AS asked (question_id, section_id)
JOIN courses_sectionprogress done ON done.section_id = asked.section_id AND done.done_at IS NOT NULL
JOIN cohorts_membership member ON member.enrolment_id = done.enrolment_id
    AND member.cohort_id = %s AND member.left_at IS NULL AND member.role = 'participant'
LEFT JOIN courses_answer answer ON answer.enrolment_id = done.enrolment_id
    AND answer.question_id = asked.question_id AND answer.has_words
GROUP BY asked.question_id
HAVING count(*) - count(answer.question_id) >= greatest(2, count(*) / 4.0)
ORDER BY empty DESC, asked.question_id
LIMIT %s
"""
