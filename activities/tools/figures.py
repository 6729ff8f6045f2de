"""The figures that groups have put together in a puzzle, as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import JSONField, Prefetch, Q, Value, prefetch_related_objects
from django.db.models.functions import JSONObject

from activities.live.state import State, Step
from activities.models import Attendance, Group, Missing, Phase, PuzzlePart
from activities.models.content import option_lines
from activities.tools.frame import Frame, frame_of, parts_from


@dataclass
class Figure:
    """What a group has made of the puzzle, or without *group* all together: its figure, and what it finds missing."""

    group: Group | None
    frame: Frame
    missing: list[Missing]
    is_from_paper: bool

    @property
    def number(self) -> int:
        """The group's number; 0 for the figure of all."""
        return self.group.number if self.group else 0

    @property
    def anchor(self) -> str:
        """The id of its words on a page that shows it once."""
        return f"figure-words-{self.number}"

    @property
    def shown(self) -> list[Missing]:
        """What it finds missing and those who facilitate have not hidden."""
        return [row for row in self.missing if not row.is_hidden]

    @property
    def has_anything(self) -> bool:
        return bool(self.frame.placed_count or self.missing)

    @property
    def stamp(self) -> tuple[object, ...]:
        """What changes with everything in it."""
        laid = tuple(slot.piece.piece if slot.piece else 0 for slot in self.frame.slots)
        return (*laid, self.is_from_paper, *((row.pk, row.is_hidden) for row in self.missing))


def parts_of(step: Step) -> list[PuzzlePart]:
    """Return the parts of the puzzle of *step*, as the session holds them.

    Each has `lying`: the piece that lies there, by group and entry from paper.
    """
    lying = JSONBAgg(
        JSONObject(group="holds__group_id", paper="holds__paper_id", piece="holds__piece_id"),
        filter=Q(holds__isnull=False),
        default=Value([], JSONField()),
    )
    # Where rows are put together, the order of the model does not hold.
    parts = PuzzlePart.objects.annotate(lying=lying).order_by("place")
    # Kept with the run: a page that needs them twice asks once.
    prefetch_related_objects([step.run], Prefetch("puzzle_parts", parts))
    return list(step.run.puzzle_parts.all())


def parts_for(phase: Phase) -> list[PuzzlePart]:
    """Return the parts of the puzzle of *phase* as an editor has it now."""
    return parts_from(option_lines(phase.options))


def figures_of(state: State, step: Step) -> list[Figure]:
    """Return every group's figure, and that of all if there are no groups or it is not empty."""
    prefetch_related_objects([step.run], "missing")
    parts = parts_of(step)
    by_pk = {part.pk: part for part in parts}
    lying = [(row["group"], row["paper"] or 0, part.place, row["piece"]) for part in parts for row in part.lying]

    def figure(group: Group | None) -> Figure:
        pk = group.pk if group else None
        # What is keyed in from paper counts, and of that the last.
        counts = max((paper for of, paper, _place, _piece in lying if of == pk), default=0)
        laid = {place: by_pk[piece] for of, paper, place, piece in lying if (of, paper) == (pk, counts)}
        missing = [one for one in step.run.missing.all() if one.group_id == pk]
        return Figure(group, frame_of(parts, laid), missing, bool(counts))

    found = [figure(group) for group in (*state.groups, None)]
    return [one for one in found if one.group or one.has_anything or len(found) == 1]


def figure_for(figures: Sequence[Figure], group: Group | None) -> Figure | None:
    """Return the figure of *group* among *figures*."""
    return next((figure for figure in figures if figure.group == group), None)


def works_on(state: State, attendance: Attendance) -> tuple[bool, Group | None]:
    """Return whether somebody works on a figure, and whose: their group's, or while there are no groups that of all."""
    if attendance.membership.is_facilitator:
        return False, None
    group = state.group_of(attendance)
    return group is not None or not state.groups, group
