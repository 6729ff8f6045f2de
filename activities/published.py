"""Activities and handouts as people see them: part of the published course, so that a page needs no query for them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from activities.durations import Duration, Span, span
from activities.models import Activity, Handout, Phase
from activities.models.content import option_lines
from courses.coursefiles.shapes import current
from courses.markdown import compile_body
from courses.models import Course
from courses.published import Data, PublishedCourse, PublishedSection, PublishedTopic

NAME = "activities"

# What people have worked out with these comes back where they plan their next steps.
RECALLED = (Phase.Tool.PINNED_EXAMPLES, Phase.Tool.INTERVENTION_TABLE)

# Texts of an activity that only its facilitator needs.
GUIDE_TEXTS = ("before", "after", "tips", "materials")


@dataclass
class PublishedPhase:
    """A timed step: `instructions` for all, `segments` for the facilitator. `questions` are those it takes up."""

    id: int
    key: str
    title: str
    minutes: int
    most: int | None
    per: str
    work: str
    tool: str
    options: list[str]
    instructions: list[Data]
    segments: list[Data]
    terms: list[str]
    questions: list[Data]
    number: int

    @property
    def span(self) -> Span:
        return span(self)

    @property
    def work_label(self) -> str | Promise:
        return Phase.Work(self.work).label

    @property
    def tool_label(self) -> str | Promise:
        return Phase.Tool(self.tool).label if self.tool else ""


@dataclass
class PublishedHandout:
    """A sheet. `activities` are those that use it."""

    id: int
    key: str
    number: str
    title: str
    source: str
    segments: list[Data]
    terms: list[str]
    course_key: str = field(repr=False)
    activities: list["PublishedActivity"] = field(default_factory=list, repr=False)

    @property
    def url(self) -> str:
        return reverse("handout", args=[self.course_key, self.key])


@dataclass
class PublishedActivity:
    """An activity with its phases, questions and handouts; `topic` and `section` say after what it is held."""

    id: int
    key: str
    number: str
    title: str
    technique: str
    summary: str
    stage: str
    place: str
    size: str
    segments: list[Data]
    terms: list[str]
    objectives: list[Data]
    questions: list[Data]
    texts: dict[str, list[Data]]
    texts_terms: list[str]
    handouts: list[PublishedHandout]
    phases: list[PublishedPhase]
    topic: PublishedTopic | None
    section: PublishedSection | None
    course_key: str = field(repr=False)

    @property
    def url(self) -> str:
        return reverse("activity", args=[self.course_key, self.key])

    @property
    def guide_url(self) -> str:
        return reverse("activity_guide", args=[self.course_key, self.key])

    @property
    def stage_label(self) -> str | Promise:
        return Activity.Stage(self.stage).label

    @cached_property
    def duration(self) -> Duration:
        return Duration.of(self.phases)

    @cached_property
    def question_groups(self) -> list[tuple[str, list[Data]]]:
        """The questions, those that stand together under one heading together."""
        return [(heading, list(rows)) for heading, rows in groupby(self.questions, key=lambda row: row["heading"])]

    @cached_property
    def guide_terms(self) -> list[str]:
        """The terms that the whole guide marks."""
        return [*self.terms, *self.texts_terms, *(term for phase in self.phases for term in phase.terms)]

    def phase(self, key: str) -> PublishedPhase | None:
        """Return the phase with *key*, or None."""
        return next((phase for phase in self.phases if phase.key == key), None)


@dataclass
class PublishedActivities:
    """All of a course, in its order."""

    activities: list[PublishedActivity]
    handouts: list[PublishedHandout]

    @property
    def held(self) -> list[PublishedActivity]:
        return self.activities

    @property
    def recalled_url(self) -> str:
        """Where people find what their groups have worked out that comes back; empty if no activity has such a tool."""
        found = [row for row in self.activities if any(phase.tool in RECALLED for phase in row.phases)]
        return reverse("activities_recalled", args=[found[0].course_key]) if found else ""

    def activity(self, key: str) -> PublishedActivity | None:
        """Return the activity with *key*, or None."""
        return next((activity for activity in self.activities if activity.key == key), None)

    def handout(self, key: str) -> PublishedHandout | None:
        """Return the handout with *key*, or None."""
        return next((handout for handout in self.handouts if handout.key == key), None)

    def at(self, stage: str) -> list[PublishedActivity]:
        """Return the activities of a stage of the course."""
        return [activity for activity in self.activities if activity.stage == stage]

    def held_after(self, topic_key: str, section_key: str = "") -> list[PublishedActivity]:
        """Return what is held after a section or, without one, at the end of a topic."""
        return [
            activity
            for activity in self.activities
            if activity.topic
            and activity.topic.key == topic_key
            and (activity.section.key if activity.section else "") == section_key
        ]


def activities_of(course: PublishedCourse) -> PublishedActivities:
    """Return the activities and handouts of *course*, kept in memory with it."""
    return course.added.get(NAME) or PublishedActivities([], [])


# --- Building -----------------------------------------------------------------------------------------------


def build(course: Course) -> Data:
    """Return the activities and handouts of *course* as plain data."""
    activities = (
        course.activities.current()
        .select_related("topic", "section")
        .prefetch_related("objectives", "handouts", "questions__objective", "phases__questions")
    )
    figures = {figure.key: figure.compiled["terms"] for figure in course.figures.all()}
    return {
        "activities": [_activity(activity, figures) for activity in activities],
        "handouts": [_handout(handout, figures) for handout in course.handouts.all()],
    }


def _handout(handout: Handout, figures: dict[str, list[str]]) -> Data:
    return {
        **_plain(handout, "number", "title", "source"),
        "segments": handout.compiled["segments"],
        "terms": list(_terms(handout.compiled, figures)),
    }


def _activity(activity: Activity, figures: dict[str, list[str]]) -> Data:
    texts = {name: _compiled(activity, name) for name in GUIDE_TEXTS}
    return {
        **_plain(activity, "number", "title", "technique", "summary", "stage", "place", "size"),
        "topic": activity.topic.key if activity.topic else "",
        "section": activity.section.key if activity.section else "",
        "segments": activity.compiled["segments"],
        "terms": list(_terms(activity.compiled, figures)),
        "objectives": [_plain(objective, "text") for objective in activity.objectives.all()],
        "questions": [
            {
                **_plain(question, "text", "hint", "heading"),
                "objective": _plain(question.objective, "text") if question.objective else None,
            }
            for question in current(activity.questions)
        ],
        "texts": {name: compiled["segments"] for name, compiled in texts.items()},
        "texts_terms": [term for compiled in texts.values() for term in compiled["terms"]],
        "handouts": [handout.key for handout in activity.handouts.all()],
        "phases": [_phase(phase, figures) for phase in current(activity.phases)],
    }


def _phase(phase: Phase, figures: dict[str, list[str]]) -> Data:
    instructions = _compiled(phase, "instructions")
    return {
        **_plain(phase, "title", "minutes", "most", "per", "work", "tool"),
        "options": option_lines(phase.options),
        "instructions": instructions["segments"],
        "segments": phase.compiled["segments"],
        "terms": [*instructions["terms"], *_terms(phase.compiled, figures)],
        "questions": [question.key for question in current(phase.questions)],
    }


def _plain(row: Any, *names: str) -> Data:
    return {"id": row.pk, "key": row.key, **{name: getattr(row, name) for name in names}}


def _compiled(row: Activity | Phase, name: str) -> Data:
    return compile_body(getattr(row, name), prefix=f"{row.anchor_prefix}{name}--")


def _terms(compiled: Data, figures: dict[str, list[str]]) -> Iterator[str]:
    """Yield the terms of a body and of the figures that are placed in it."""
    yield from compiled["terms"]
    for segment in compiled["segments"]:
        if segment.get("part") == "figure":
            yield from figures.get(segment["key"], [])


# --- Reading ------------------------------------------------------------------------------------------------


def assemble(data: Data, course: PublishedCourse) -> PublishedActivities:
    """Return *data*, as `build` makes it, as objects that belong to *course*."""
    handouts = {row["key"]: PublishedHandout(**row, course_key=course.key) for row in data["handouts"]}
    activities = []
    for row in data["activities"]:
        topic = course.topic(row["topic"])
        for number, question in enumerate(row["questions"], start=1):
            question["number"] = number
        questions = {question["key"]: question for question in row["questions"]}
        activity = PublishedActivity(
            **{
                **row,
                "topic": topic,
                "section": topic.section(row["section"]) if topic else None,
                "handouts": [handouts[key] for key in row["handouts"]],
                "phases": [
                    PublishedPhase(
                        **{**phase, "questions": [questions[key] for key in phase["questions"]]}, number=number
                    )
                    for number, phase in enumerate(row["phases"], start=1)
                ],
            },
            course_key=course.key,
        )
        activities.append(activity)
        for handout in activity.handouts:
            handout.activities.append(activity)
    return PublishedActivities(activities, list(handouts.values()))
