"""An agenda proposed for a cohort: what is to be held and read, around what is on its plan, day by day."""

import datetime as dt
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from activities.agenda import Agenda, Block, propose, windows_of
from activities.models import Activity
from cohorts.models import Cohort, PlanItem
from courses.published import PublishedCourse

# A point of the plan that has a time but no length takes so long.
_MINUTES = 60
# A gap is worth a line from so many minutes on; a meal takes some more, and begins about noon; a long one is no pause.
_GAP, _MEAL, _NOON, _LONG = 5, 30, (11 * 60, 14 * 60), 120
_STEP = 5
_READING, _ACTIVITY = PlanItem.Kind.READING, PlanItem.Kind.ACTIVITY


@dataclass(frozen=True)
class Wish:
    """What a facilitator asks for; times in minutes since midnight. `minutes`: of each activity that is held."""

    days: list[dt.date]
    hours: tuple[int, int]
    lunch: tuple[int, int]
    pause: int
    reads: bool
    moves: bool
    minutes: dict[str, int]


@dataclass(frozen=True)
class Line:
    """Something on an agenda, by the clock where the cohort meets; `kind` is that of the plan, or empty for a pause.

    `is_planned`: it was on the plan before, among what is proposed.
    """

    start: int
    end: int
    title: str
    kind: str = ""
    url: str = ""
    is_planned: bool = False

    @property
    def starts(self) -> dt.time:
        return clock(self.start)

    @property
    def ends(self) -> dt.time:
        return clock(self.end)


@dataclass
class Proposal:
    """The agenda with its lines by day. `points` are what would be put on the plan, or moved there.

    `planned_count`: how much of what was asked for is on the plan already.
    """

    agenda: Agenda
    days: list[tuple[dt.date, list[Line]]]
    points: list[PlanItem]
    planned_count: int
    reads: bool

    @property
    def beforehand(self) -> list[tuple[Block, dt.date]]:
        """What is to be read before, each by a day."""
        days = [day for day, _lines_of_day in self.days]
        return [(block, _before(days, day)) for block, day in self.agenda.moved]

    @property
    def missing_minutes(self) -> int:
        """How much time is missing for what was to be done in the room."""
        left_out = sum(block.minutes for block in self.agenda.left_out)
        return self.agenda.short_by if self.reads else left_out

    @property
    def stamp(self) -> str:
        """What tells this proposal from another."""
        rows = [
            (row.pk, row.kind, row.section_id, row.activity_key, row.on, row.at, row.minutes) for row in self.points
        ]
        return f"{zlib.crc32(repr(rows).encode()):x}"


def proposal_for(cohort: Cohort, course: PublishedCourse, wish: Wish) -> Proposal:
    """Return what *wish* comes to with the plan as it is now."""
    plan = list(cohort.plan.all())
    known: dict[str, PlanItem] = {}
    for item in plan:
        if item.kind in (_READING, _ACTIVITY):
            known.setdefault(_key(item), item)
    asked = list(_blocks(course, wish))
    blocks = [block for block in asked if wish.moves or block.key not in known]
    moving = {known[block.key].pk for block in blocks if block.key in known}
    fixed = [item for item in plan if item.at and item.on in wish.days and item.pk not in moving]
    taken = [(wish.days.index(item.on), *_span(item)) for item in fixed]
    taken += [(day, *wish.lunch) for day in range(len(wish.days)) if wish.lunch[0] < wish.lunch[1]]
    in_room = [block for block in blocks if wish.reads or not block.is_reading]
    agenda = propose(in_room, windows_of(len(wish.days), wish.hours, taken), wish.pause)
    if not wish.reads:
        agenda.moved = _beforehand(blocks, agenda)
    points = [_point(cohort, slot.block, known, wish.days[slot.day], slot.start) for slot in agenda.slots]
    points += [_point(cohort, block, known, _before(wish.days, day)) for block, day in agenda.moved]
    return Proposal(
        agenda, _lines(course, wish, agenda, fixed), points, sum(block.key in known for block in asked), wish.reads
    )


def gaps_filled(lines: Iterable[Line]) -> list[Line]:
    """Return *lines* in their order, with the pauses between them."""
    ordered = sorted(lines, key=lambda line: (line.start, line.end))
    filled = ordered[:1]
    for before, after in pairwise(ordered):
        if after.start - before.end >= _GAP:
            filled.append(Line(before.end, after.start, _pause(before.end, after.start)))
        filled.append(after)
    return filled


def round_up(minutes: int) -> int:
    """Return *minutes* as an agenda says them: in steps of five."""
    return -(-minutes // _STEP) * _STEP


def clock(minutes: int) -> dt.time:
    """Return a moment of a day, given in minutes since midnight, as the clock shows it."""
    return dt.time(*divmod(min(minutes, 24 * 60 - 1), 60))


def line_of(item: PlanItem, title: str, url: str = "", *, is_planned: bool = False) -> Line:
    """Return a point of the plan that has a time as a line."""
    return Line(*_span(item), title, item.kind, url, is_planned)


def _blocks(course: PublishedCourse, wish: Wish) -> Iterable[Block]:
    """Yield what is read and held, in the order of the course."""
    for held, section in course.in_order():
        if section:
            title = f"{section.number} {section.title}"
            yield Block(f"section-{section.id}", title, round_up(section.minutes), is_reading=True)
        elif held.key in wish.minutes:
            is_bound = held.stage != Activity.Stage.TOPIC
            yield Block(held.key, f"{held.number}. {held.title}", wish.minutes[held.key], is_bound=is_bound)


def _beforehand(blocks: list[Block], agenda: Agenda) -> list[tuple[Block, int]]:
    """Return all readings, each with the day of the next activity; those after the last one with the last day."""
    days = {slot.block: slot.day for slot in agenda.slots}
    needed, found = agenda.slots[-1].day if agenda.slots else 0, []
    for block in reversed(blocks):
        needed = days.get(block, needed)
        if block.is_reading:
            found.append((block, needed))
    return found[::-1]


def _before(days: list[dt.date], day: int) -> dt.date:
    """Return the day by which something is read that is needed on one of *days*."""
    return days[day] - dt.timedelta(days=1)


def _point(cohort: Cohort, block: Block, known: dict[str, PlanItem], on: dt.date, start: int | None = None) -> PlanItem:
    """Return the point of the plan for *block*, not saved: a new one, or the one there is with its new time."""
    item = known.get(block.key) or PlanItem(cohort=cohort, kind=_READING if block.is_reading else _ACTIVITY)
    if item.pk is None and block.is_reading:
        item.section_id = int(block.key.removeprefix("section-"))
    elif item.pk is None:
        item.activity_key = block.key
    item.on, item.at = on, None if start is None else clock(start)
    item.minutes = block.minutes
    return item


def _lines(
    course: PublishedCourse, wish: Wish, agenda: Agenda, fixed: list[PlanItem]
) -> list[tuple[dt.date, list[Line]]]:
    titles = {f"section-{section.id}": f"{section.number} {section.title}" for section in course.sections}
    titles |= {held.key: f"{held.number}. {held.title}" for held in course.held}
    by_day: dict[dt.date, list[Line]] = {day: [] for day in wish.days}
    for slot in agenda.slots:
        kind = _READING if slot.block.is_reading else _ACTIVITY
        by_day[wish.days[slot.day]].append(Line(slot.start, slot.end, slot.block.title, kind))
    for item in fixed:
        by_day[item.on].append(line_of(item, item.title or titles.get(_key(item), ""), is_planned=True))
    return [(day, gaps_filled(lines)) for day, lines in by_day.items()]


def _key(item: PlanItem) -> str:
    return f"section-{item.section_id}" if item.kind == _READING else item.activity_key


def _span(item: PlanItem) -> tuple[int, int]:
    start = item.at.hour * 60 + item.at.minute
    return start, start + (item.minutes or _MINUTES)


def _pause(start: int, end: int) -> str:
    if end - start > _LONG:
        return _("Free time")
    return _("Lunch") if end - start >= _MEAL and _NOON[0] <= start <= _NOON[1] else _("Break")
