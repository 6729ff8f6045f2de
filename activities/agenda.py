"""Finding times for what a cohort does on its days: whole activities and readings, in their order, with pauses.

Nothing here asks the database. A moment is a day's place among the days and the minutes since its midnight.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# Nobody sits longer than this without a pause, unless one thing takes so long; and a pause comes after so much work.
_WORK_MOST = 120
_WORK_ENOUGH = 75


@dataclass(frozen=True)
class Block:
    """Something to do for so many minutes at a stretch.

    Reading can be done beforehand instead; what is *bound*, as the opening and the end, is the last to be left out.
    """

    key: str
    title: str
    minutes: int
    is_reading: bool = False
    is_bound: bool = False


@dataclass(frozen=True)
class Window:
    """Free time on a day."""

    day: int
    start: int
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Slot:
    """A block at its time."""

    block: Block
    day: int
    start: int

    @property
    def end(self) -> int:
        return self.start + self.block.minutes


@dataclass
class Agenda:
    """What fits, and what does not: *moved* are readings for the time before, by the day that they are needed on."""

    slots: list[Slot]
    moved: list[tuple[Block, int]] = field(default_factory=list)
    left_out: list[Block] = field(default_factory=list)

    @property
    def short_by(self) -> int:
        """How many minutes of what was asked for do not fit."""
        return sum(block.minutes for block in (*(block for block, _day in self.moved), *self.left_out))


def windows_of(days: int, hours: tuple[int, int], taken: Iterable[tuple[int, int, int]]) -> list[Window]:
    """Return what is free of each day's *hours*, from and to, when *taken* (day, from, to) is not."""
    by_day: dict[int, list[tuple[int, int]]] = {}
    for day, start, end in taken:
        by_day.setdefault(day, []).append((start, end))
    windows = []
    for day in range(days):
        clock = hours[0]
        for start, end in sorted(by_day.get(day, [])):
            if clock < min(start, hours[1]):
                windows.append(Window(day, clock, min(start, hours[1])))
            clock = max(clock, end)
        if clock < hours[1]:
            windows.append(Window(day, clock, hours[1]))
    return windows


def pack(blocks: Sequence[Block], windows: Sequence[Window], pause: int) -> tuple[list[Slot], list[Block]]:
    """Put *blocks* into *windows* one after the other, a *pause* between where people have sat long enough.

    Returns them at their times, and those for which no time is left. Their order is kept.
    """
    slots: list[Slot] = []
    rest = []
    here, clock, worked = 0, windows[0].start if windows else 0, 0
    for block in blocks:
        for place in range(here, len(windows)):
            start, sat = (clock, worked) if place == here else (windows[place].start, 0)
            if sat and (sat >= _WORK_ENOUGH or sat + block.minutes > _WORK_MOST):
                start, sat = start + pause, 0
            if start + block.minutes <= windows[place].end:
                slots.append(Slot(block, windows[place].day, start))
                here, clock, worked = place, start + block.minutes, sat + block.minutes
                break
        else:
            rest.append(block)
    return slots, rest


def propose(blocks: Sequence[Block], windows: Sequence[Window], pause: int) -> Agenda:
    """Return the agenda of *blocks* in *windows*.

    Where they do not fit, reading is moved to the time before, the longest first; then activities are left out, the
    latest first. Nothing is moved or left out that would fit.
    """
    longest = max((window.minutes for window in windows), default=0)
    kept = [block for block in blocks if block.minutes <= longest]
    removed: list[Block] = []
    slots, rest = pack(kept, windows, pause)
    while rest:
        removed.append(_first_to_go(kept, rest))
        kept.remove(removed[-1])
        slots, rest = pack(kept, windows, pause)
    # What went early may fit again beside what has stayed.
    for block in reversed(removed):
        more = [one for one in blocks if one in kept or one is block]
        placed, rest = pack(more, windows, pause)
        if not rest:
            kept, slots = more, placed
    gone = [block for block in blocks if block not in kept]
    return Agenda(
        slots,
        moved=[(block, _needed_on(block, blocks, slots)) for block in gone if block.is_reading],
        left_out=[block for block in gone if not block.is_reading],
    )


def _first_to_go(kept: list[Block], rest: list[Block]) -> Block:
    readings = [block for block in kept if block.is_reading]
    if readings:
        return max(readings, key=lambda block: block.minutes)
    return next((block for block in reversed(kept) if not block.is_bound), rest[-1])


def _needed_on(reading: Block, blocks: Sequence[Block], slots: Sequence[Slot]) -> int:
    """Return the day on which what follows *reading* is done; the last one if nothing does."""
    later = set(blocks[blocks.index(reading) :])
    return next((slot.day for slot in slots if slot.block in later), slots[-1].day if slots else 0)
