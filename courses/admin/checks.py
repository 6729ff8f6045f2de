"""What a change would break, with the place of it; and what is only worth knowing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from courses.coursefiles.links import added_links, bodies_of, check_body, known_in, placed_prompts
from courses.markdown import MarkdownError
from courses.models import Course, Section


@dataclass(frozen=True)
class Flaw:
    """Something that is not in order on *line* of the text *field* of *row* (0: the field as a whole)."""

    row: Model
    field: str
    line: int
    reason: str

    @property
    def identity(self) -> tuple[Model, str, str]:
        """What stays the same when lines move."""
        return self.row, self.field, self.reason

    def __str__(self) -> str:
        return _("Line %(line)s: %(reason)s") % {"line": self.line, "reason": self.reason} if self.line else self.reason

    @property
    def with_place(self) -> str:
        return f"{name_of(self.row)}: {self}"


Errors = dict[str | None, list[str]]


class RefusedError(Exception):
    """A change that is not made; `errors` says why, by field (None: the whole form)."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(str(errors))
        self.errors = errors


def name_of(row: Model) -> str:
    """Return what kind of thing *row* is, and its name."""
    return _("%(kind)s “%(name)s”") % {"kind": capfirst(row._meta.verbose_name), "name": row}


def flaws(course: Course) -> list[Flaw]:
    """Return everything in the texts of *course* that the importer would refuse."""
    known = known_in(course)
    found = []
    for row, field, topic in bodies_of(course):
        model = type(row) if field == "body" else None
        for fault in check_body(getattr(row, field), model, known, topic):
            found.append(Flaw(row, field, fault.line, fault.reason))
    return found + list(_placed_twice(course)) + list(_archived(course))


def _archived(course: Course) -> Iterator[Flaw]:
    """Yield where something that an app above has added names what is out of the course."""
    for row, field, other in added_links(course):
        if getattr(other, "archived_at", None):
            yield Flaw(row, field, 0, _("%(name)s is archived.") % {"name": name_of(other)})


def _placements(course: Course) -> dict[tuple[int, str], list[tuple[Section, int]]]:
    """Return where each point for reflection is placed, by the id of its topic and its key."""
    places = defaultdict(list)
    for row, field, _topic in bodies_of(course):
        if isinstance(row, Section):
            try:
                marks = placed_prompts(getattr(row, field))
            except MarkdownError:
                continue  # `flaws` says so; what this text places is unknown.
            for mark in marks:
                places[row.topic_id, mark.key].append((row, mark.line))
    return places


def _placed_twice(course: Course) -> Iterator[Flaw]:
    for (_topic, key), places in _placements(course).items():
        for index, (section, line) in enumerate(places):
            others = [other for place, (other, _line) in enumerate(places) if place != index]
            if others:
                reason = _("The point for reflection “%(key)s” is placed in %(section)s, too.")
                yield Flaw(section, "body", line, reason % {"key": key, "section": name_of(others[0])})


def refuse_new_flaws(row: Model, course: Course, before: list[Flaw]) -> None:
    """Raise RefusedError if *row* is not in order, or if something in *course* is not that was before."""
    known = {flaw.identity for flaw in before}
    new = [flaw for flaw in flaws(course) if flaw.row == row or flaw.identity not in known]
    own = [flaw for flaw in new if flaw.row == row]
    if own:
        errors: Errors = defaultdict(list)
        for flaw in own:
            errors[flaw.field].append(str(flaw))
        raise RefusedError(dict(errors))
    if new:
        raise RefusedError({None: [flaw.with_place for flaw in new]})


def warnings(course: Course) -> list[str]:
    """Return what an editor should know after a change, although it is allowed on the way to a better course."""
    placed = _placements(course)
    return [
        _("%(prompt)s is in no section, so readers do not see it. Place it with “:::reflection %(key)s”.")
        % {"prompt": name_of(prompt), "key": prompt.key}
        for topic in course.topics.current()
        for prompt in topic.prompts.current()
        if (topic.pk, prompt.key) not in placed
    ]
