"""What stands in which file: the table of docs/content-format.md, for reading and for writing."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models

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


@dataclass(frozen=True)
class Shape:
    """One kind of content.

    *fields* are its plain texts in the order in which they are written. *lists* are its lists by their name in the
    file, which is also the name of the relation. `has_topics`: it has a list of topic keys. *body* names the field
    (in files of a YAML list, where there is no body below) that holds the body.
    """

    model: type[models.Model]
    fields: tuple[str, ...]
    lists: dict[str, "Shape"] = field(default_factory=dict)
    body: str = ""
    has_topics: bool = False

    @property
    def name(self) -> str:
        """What the thing is called in messages."""
        return self.model._meta.verbose_name.lower()

    def names(self) -> tuple[str, ...]:
        """Return the names of everything that may be given."""
        body = (self.body,) if self.body else ()
        return (*self.fields, *body, *(("topics",) if self.has_topics else ()), *self.lists)

    def is_required(self, name: str) -> bool:
        """Return whether the field *name* must hold text."""
        return name == self.body or (name in self.fields and not self.model._meta.get_field(name).blank)


MODULE = Shape(RelatedModule, ("title",))
OBJECTIVE = Shape(LearningObjective, ("text",))
KEY_POINT = Shape(KeyPoint, ("text",))
QUESTION = Shape(Question, ("text", "hint"))
COURSE = Shape(
    Course,
    ("title", "short_title", "language", "summary", "source"),
    {"objectives": OBJECTIVE, "related_modules": MODULE},
)
TOPIC = Shape(Topic, ("title", "short_title", "source"), {"objectives": OBJECTIVE, "key_points": KEY_POINT})
SECTION = Shape(Section, ("title",))
PROMPT = Shape(ReflectionPrompt, ("title",), {"questions": QUESTION})
CASE_STUDY = Shape(CaseStudy, ("title", "kind", "place", "period", "partners"))
FIGURE = Shape(Figure, ("title", "caption"))
TERM = Shape(GlossaryTerm, ("term",), body="definition", has_topics=True)
REFERENCE = Shape(Reference, ("authors", "year", "title", "publisher", "url", "note"), has_topics=True)


@dataclass
class Item:
    """One thing of a course, as its files say. Lines count from 1; *body_line* is that of the body's first line."""

    shape: Shape
    key: str
    path: str
    line: int = 1
    position: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    body_line: int = 1
    children: dict[str, list["Item"]] = field(default_factory=dict)
    topics: list[str] = field(default_factory=list)

    def all(self, relation: str) -> list["Item"]:
        """Return the children in *relation*, in order."""
        return self.children.get(relation, [])
