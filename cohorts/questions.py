"""The questions of a cohort's course, each with where it stands and what the cohort did with it."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse

from cohorts.models import Cohort
from cohorts.permissions import Desk, given_answers
from courses.models import Audience
from courses.published import Data, PublishedCourse, PublishedSection, PublishedTopic


@dataclass
class Asked:
    """A question as the course asks it now."""

    topic: PublishedTopic
    section: PublishedSection
    prompt: Data
    question: Data

    @property
    def id(self) -> int:
        return self.question["id"]

    @property
    def text(self) -> str:
        return self.question["text"]

    @cached_property
    def keys(self) -> list[str]:
        """What names the question in an address."""
        return [self.topic.key, self.prompt["key"], self.question["key"]]

    @property
    def url(self) -> str:
        """Where it is asked, and answered."""
        return f"{self.section.url}#answer-{self.prompt['key']}-{self.question['key']}"


@dataclass
class Counted:
    """A question with how many people of the cohort have answered it, and how many of them share that."""

    asked: Asked
    url: str
    answered: int = 0
    shared: int = 0


def questions_by_id(course: PublishedCourse) -> dict[int, Asked]:
    """Return the questions that stand in a section of *course*, in the order in which they are read."""
    known = {
        question["id"]: (prompt, question)
        for topic in course.topics
        for prompt in topic.prompts.values()
        for question in prompt["questions"]
    }
    return {id_: Asked(topic, section, *known[id_]) for id_, (topic, section) in course.places.items()}


def question_url(cohort: Cohort, asked: Asked) -> str:
    """Return where facilitators read all shared answers to a question."""
    return reverse("cohort_question", args=[cohort.public_id, *asked.keys])


def get_question(desk: Desk, topic: str, prompt: str, question: str) -> Asked:
    """Return the question that an address names; 404 where the course does not ask it."""
    keys = [topic, prompt, question]
    found = next((asked for asked in questions_by_id(desk.course).values() if asked.keys == keys), None)
    if found is None:
        raise Http404
    return found


def counted(desk: Desk) -> list[Counted]:
    """Return all questions with their counts, in one query that brings no text."""
    rows = (
        given_answers(desk)
        .values("question_id")
        .annotate(answered=Count("pk"), shared=Count("pk", filter=~Q(audience=Audience.PRIVATE)))
    )
    counts = {row.pop("question_id"): row for row in rows}
    return [
        Counted(asked, question_url(desk.cohort, asked), **counts.get(asked.id, {}))
        for asked in questions_by_id(desk.course).values()
    ]
