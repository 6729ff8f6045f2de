"""The frame of a figure: numbered places on a grid, as a phase's options describe them, one part a line.

    A1:C1 | Territory of origin
    B2 up | knowledge, a voice

The cells are named as in a spreadsheet. A part with an arrow is a link between the boxes that it points from and to.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from activities.models import PuzzlePart
from activities.models.puzzle import PART_MAX

_COLUMNS, _ROWS = "ABCDEFGH", 12
_FEWEST, _MOST = 3, 40
_ARROWS = "|".join(sorted(PuzzlePart.Arrow.values, key=len, reverse=True))
_CELL = rf"([{_COLUMNS}])([1-9][0-9]?)"
_LINE = re.compile(rf"{_CELL}(?::{_CELL})?(?:\s+({_ARROWS}))?\s*\|\s*(.*)")
# From where to where an arrow points: steps in columns and rows.
_STEPS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0), "up-down": (0, -1), "left-right": (1, 0)}

Cell = tuple[int, int]


@dataclass
class Slot:
    """A place of the frame, the *piece* that lies there, and for a link the boxes that it points from and to."""

    part: PuzzlePart
    piece: PuzzlePart | None = None
    tail: PuzzlePart | None = None
    head: PuzzlePart | None = None

    @property
    def number(self) -> int:
        return self.part.place

    @property
    def where(self) -> str:
        """What the place is, in words."""
        if not self.part.arrow:
            return _("box in row %(row)s") % {"row": self.part.top}
        between = {"tail": self.tail.place if self.tail else "–", "head": self.head.place if self.head else "–"}
        if "-" in self.part.arrow:
            return _("arrow in both directions, between places %(tail)s and %(head)s") % between
        return _("arrow from place %(tail)s to place %(head)s") % between

    @property
    def is_different(self) -> bool:
        """Whether something else lies here than in the original; parts with the same words are alike."""
        return self.piece is None or self.piece.text != self.part.text


@dataclass
class Frame:
    """All places with what lies there: in their order, and row by row as they are drawn (None: an empty cell)."""

    slots: list[Slot]
    rows: list[list[Slot | None]]

    @property
    def placed_count(self) -> int:
        return sum(slot.piece is not None for slot in self.slots)

    @property
    def different(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.is_different]


def parts_from(options: Sequence[str]) -> list[PuzzlePart]:
    """Return the parts that *options* describe, not stored; lines that describe none are left out.

    Pieces are numbered in the order of their words, which tells nothing of their places.
    """
    found = [match for match in map(_LINE.fullmatch, options) if match]
    order = sorted(range(len(found)), key=lambda place: (found[place][6].casefold(), place))
    return [
        PuzzlePart(place=place + 1, piece=order.index(place) + 1, arrow=match[5] or "", text=match[6], **_box(match))
        for place, match in enumerate(found)
    ]


def faults_in(options: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with *options*, in words for an editor."""
    taken: dict[Cell, int] = {}
    for number, line in enumerate(options, start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            yield _(
                "line %(number)s is no part of a figure: write cells, perhaps an arrow, and words, as in "
                "“A1:C1 | Territory of origin” or “B2 up | knowledge” (arrows: %(arrows)s)."
            ) % {"number": number, "arrows": ", ".join(PuzzlePart.Arrow.values)}
            continue
        cells = _cells(**_box(match))
        if not 0 < len(match[6]) <= PART_MAX:
            yield _("line %(number)s needs words, at most %(most)s letters.") % {"number": number, "most": PART_MAX}
        if not cells or max(row for _column, row in cells) > _ROWS:
            yield _("line %(number)s: cells go from A1 to H12, and from the first to the last.") % {"number": number}
        if others := {taken[cell] for cell in cells if cell in taken}:
            yield _("lines %(other)s and %(number)s share a cell.") % {"other": min(others), "number": number}
        taken.update(dict.fromkeys(cells, number))
    if not _FEWEST <= len(options) <= _MOST:
        yield _("a puzzle has %(fewest)s to %(most)s parts, one a line.") % {"fewest": _FEWEST, "most": _MOST}
    for slot in frame_of(parts_from(options)).slots:
        if slot.part.arrow and not (slot.tail and slot.head):
            yield _("the arrow “%(text)s” needs a box at both of its ends.") % {"text": slot.part.text}


def frame_of(parts: Sequence[PuzzlePart], laid: Mapping[int, PuzzlePart] | None = None) -> Frame:
    """Return the frame of *parts* with the pieces that are *laid* in it, by the number of their place."""
    laid = laid or {}
    holders = {cell: part for part in parts for cell in _cells(part.left, part.top, part.width, part.height)}
    slots = [Slot(part, laid.get(part.place), *_ends(part, holders)) for part in parts]
    by_start = {(slot.part.left, slot.part.top): slot for slot in slots}
    columns = range(1, max((column for column, _row in holders), default=0) + 1)
    rows = range(1, max((row for _column, row in holders), default=0) + 1)
    return Frame(
        slots,
        [
            [by_start.get((column, row)) for column in columns if (column, row) not in holders.keys() - by_start.keys()]
            for row in rows
        ],
    )


def original_of(parts: Sequence[PuzzlePart]) -> Frame:
    """Return the figure as it is."""
    return frame_of(parts, {part.place: part for part in parts})


def _box(match: re.Match) -> dict[str, int]:
    left, top = _COLUMNS.index(match[1]) + 1, int(match[2])
    right, bottom = (_COLUMNS.index(match[3]) + 1, int(match[4])) if match[3] else (left, top)
    return {"left": left, "top": top, "width": max(right - left + 1, 0), "height": max(bottom - top + 1, 0)}


def _cells(left: int, top: int, width: int, height: int) -> list[Cell]:
    return [(column, row) for column in range(left, left + width) for row in range(top, top + height)]


def _ends(part: PuzzlePart, holders: Mapping[Cell, PuzzlePart]) -> tuple[PuzzlePart | None, PuzzlePart | None]:
    """Return the boxes from which and to which an arrow points."""
    if not part.arrow:
        return None, None
    across, down = _STEPS[part.arrow]
    ahead = (part.left + (part.width - 1) * (across > 0), part.top + (part.height - 1) * (down > 0))
    behind = (part.left + (part.width - 1) * (across < 0), part.top + (part.height - 1) * (down < 0))
    return _box_from(behind, (-across, -down), holders), _box_from(ahead, (across, down), holders)


def _box_from(cell: Cell, step: Cell, holders: Mapping[Cell, PuzzlePart]) -> PuzzlePart | None:
    column, row = cell
    while 1 <= column <= len(_COLUMNS) and 1 <= row <= _ROWS:
        column, row = column + step[0], row + step[1]
        found = holders.get((column, row))
        if found and not found.arrow:
            return found
    return None
