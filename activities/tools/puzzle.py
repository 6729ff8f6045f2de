"""A puzzle: each group puts the pieces of one figure into the places of its frame, all of a group on the same figure.

Nothing is graded while people work, and no group sees the figure of another before it is shown.
"""

from typing import Any

from django.utils.translation import gettext as _

from activities.live.clock import is_open
from activities.live.state import State, Step
from activities.models import Attendance, PuzzlePart, SessionPhase
from activities.tools import frame, puzzle_moves
from activities.tools.base import Carried, Keyed, Tool
from activities.tools.figures import Figure, figure_for, figures_of, parts_for, parts_of, works_on
from cohorts.report import Cell


class Puzzle(Tool):
    """See the module."""

    name = "puzzle"

    def __init__(self) -> None:
        self.actions = puzzle_moves.ACTIONS
        self.host_actions = puzzle_moves.HOST_ACTIONS

    def faults(self, options: list[str], questions: int) -> Any:
        """Yield what is wrong with the parts of the figure."""
        return frame.faults_in(options)

    def open(self, run: SessionPhase) -> None:
        """Put the parts into the session, once: what an editor changes later moves no piece."""
        if not run.puzzle_parts.exists():
            parts = parts_for(run.phase)
            for part in parts:
                part.run = run
            PuzzlePart.objects.bulk_create(parts)

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return how far each group is, and the figures themselves to facilitators only."""
        figures = figures_of(state, state.step)
        return {
            "shows_all": True,
            "parts_count": len(parts_of(state.step)),
            "progress": [(figure.number, figure.frame.placed_count) for figure in figures],
            "stamps": {figure.number: figure.stamp for figure in figures},
            "figures": figures if for_facilitators else [],
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return the figure of one's group with the pieces, those on the table first; None for whoever has no group."""
        works, group = works_on(state, attendance)
        figure = figure_for(figures_of(state, state.step), group) if works else None
        places = {slot.piece.piece: slot.number for slot in figure.frame.slots if slot.piece} if figure else {}
        pieces = sorted(parts_of(state.step), key=lambda part: (part.piece in places, part.piece))
        step, extra = state.step, attendance.extra_seconds
        return {
            "figure": figure,
            "pieces": [{"piece": piece, "place": places.get(piece.piece)} for piece in pieces],
            "is_open": is_open(step.run, state.now, extra_seconds=extra) and not state.session.is_frozen,
            "has_begun": step.run.started_at is not None,
        }

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return every figure that is not empty."""
        return {"figures": _made(state, step), "parts_count": len(parts_of(step))}

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return what lies in each place of each figure and in the original, and what groups find missing."""
        rows: list[list[Cell]] = [[_("Group"), _("Place"), _("What it is"), _("Lies there"), _("In the original")]]
        for figure in _made(state, step):
            name: Cell = figure.number or _("all")
            rows += [
                [name, slot.number, slot.where, slot.piece.text if slot.piece else "", slot.part.text]
                for slot in figure.frame.slots
            ]
            rows += [[name, "", _("What is missing"), row.text, ""] for row in figure.shown]
        return rows

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return how many figures there are, and how much groups found missing."""
        made = _made(state, step)
        return [
            [_("Figures put together"), _("Links and labels that groups added")],
            [len(made), sum(len(figure.shown) for figure in made)],
        ]

    def carries(self, run: SessionPhase) -> list[Carried]:
        """Return what groups find missing."""
        rows = run.missing.filter(is_hidden=False).order_by("public_id")
        return [Carried(str(row.public_id), row.text, _("missing in the figure")) for row in rows]

    def kit(self, state: State, step: Step) -> dict[str, Any]:
        """Return a set of pieces for each group, and the empty frame."""
        parts = parts_of(step)
        sets = [group.number for group in state.groups if group.members] or [0]
        pieces = sorted(parts, key=lambda part: part.piece)
        return {"sets": sets, "pieces": pieces, "frame": frame.frame_of(parts), "parts_count": len(parts)}

    def paper(self, state: State, step: Step) -> dict[str, Any]:
        """Return a column of boxes for each figure, a row for each place, and the pieces to look up."""
        figures = figures_of(state, step)
        slots = frame.frame_of(parts_of(step)).slots
        return {
            "figures": [{"figure": figure, "text_name": f"text-{figure.number}"} for figure in figures],
            "rows": [
                {"slot": slot, "boxes": [(figure, f"piece-{figure.number}-{slot.number}") for figure in figures]}
                for slot in slots
            ],
            "pieces": sorted(parts_of(step), key=lambda part: part.piece),
        }

    def key_in(self, keyed: Keyed) -> str:
        """Store which piece lies where in the figures of the groups that have filled in anything."""
        return puzzle_moves.key_in(keyed)


def _made(state: State, step: Step) -> list[Figure]:
    return [figure for figure in figures_of(state, step) if figure.has_anything]
