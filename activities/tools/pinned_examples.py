"""Pinned examples: initiatives that people recall, each pinned to a part of a figure, then told one after the other.

The phase's options are the parts of the figure. An initiative is its author's alone until a plenary phase with the
same questions and options begins: then all may know of it, unless its author keeps it to themselves. Names belong to
it, so that others can ask later; without names, nothing that leaves this module tells whose an initiative is.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from activities.live.clock import is_open
from activities.live.state import State, Step
from activities.models import Attendance, Example, ExampleQuestion, SessionPhase
from activities.tools import example_moves
from activities.tools.base import Carried, Keyed, Tool
from activities.tools.note_moves import home_of
from activities.tools.pins import (
    Pin,
    all_of,
    asked,
    branches_of,
    examples_of,
    faults_in,
    form_of,
    pin_of,
    telling_of,
    telling_steps,
    tells,
)
from cohorts.report import Cell
from courses.parts import body


class PinnedExamples(Tool):
    """See the module."""

    name = "pinned-examples"

    def __init__(self) -> None:
        self.actions = example_moves.ACTIONS
        self.host_actions = example_moves.HOST_ACTIONS

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield what is wrong with the parts of the figure."""
        return faults_in(options)

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return the figure with how many are pinned to each part; while they are told, the one that is told."""
        home = home_of(state, state.step)
        has_names = home.run.has_names
        rows = examples_of(home)
        pins = [pin_of(row, has_names=has_names) for row in rows if not row.is_hidden]
        is_telling = tells(state.step) and state.step.run.started_at is not None
        row = telling_of(home) if is_telling else None
        telling = pin_of(row, has_names=has_names) if row else None
        figure = branches_of(home, pins, telling.part if telling else "")
        questions = _questions(row, has_names=has_names) if row else []
        return {
            "shows_all": True,
            "is_telling": is_telling,
            "tells": tells(state.step),
            "figure": figure,
            "count": len(pins),
            "told_count": sum(pin.is_told for pin in pins),
            "telling": telling,
            "questions": questions if for_facilitators else [row for row in questions if not row["is_hidden"]],
            "told": [pin for pin in pins if pin.is_told] if is_telling else [],
            "empty_parts": [part.name for branch in figure for part in branch.parts if not part.count],
            # Only those who facilitate see what is still to be told, and only once telling has begun.
            "is_desk": for_facilitators and is_telling,
            "hidden": [pin_of(row, has_names=has_names) for row in rows if row.is_hidden]
            if for_facilitators and is_telling
            else [],
            "done": {row.attendance_id for row in rows} if has_names else set(),
            "paper_count": sum(pin.is_from_paper for pin in pins),
            "stamp": telling.id if telling else "",
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return my initiatives, each with its form, and for the one that is told what I ask about it."""
        step, home = state.step, home_of(state, state.step)
        mine = [row for row in all_of(home) if row.attendance_id == attendance.pk and row.paper_id is None]
        telling = telling_of(home) if tells(step) and step.run.started_at else None
        is_mine = telling is not None and telling.attendance_id == attendance.pk
        questions = telling.questions.all() if telling and not is_mine else []
        return {
            "figure": branches_of(home, []),
            "form": form_of(),
            "rows": [_own(home, row) for row in mine],
            "has_names": home.run.has_names,
            "tells": tells(step),
            "is_open": is_open(step.run, state.now, extra_seconds=attendance.extra_seconds),
            "telling": pin_of(telling, has_names=home.run.has_names) if telling else None,
            "is_mine": is_mine,
            "questions": [asked(row, has_names=False) for row in questions if row.attendance_id == attendance.pk],
            "handouts": [
                {"handout": handout, "body": body(handout.segments, state.course)}
                for handout in state.activity.handouts
            ],
        }

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return the list of initiatives with the last step that told them; nothing before any has begun to."""
        home = home_of(state, step)
        telling = [one for one in telling_steps(state, home) if one.run.started_at]
        if not telling:
            return {"is_private": True} if step is home else {}
        if step is not telling[-1]:
            return {}
        pins = _shown(home)
        figure = branches_of(home, pins)
        return {
            "is_private": False,
            "figure": figure,
            "count": len(pins),
            "paper_count": sum(pin.is_from_paper for pin in pins),
            "has_names": home.run.has_names,
            "empty_parts": [part.name for branch in figure for part in branch.parts if not part.count],
            "open_questions": _open_questions(home, pins),
        }

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return each initiative with its part and, where names are shown, with whoever knows it."""
        found = self.results(state, step)
        if not found or found["is_private"]:
            return []
        has_names = found["has_names"]
        head: list[Cell] = [_("Branch"), _("Part of the figure"), _("Initiative"), _("Where"), _("When")]
        head += [_("Who did what"), _("What was learned"), *([_("Ask")] if has_names else []), _("Came in")]
        return [
            head,
            *(
                [branch.name, part.name, pin.what, pin.place, pin.year, pin.who, pin.lesson]
                + ([pin.by] if has_names else [])
                + [_("in the room") if pin.is_from_paper else ""]
                for branch in found["figure"]
                for part in branch.parts
                for pin in part.pins
            ),
        ]

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return how many initiatives were told of for each part."""
        found = self.results(state, step)
        if not found or found["is_private"]:
            return []
        rows: list[list[Cell]] = [[_("Part of the figure"), _("Initiatives")]]
        return rows + [[part.name, part.count] for branch in found["figure"] for part in branch.parts]

    def carries(self, run: SessionPhase) -> list[Carried]:
        """Return the initiatives that all may know of: none of a session that has not come to tell them."""
        told = run.session.phases.filter(
            phase__tool=self.name, phase__work="plenary", phase__options=run.phase.options, started_at__isnull=False
        )
        if not told.exists():
            return []
        rows = run.examples.filter(is_kept=False, is_hidden=False).order_by("part", "public_id")
        pins = [pin_of(row, has_names=False) for row in rows]
        return [
            Carried(pin.id, f"{pin.what} ({pin.where_and_when})" if pin.where_and_when else pin.what, pin.part)
            for pin in pins
        ]

    def kit(self, state: State, step: Step) -> dict[str, Any] | None:
        """Return a sheet with the parts of the figure for everybody without a device; None where all is recalled."""
        if tells(step):
            return None
        home = home_of(state, step)
        names = [row.membership.user.name for row in state.participants if row.is_on_paper]
        return {
            "figure": branches_of(home, []),
            "sheets": (names if home.run.has_names else [""] * len(names)) or [""],
            "has_names": home.run.has_names,
        }

    def paper(self, state: State, step: Step) -> dict[str, Any]:
        """Return the fields of a batch of initiatives, and who is in the room without a device."""
        home = home_of(state, step)
        people = [row for row in state.participants if row.is_on_paper] if home.run.has_names else []
        numbers = range(1, example_moves.PAPER_ROWS + 1)
        return {
            "figure": branches_of(home, []),
            "people": [{"id": str(row.public_id), "name": row.membership.user.name} for row in people],
            "rows": [
                {
                    "number": number,
                    "part_name": f"part-{number}",
                    "who_name": f"who-{number}",
                    "form": form_of(f"-{number}"),
                }
                for number in numbers
            ],
        }

    def key_in(self, keyed: Keyed) -> str:
        """Pin the initiatives of a batch."""
        return example_moves.key_in(keyed)


def _own(home: Step, row: Example) -> dict[str, Any]:
    """Return an initiative for its author; its part can be chosen also where an editor has renamed it since."""
    pin, suffix = pin_of(row, has_names=False), f"-{row.public_id}"
    return {
        "pin": pin,
        "figure": branches_of(home, [pin]),
        "part_name": f"part{suffix}",
        "form": form_of(suffix, row),
    }


def _questions(telling: Example, *, has_names: bool) -> list[dict[str, Any]]:
    rows = sorted(telling.questions.all(), key=lambda row: row.pk if has_names else row.public_id)
    return [asked(row, has_names=has_names) for row in rows]


def _shown(home: Step) -> list[Pin]:
    return [pin_of(row, has_names=home.run.has_names) for row in examples_of(home) if not row.is_hidden]


def _open_questions(home: Step, pins: list[Pin]) -> list[dict[str, Any]]:
    """Return what was asked and not answered yet, with the initiative that it is about."""
    rows = ExampleQuestion.objects.filter(example__run=home.run, is_answered=False, is_hidden=False)
    rows = rows.select_related("example", "attendance__membership__user")
    shown = {pin.id: pin for pin in pins}
    return [
        asked(row, has_names=home.run.has_names) | {"pin": shown[str(row.example.public_id)]}
        for row in rows.order_by("pk" if home.run.has_names else "public_id")
        if str(row.example.public_id) in shown
    ]
