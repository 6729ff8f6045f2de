"""Initiatives pinned to the parts of a figure, as pages show them.

A line of a phase's options is a part of the figure, with or without the branch that it stands on:

    Partnership and dialogue | Meetings in person
    Legal status for associations
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.live.state import State, Step
from activities.models import Example, ExampleQuestion
from activities.tools.note_moves import home_of

PART_MAX = Example._meta.get_field("part").max_length
_FEWEST, _MOST = 2, 40


@dataclass(frozen=True)
class Ask:
    """A field of an initiative: what it asks, and how long an answer may be."""

    key: str
    label: str | Promise
    most: int
    is_short: bool = False


def _ask(key: str, label: Promise, *, is_short: bool = False) -> Ask:
    return Ask(key, label, Example._meta.get_field(key).max_length, is_short)


ASKS = (
    _ask("what", gettext_lazy("What was it? A name, or a few words")),
    _ask("place", gettext_lazy("Where?"), is_short=True),
    _ask("year", gettext_lazy("When? A year, or from when to when"), is_short=True),
    _ask("who", gettext_lazy("Who did what?")),
    _ask("lesson", gettext_lazy("What was learned?")),
)


@dataclass(frozen=True)
class Pin:
    """An initiative as it may be seen: `by` is empty where names were promised not to be shown."""

    id: str
    part: str
    what: str
    place: str
    year: str
    who: str
    lesson: str
    by: str
    is_kept: bool
    is_hidden: bool
    is_told: bool
    is_from_paper: bool

    @property
    def where_and_when(self) -> str:
        return ", ".join(filter(None, [self.place, self.year]))


@dataclass
class Part:
    """A part of the figure with what is pinned to it."""

    name: str
    pins: list[Pin] = field(default_factory=list)
    is_marked: bool = False

    @property
    def count(self) -> int:
        return len(self.pins)


@dataclass
class Branch:
    """Parts that stand together in the figure."""

    name: str
    parts: list[Part]

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    @property
    def is_marked(self) -> bool:
        return any(part.is_marked for part in self.parts)


def split(line: str) -> tuple[str, str]:
    """Return the branch and the part that a line of options names."""
    branch, bar, part = line.partition("|")
    return (branch.strip(), part.strip()) if bar else ("", line.strip())


def part_names(step: Step) -> list[str]:
    """Return the parts of the figure, as they are called."""
    return [split(line)[1] for line in step.plan.options]


def faults_in(options: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with *options*, in words for an editor."""
    parts = [split(line)[1] for line in options]
    if not _FEWEST <= len(parts) <= _MOST:
        yield _("a figure has %(fewest)s to %(most)s parts, one a line.") % {"fewest": _FEWEST, "most": _MOST}
    for number, part in enumerate(parts, start=1):
        if not 0 < len(part) <= PART_MAX:
            yield _("line %(number)s needs words for the part, at most %(most)s letters.") % {
                "number": number,
                "most": PART_MAX,
            }
        elif part in parts[: number - 1]:
            yield _("line %(number)s: “%(part)s” is there already.") % {"number": number, "part": part}


def tells(step: Step) -> bool:
    """Return whether initiatives are told in *step*, not only recalled."""
    return step.plan.work == "plenary"


def telling_steps(state: State, home: Step) -> list[Step]:
    """Return the steps in which the initiatives of *home* are told to everybody."""
    return [step for step in state.steps if tells(step) and home_of(state, step) is home]


def are_told(state: State, home: Step) -> bool:
    """Return whether the telling has begun: until then every initiative is its author's alone."""
    return any(step.run.started_at for step in telling_steps(state, home))


def all_of(home: Step) -> list[Example]:
    """Return every initiative, kept with the run: a page that needs them twice asks once.

    In the order in which they were written or, without names, in one that says nothing.
    """
    rows = Example.objects.select_related("attendance__membership__user")
    prefetch_related_objects([home.run], Prefetch("examples", rows))
    return sorted(home.run.examples.all(), key=lambda row: row.pk if home.run.has_names else row.public_id)


def examples_of(home: Step) -> list[Example]:
    """Return the initiatives that their authors do not keep to themselves."""
    return [row for row in all_of(home) if not row.is_kept]


def telling_of(home: Step) -> Example | None:
    """Return the initiative that is being told, with its questions; None if there is none."""
    board = getattr(home.run, "example_board", None)
    rows = (row for row in examples_of(home) if not row.is_hidden)
    found = next((row for row in rows if board and row.pk == board.telling_id), None)
    if found:
        questions = ExampleQuestion.objects.select_related("attendance__membership__user")
        prefetch_related_objects([found], Prefetch("questions", questions))
    return found


def pin_of(row: Example, *, has_names: bool) -> Pin:
    """Return an initiative as it may be seen."""
    by = row.attendance.membership.user.name if has_names and row.attendance else ""
    words = [getattr(row, ask.key) for ask in ASKS]
    return Pin(
        str(row.public_id), row.part, *words, by, row.is_kept, row.is_hidden, row.is_told, row.paper_id is not None
    )


def branches_of(home: Step, pins: Iterable[Pin], marked: str = "") -> list[Branch]:
    """Return the figure with *pins* on its parts; at its end, parts that an editor has renamed since."""
    pins = list(pins)
    lines = [split(line) for line in home.plan.options]
    known = {part for _branch, part in lines}
    lines += [("", part) for part in dict.fromkeys(pin.part for pin in pins) if part not in known]
    return [
        Branch(name, [Part(part, [pin for pin in pins if pin.part == part], part == marked) for _name, part in rows])
        for name, rows in groupby(lines, key=lambda line: line[0])
    ]


def form_of(suffix: str = "", row: Example | None = None) -> list[dict[str, object]]:
    """Return the fields of an initiative's form, whose names end in *suffix*, with what *row* says already."""
    return [
        {"ask": ask, "name": f"text-{ask.key}{suffix}", "value": getattr(row, ask.key) if row else ""} for ask in ASKS
    ]


def asked(row: ExampleQuestion, *, has_names: bool) -> dict[str, Any]:
    """Return a question about an initiative as it may be seen."""
    return {
        "id": str(row.public_id),
        "text": row.text,
        "by": row.attendance.membership.user.name if has_names else "",
        "is_answered": row.is_answered,
        "is_hidden": row.is_hidden,
    }
