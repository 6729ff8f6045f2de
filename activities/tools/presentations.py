"""Groups present in turn, in front or from table to table: what they wrote is shown big, with a clock for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from activities import tools
from activities.live.clock import Clock
from activities.live.state import State, Step
from activities.live.turns import take_turn, turn_clock
from activities.models import Attendance, Group, Phase
from activities.sheets import Sheet
from activities.tools.base import Move, Tool
from activities.tools.choices import faults_without_use

# What a group has where the phase does not say it for each.
_TURN_SECONDS = 5 * 60


@dataclass
class Turn:
    """One group's turn; without *group*, that of the sheet that all share."""

    group: Group | None
    sheet: Sheet | None
    reporter: Attendance | None
    is_present: bool

    @property
    def number(self) -> int:
        return self.group.number if self.group else 0


class Presentations(Tool):
    """See the module."""

    name = "presentations"

    def __init__(self) -> None:
        self.actions = {}
        self.host_actions = {"turn": turn}

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield that there is nothing to choose from."""
        return faults_without_use(options)

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return the turns, the present one, its neighbours and its clock."""
        turns = self._turns(state)
        present = next((row for row in turns if row.is_present), None)
        place = turns.index(present) if present else -1
        return {
            "shows_all": True,
            "turns": turns,
            "present": present,
            "next": turns[place + 1] if place + 1 < len(turns) else None,
            "previous": turns[place - 1] if place > 0 else None,
            "clock": _clock(state),
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return whether it is my group's turn, and how many come before it."""
        group, run = state.group_of(attendance), state.step.run
        numbers = [row.number for row in state.groups]
        present = numbers.index(run.turn) if run.turn_started_at and run.turn in numbers else -1
        return {
            "group": group,
            "wait": numbers.index(group.number) - present if group else None,
            "reports": bool(group and group.reporter_id == attendance.pk),
        }

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """What was presented is among the results of the phase in which it was written."""
        return {}

    def kit(self, state: State, step: Step) -> dict[str, Any]:
        """Return whose turn it is, one after the other."""
        return {"groups": [group for group in state.groups if group.members], "minutes": _turn_seconds(step) // 60}

    def _turns(self, state: State) -> list[Turn]:
        run = state.step.run
        sheets = {sheet.number: sheet for sheet in _sheets(state)}
        people = {row.pk: row for row in state.attendances}
        groups = [row for row in state.groups if row.members or row.number in sheets]
        if 0 in sheets or not groups:
            groups.append(None)
        return [
            Turn(
                group,
                sheets.get(group.number if group else 0),
                people.get(group.reporter_id) if group else None,
                is_present=run.turn_started_at is not None and run.turn == (group.number if group else 0),
            )
            for group in groups
        ]


def turn(move: Move) -> None:
    """Let it be another group's turn: the next, the one before, or any that is chosen; a double click moves on once."""
    run, to = move.state.step.run, move.data.get("to", "")
    present = str(run.turn) if run.turn_started_at else ""
    if to not in {"0", *(str(group.number) for group in move.state.groups)}:
        raise LookupError(to)
    if move.data.get("from", "") == present and to != present:
        take_turn(run, int(to), timezone.now())


def _clock(state: State) -> Clock | None:
    return turn_clock(state.step.run, _turn_seconds(state.step), state.now)


def _turn_seconds(step: Step) -> int:
    return step.each_seconds if step.plan.per == Phase.Per.GROUP else _TURN_SECONDS


def _sheets(state: State) -> list[Sheet]:
    """Return what the last phase before this one has left to be presented."""
    before = [step for step in state.steps if step.position < state.step.position]
    for step in reversed(before):
        tool = tools.tool_of(step)
        if tool and (sheets := tool.presented(state, step)):
            return sheets
    return []
