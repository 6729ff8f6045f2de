"""What every tool is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from activities.live.state import State
from activities.models import Attendance, SessionPhase
from cohorts.report import Cell


class RefusedError(Exception):
    """A contribution that is not taken; the message says why, to whoever made it."""


@dataclass(frozen=True)
class Move:
    """Something that somebody does: who, in which state of the session, with what fields of a form."""

    state: State
    attendance: Attendance
    data: Mapping[str, str]

    @property
    def is_facilitator(self) -> bool:
        return self.attendance.membership.is_facilitator


Action = Callable[[Move], None]


class Tool:
    """A tool, with its templates in `activities/tools/<name>/`.

    `_board.html` is what everybody sees alike, `_mine.html` what is one person's own, `_results.html` what is left at
    the end. `actions` are what participants may do, `host_actions` what those who facilitate may; each is done in one
    transaction with the session's row locked, and raises RefusedError with words for the person.
    """

    name: str
    # Whether people see each other's contributions from the first on, until those who facilitate hide them.
    is_seen_at_once = False
    actions: dict[str, Action]
    host_actions: dict[str, Action]

    def open(self, run: SessionPhase) -> None:
        """Put into the session what the tool needs before anybody comes; called whenever the phase is entered."""

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return what everybody sees alike; more of it *for_facilitators*.

        `shows_all`: nothing waits to be revealed. `stamps`: by the number of a group, what changes with its own part.
        """
        raise NotImplementedError

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return what is one person's own."""
        raise NotImplementedError

    def results(self, state: State, step: Any) -> dict[str, Any]:
        """Return what *step* has left at the end."""
        raise NotImplementedError

    def rows(self, state: State, step: Any) -> list[list[Cell]]:
        """Return what *step* has left as rows of a file, a head first; no name or time that its page does not show."""
        return []

    def presented(self, state: State, step: Any) -> list[Any]:
        """Return the sheets that groups have written in *step*, for them to present; most tools have none."""
        return []
