"""Where in the course a row is read."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse

from courses.additions import additions
from courses.admin.rows import course_of
from courses.models import (
    CaseStudy,
    Course,
    Figure,
    GlossaryTerm,
    KeyPoint,
    LearningObjective,
    Question,
    Reference,
    ReflectionPrompt,
    RelatedModule,
    Section,
    Topic,
)
from courses.published import Data, PublishedCourse, PublishedSection, PublishedTopic, read


@dataclass
class Spot:
    """A page of the course (`name` is that of its URL), and an anchor on it.

    `page` is what it shows when that is neither topic nor section but something that an app above has added.
    """

    name: str
    topic: PublishedTopic | None = None
    section: PublishedSection | None = None
    anchor: str = ""
    page: Any = None


def spot_of(row: Model, course: PublishedCourse) -> Spot | None:
    """Return where readers of *course* find *row*; None if nowhere."""
    match row:
        case Course() | RelatedModule():
            return Spot("course")
        case GlossaryTerm():
            return Spot("glossary", anchor=f"term-{row.key}") if row.key in course.terms else None
        case Reference():
            return Spot("references", anchor=f"reference-{row.key}")
        case Topic():
            return _topic(row, course)
        case LearningObjective():
            return _topic(row.topic, course) if row.topic else Spot("course")
        case KeyPoint():
            return _topic(row.topic, course)
        case Section():
            topic = course.topic(row.topic.key)
            section = topic and topic.section(row.key)
            return Spot("section", topic, section) if section else None
        case Question():
            return _placed("reflection", row.prompt, course, f"answer-{row.prompt.key}-{row.key}")
        case ReflectionPrompt():
            return _placed("reflection", row, course, f"prompt-{row.key}")
        case CaseStudy():
            return _placed("case-study", row, course, f"case-{row.key}")
        case Figure():
            return _figure(row, course)
    spots = (addition.spot_of(row, course) for addition in additions())
    return next((spot for spot in spots if spot), None)


def _topic(row: Topic, course: PublishedCourse) -> Spot | None:
    topic = course.topic(row.key)
    return Spot("topic", topic) if topic else None


def _places(segments: list[Data], part: str, key: str) -> bool:
    return any(segment.get("part") == part and segment["key"] == key for segment in segments)


def _placed(part: str, row: ReflectionPrompt | CaseStudy, course: PublishedCourse, anchor: str) -> Spot | None:
    topic = course.topic(row.topic.key)
    for section in topic.sections if topic else []:
        if _places(section.segments, part, row.key):
            return Spot("section", topic, section, anchor)
    return None


def _figure(row: Figure, course: PublishedCourse) -> Spot | None:
    anchor = f"figure-{row.key}"
    if _places(course.segments, "figure", row.key):
        return Spot("course", anchor=anchor)
    for topic in course.topics:
        if _places(topic.segments, "figure", row.key):
            return Spot("topic", topic, anchor=anchor)
        for section in topic.sections:
            if _places(section.segments, "figure", row.key):
                return Spot("section", topic, section, anchor)
    return None


def site_url(row: Model) -> str | None:
    """Return the address where readers find *row*; None while they do not."""
    if row.pk is None:
        return None
    course = read(course_of(row))
    spot = spot_of(row, course)
    if spot is None:
        return None
    keys = [course.key, *(page.key for page in (spot.topic, spot.section, spot.page) if page)]
    return reverse(spot.name, args=keys) + (f"#{spot.anchor}" if spot.anchor else "")
