"""The course as readers see it: one document, made when an editor saves, kept in memory while people read.

`courses.document` gathers the content rows of a course into plain data, `Course.published` stores it, and `read` gives
it back as the objects below. A page of reading therefore needs no query for content, however many figures, cases and
terms are on it: the course row that comes with a person's enrolment says which version is current.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from courses.additions import additions
from courses.constants import MINUTES_PER_QUESTION, WORDS_PER_MINUTE
from courses.markdown import beneath
from courses.models import Course

# Versions of courses held in memory; older ones fall out.
KEEP_VERSIONS = 8

Data = dict[str, Any]


@dataclass
class PublishedSection:
    """One page of reading, with the ids of the questions that are placed in it."""

    id: int
    key: str
    title: str
    number: str
    words: int
    segments: list[Data]
    terms: list[str]
    question_ids: list[int]
    course_key: str = field(repr=False)
    topic_key: str = field(repr=False)

    @property
    def url(self) -> str:
        return self._reverse("section")

    @property
    def done_url(self) -> str:
        return self._reverse("section_done")

    @property
    def visit_url(self) -> str:
        return self._reverse("section_visit")

    @property
    def questions_total(self) -> int:
        return len(self.question_ids)

    @cached_property
    def minutes(self) -> int:
        """Minutes to read the section and answer its questions, at least one."""
        return max(1, round(self.words / WORDS_PER_MINUTE + self.questions_total * MINUTES_PER_QUESTION))

    def _reverse(self, name: str) -> str:
        return reverse(name, args=[self.course_key, self.topic_key, self.key])


@dataclass
class PublishedTopic:
    """A topic with everything that belongs to it."""

    id: int
    key: str
    number: int
    title: str
    short_title: str
    source: str
    segments: list[Data]
    terms: list[str]
    objectives: list[Data]
    key_points: list[Data]
    sections: list[PublishedSection]
    prompts: dict[str, Data]
    case_studies: dict[str, Data]
    references: list[Data]
    course_key: str = field(repr=False)

    @property
    def url(self) -> str:
        return reverse("topic", args=[self.course_key, self.key])

    @cached_property
    def minutes(self) -> int:
        return sum(section.minutes for section in self.sections)

    @cached_property
    def questions_total(self) -> int:
        return sum(section.questions_total for section in self.sections)

    @cached_property
    def printed(self) -> "PublishedTopic":
        """The topic with its sections on one page: their titles are headings there, and their ids must not meet."""
        return replace(
            self,
            sections=[
                replace(section, segments=_beneath(section.segments, f"section-{section.key}--"))
                for section in self.sections
            ],
            prompts={key: {**prompt, "segments": _beneath(prompt["segments"])} for key, prompt in self.prompts.items()},
            case_studies={
                key: {**case, "segments": _beneath(case["segments"])} for key, case in self.case_studies.items()
            },
        )

    def section(self, key: str) -> PublishedSection | None:
        """Return the section with *key*, or None."""
        return next((section for section in self.sections if section.key == key), None)


@dataclass
class PublishedCourse:
    """A course: its topics in order, and what all of them share."""

    id: int
    key: str
    title: str
    short_title: str
    language: str
    summary: str
    source: str
    segments: list[Data]
    credits: list[Data]
    objectives: list[Data]
    modules: dict[str, str]
    figures: dict[str, Data]
    own_terms: list[str]
    terms: dict[str, Data]
    references: list[Data]
    topics: list[PublishedTopic]
    # What apps above have added, by their names.
    added: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.short_title

    def get_absolute_url(self) -> str:
        return reverse("course", args=[self.key])

    def topic(self, key: str) -> PublishedTopic | None:
        """Return the topic with *key*, or None."""
        return next((topic for topic in self.topics if topic.key == key), None)

    def held_after(self, topic_key: str, section_key: str = "") -> list[Any]:
        """Return what apps above hold after a section or, without one, at a topic's end: each has title and url."""
        return [held for added in self.added.values() for held in added.held_after(topic_key, section_key)]

    @cached_property
    def held(self) -> list[Any]:
        """What apps above hold in the course, in its order: each has key, number, title and url."""
        return [held for added in self.added.values() for held in added.held]

    @cached_property
    def recalled_urls(self) -> list[str]:
        """Where apps above show what people's groups have worked out, for places where they plan next steps."""
        return [added.recalled_url for added in self.added.values() if added.recalled_url]

    def in_order(self) -> Iterator[tuple[Any, PublishedSection | None]]:
        """Yield everything that is held (with None) and every section (with None before it) as the course goes."""
        after = {held.key for topic in self.topics for held in self._held_in(topic)}
        opening = list(takewhile(lambda held: held.key not in after, self.held))
        yield from ((held, None) for held in opening)
        for topic in self.topics:
            for section in topic.sections:
                yield None, section
                yield from ((held, None) for held in self.held_after(topic.key, section.key))
            yield from ((held, None) for held in self.held_after(topic.key))
        yield from ((held, None) for held in self.held[len(opening) :] if held.key not in after)

    def _held_in(self, topic: PublishedTopic) -> Iterator[Any]:
        for key in ("", *(section.key for section in topic.sections)):
            yield from self.held_after(topic.key, key)

    @cached_property
    def sections(self) -> list[PublishedSection]:
        """All sections in reading order."""
        return [section for topic in self.topics for section in topic.sections]

    @cached_property
    def questions_total(self) -> int:
        return sum(topic.questions_total for topic in self.topics)

    @cached_property
    def minutes(self) -> int:
        return sum(topic.minutes for topic in self.topics)

    @cached_property
    def places(self) -> dict[int, tuple[PublishedTopic, PublishedSection]]:
        """Where each question stands, by its id."""
        return {
            question_id: (topic, section)
            for topic in self.topics
            for section in topic.sections
            for question_id in section.question_ids
        }

    def glossary(self, keys: list[str]) -> list[Data]:
        """Return the terms named by *keys* and by their definitions, in alphabetical order."""
        found: dict[str, Data] = {}
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if key in self.terms and key not in found:
                found[key] = self.terms[key]
                waiting += found[key]["terms"]
        return sorted(found.values(), key=lambda term: term["term"].casefold())


# --- Reading ------------------------------------------------------------------------------------------------

_kept: OrderedDict[tuple[int, int], PublishedCourse] = OrderedDict()


def read(course: Course) -> PublishedCourse:
    """Return the published form of *course*; from memory unless its version is new to this process.

    *course* may come without its `published` column (`Course.objects.light()`): that is fetched only when needed.
    """
    kept = _kept.get((course.pk, course.version))
    if kept is None:
        kept = _kept[course.pk, course.version] = assemble(course, course.published)
        if len(_kept) > KEEP_VERSIONS:
            _kept.popitem(last=False)
    return kept


def assemble(course: Course, document: Data) -> PublishedCourse:
    """Return *document*, as `build` makes it of *course*, as objects; nothing is kept."""
    # Titles by keys of an editor's choice, “html” among them: not for marking.
    data = _mark_html(document) | {"modules": document["modules"]}
    topics = [
        PublishedTopic(
            **{
                **topic,
                "course_key": course.key,
                "references": [row for row in data["references"] if topic["key"] in row["topics"]],
                "sections": [
                    PublishedSection(**section, course_key=course.key, topic_key=topic["key"])
                    for section in topic["sections"]
                ],
            }
        )
        for topic in data.pop("topics")
    ]
    added = data.pop("added", {})
    assembled = PublishedCourse(id=course.pk, key=course.key, topics=topics, **data)
    # A course that was published before an app came has nothing of it until it is published again.
    known = [addition for addition in additions() if addition.name in added]
    assembled.added = {addition.name: addition.assemble(added[addition.name], assembled) for addition in known}
    return assembled


def _mark_html(value: Any) -> Any:
    """Mark the clean HTML and SVG in published data as such: the one place where stored text is trusted as markup."""
    if isinstance(value, list):
        return [_mark_html(item) for item in value]
    if isinstance(value, dict):
        return {
            key: _safe(item) if key in {"html", "svg"} and isinstance(item, str) else _mark_html(item)
            for key, item in value.items()
        }
    return value


def _beneath(segments: list[Data], prefix: str = "") -> list[Data]:
    return [
        {**segment, "html": _safe(beneath(segment["html"], prefix))} if "html" in segment else segment
        for segment in segments
    ]


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308  courses.markdown and courses.svg cleaned it when it was saved
