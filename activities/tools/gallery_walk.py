"""A gallery walk: every group visits every other's figure and leaves a strength and a question; then all look back.

`work: groups` is the walk. In a phase of any other kind the original stands beside each figure, and the questions that
nobody has answered are taken up.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from activities.live.clock import is_open
from activities.live.state import State, Step
from activities.models import Attendance, Group, SessionPhase, WalkNote
from activities.templatetags.clock import minutes_and_seconds
from activities.tools import gallery_moves
from activities.tools.base import Carried, Keyed, Tool
from activities.tools.figures import parts_of, works_on
from activities.tools.frame import Frame, original_of
from activities.tools.rota import Visit, visits_of
from activities.tools.walks import (
    Shown,
    Walk,
    is_walk,
    notes_of,
    open_questions,
    puzzle_step,
    shown_of,
    walk_of,
    walk_step,
)
from cohorts.report import Cell


class GalleryWalk(Tool):
    """See the module."""

    name = "gallery-walk"

    def __init__(self) -> None:
        self.actions = gallery_moves.ACTIONS
        self.host_actions = gallery_moves.HOST_ACTIONS

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield that there is nothing to choose from."""
        if options:
            yield _("a gallery walk takes no options: it shows the figures of the puzzle before it.")

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return the rota while groups walk, then the figures beside the original; what is left, to facilitators."""
        step = state.step
        if is_walk(step):
            rows = shown_of(state, step)
            return {
                "shows_all": True,
                "walk": walk_of(state, step),
                "stamps": _stamps(rows),
                "rows": rows if for_facilitators else [],
            }
        rows = shown_of(state, step)
        shown = step.run.turn if step.run.turn_started_at else None
        return {
            "shows_all": True,
            "walk": None,
            "original": self._original(state, step),
            "rows": rows,
            "present": next((row for row in rows if row.number == shown), None),
            "open": open_questions(rows),
            "handouts": state.activity.handouts,
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return whom my group visits and has visited, and what was left at its own figure."""
        step, extra = state.step, attendance.extra_seconds
        _works, group = works_on(state, attendance)
        rows = shown_of(state, step)
        found: dict[str, Any] = {
            "group": group,
            "own": next((row for row in rows if group and row.group == group), None),
            "is_walk": is_walk(step),
            "is_open": is_open(step.run, state.now, extra_seconds=extra) and not state.session.is_frozen,
        }
        if group and found["is_walk"]:
            walk = walk_of(state, step)
            visits = [_visit(visit, rows, walk) for visit in visits_of(walk.groups, group) if visit.stop <= walk.stop]
            found |= {"walk": walk, "visits": list(reversed(visits))}
        return found

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return what was left at each figure; nothing for a phase that looks back on it."""
        if not is_walk(step):
            return {}
        rows = shown_of(state, step)
        return {"rows": rows, "has_notes": any(not note.is_hidden for row in rows for note in row.notes)}

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return what was left at each figure, with the answers."""
        if not is_walk(step):
            return []
        has_names = step.run.has_names
        head: list[Cell] = [_("Figure of group"), _("Left there"), _("Text"), _("Answer"), _("Discussed by all")]
        rows: list[list[Cell]] = [[*head, *([_("By group")] if has_names else [])]]
        for row in shown_of(state, step):
            rows += [
                [
                    row.number, note.get_kind_display(), note.text, note.answer, _("yes") if note.is_settled else "",
                    *([note.visitor.number if note.visitor else ""] if has_names else []),
                ]
                for note in row.notes
                if not note.is_hidden
            ]  # fmt: skip
        return rows

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return how much was left, answered and discussed."""
        if not is_walk(step):
            return []
        notes = [note for note in notes_of(state, step) if not note.is_hidden]
        questions = [note for note in notes if note.kind == WalkNote.Kind.QUESTION]
        return [
            [_("Strengths"), _("Questions"), _("Answered by the group"), _("Discussed by all"), _("Still open")],
            [
                len(notes) - len(questions),
                len(questions),
                sum(bool(note.answer) for note in questions),
                sum(note.is_settled for note in questions),
                sum(note.is_open for note in questions),
            ],
        ]

    def carries(self, run: SessionPhase) -> list[Carried]:
        """Return the questions that are still open."""
        rows = run.walk_notes.filter(kind=WalkNote.Kind.QUESTION, is_hidden=False, is_settled=False, reply=None)
        return [Carried(str(row.public_id), row.text, _("open question")) for row in rows.order_by("public_id")]

    def kit(self, state: State, step: Step) -> dict[str, Any] | None:
        """Return the rota and slips for each visit; then the open questions."""
        if is_walk(step):
            walk = walk_of(state, step)
            visits = [visit for _group, visits in walk.rota for visit in visits]
            return {"walk": walk, "minutes": minutes_and_seconds(walk.seconds), "visits": visits}
        return {"walk": None, "open": open_questions(shown_of(state, step))}

    def paper(self, state: State, step: Step) -> dict[str, Any] | None:
        """Return each visit with what is left there already, and the questions without an answer."""
        if walk_step(state, step) is None:
            return None
        rows = shown_of(state, step)
        walk = walk_of(state, walk_step(state, step))
        visits = [_visit(visit, rows, walk) for _group, visits in walk.rota for visit in visits]
        return {"visits": visits if is_walk(step) else [], "open": open_questions(rows)}

    def key_in(self, keyed: Keyed) -> str:
        """Store what groups have left and answered on paper."""
        return gallery_moves.key_in(keyed)

    def _original(self, state: State, step: Step) -> Frame | None:
        puzzle = puzzle_step(state, step)
        return original_of(parts_of(puzzle)) if puzzle else None


def _visit(visit: Visit, rows: list[Shown], walk: Walk) -> dict[str, Any]:
    """Return a visit with the figure, and what the visitors have left there."""
    shown = next(row for row in rows if row.group and row.group.pk == visit.at.pk)
    notes = {note.kind: note for note in shown.notes if note.group_id == visit.group.pk}
    kinds = [
        {
            "kind": kind,
            "note": notes.get(kind.value),
            "text": notes[kind.value].text if kind.value in notes else "",
            "box": f"text-{kind}",
            "name": f"{kind}-{visit.group.number}-{visit.at.number}",
        }
        for kind in WalkNote.Kind
    ]
    now = visit.stop == walk.stop
    return {"visit": visit, "at": str(visit.at.number), "shown": shown, "kinds": kinds, "is_now": now}


def _stamps(rows: list[Shown]) -> dict[int, Any]:
    """Return what changes with a group's own part: all figures and notes, as it visits them all."""
    everything = tuple(row.stamp for row in rows)
    groups: list[Group] = [row.group for row in rows if row.group]
    return {group.number: everything for group in groups} | {0: everything}
