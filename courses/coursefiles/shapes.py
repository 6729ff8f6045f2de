"""What stands in which file: the table of docs/content-format.md, for reading and for writing."""

from collections.abc import Iterator
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
from courses.models.content import BodyField, Compiled


@dataclass(frozen=True)
class Shape:
    """One kind of content.

    *fields* are those of the model in the order in which they are written; what each may hold, the model says: text,
    a whole number, `true` or `false`, Markdown, the key of something else in the course or, for many, a list of keys.
    *lists* are its lists of smaller things by their name in the file, which is also the name of the relation; they come
    last unless *fields* names them. *body* names the field (in files of a YAML list, where there is no body below) that
    holds the body.
    """

    model: type[models.Model]
    fields: tuple[str, ...]
    lists: dict[str, "Shape"] = field(default_factory=dict)
    body: str = ""

    @property
    def name(self) -> str:
        """What the thing is called in messages."""
        return self.model._meta.verbose_name.lower()

    def names(self) -> tuple[str, ...]:
        """Return the names of everything that may be given."""
        return (*self.fields, *(name for name in self.lists if name not in self.fields))

    def own(self) -> dict[str, models.Field]:
        """Return the fields of the model that are written, without lists of smaller things and the body."""
        names = (name for name in self.fields if name not in self.lists and name != self.body)
        return {name: self.model._meta.get_field(name) for name in names}

    def bodies(self) -> tuple[str, ...]:
        """Return the names of the fields that hold Markdown."""
        return ("body", *(name for name, field in self.own().items() if isinstance(field, BodyField)))

    def links(self) -> dict[str, models.Field]:
        """Return the fields that name other things of the course by their keys."""
        return {name: field for name, field in self.own().items() if field.is_relation}

    def is_required(self, name: str) -> bool:
        """Return whether the field *name* must hold something."""
        if name == "body":
            field = self.model._meta.get_field(name) if issubclass(self.model, Compiled) else None
            return field is not None and not field.blank
        return name == self.body or (name in self.own() and not self.model._meta.get_field(name).blank)


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
PROMPT = Shape(ReflectionPrompt, ("title", "for_next_steps"), {"questions": QUESTION})
CASE_STUDY = Shape(CaseStudy, ("title", "kind", "place", "period", "partners"))
FIGURE = Shape(Figure, ("title", "caption"))
TERM = Shape(GlossaryTerm, ("term", "definition", "topics"), body="definition")
REFERENCE = Shape(Reference, ("authors", "year", "title", "publisher", "url", "note", "topics"))


@dataclass(frozen=True)
class Part:
    """A folder for one kind of thing, each numbered for its place; its name is also that of the relation.

    Each is a file `NN-KEY.md` or, with *file*, a folder `NN-KEY` that holds this file and the folders of *parts*.
    Keys in *reserved* cannot be used.
    """

    folder: str
    shape: Shape
    file: str = ""
    parts: tuple["Part", ...] = ()
    reserved: frozenset[str] = frozenset()


def current(rows: Any) -> list[Any]:
    """Return the rows of a relation that are in the course, in their order."""
    return [row for row in rows.all() if getattr(row, "archived_at", None) is None]


@dataclass
class Item:
    """One thing of a course, as its files say.

    Lines count from 1; *body_line* is that of the body's first line, and for other Markdown *lines* has the same.
    *keys* are those of other things that it names, by field.
    """

    shape: Shape
    key: str
    path: str
    line: int = 1
    position: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    body_line: int = 1
    children: dict[str, list["Item"]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)

    def all(self, relation: str) -> list["Item"]:
        """Return the children in *relation*, in order."""
        return self.children.get(relation, [])

    def below(self) -> Iterator["Item"]:
        """Yield everything that belongs to it, directly or not."""
        for children in self.children.values():
            for child in children:
                yield child
                yield from child.below()
