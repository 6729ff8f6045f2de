"""What every tool is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from activities.live.state import State, Step
from activities.models import Attendance, PaperEntry, SessionPhase
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


@dataclass(frozen=True)
class Keyed:
    """What somebody who facilitates keys in from the paper of a phase: the fields of a form, as *entry*.

    *step* is the phase that it was written in, which need not be the present one.
    """

    state: State
    step: Step
    entry: PaperEntry
    data: Mapping[str, str]


@dataclass(frozen=True)
class Carried:
    """Something that a phase has left and another activity may go on with; *key* tells it from others of the phase."""

    key: str
    text: str
    kind: str = ""


class Tool:
    """A tool, with its templates in `activities/tools/<name>/`.

    `_board.html` is what everybody sees alike, `_mine.html` what is one person's own, `_results.html` what is left at
    the end, `_kit.html` what is printed for people without a device, `_paper.html` the fields in which what they wrote
    is keyed in. `actions` are what participants may do, `host_actions` what those who facilitate may; each is done in
    one transaction with the session's row locked, and raises RefusedError with words for the person.
    """

    name: str
    # Whether people see each other's contributions from the first on, until those who facilitate hide them.
    is_seen_at_once = False
    # Whether it can go on with what an earlier activity has left.
    takes_in = False
    actions: dict[str, Action]
    host_actions: dict[str, Action]

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield what is wrong with a phase's options and the number of its questions, in words for an editor."""
        return iter(())

    def open(self, run: SessionPhase) -> None:
        """Put into the session what the tool needs; called when it is prepared, and whenever the phase is entered."""

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return what everybody sees alike; more of it *for_facilitators*.

        `shows_all`: nothing waits to be revealed. `stamps`: by the number of a group, what changes with its own part.
        """
        raise NotImplementedError

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return what is one person's own."""
        raise NotImplementedError

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return what *step* has left at the end."""
        raise NotImplementedError

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return what *step* has left as rows of a file, a head first; no name or time that its page does not show."""
        return []

    def presented(self, state: State, step: Step) -> list[Any]:
        """Return the sheets that groups have written in *step*, for them to present; most tools have none."""
        return []

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return what a cohort's report says of *step*, a head first; nothing by which a person could be recognised."""
        return []

    def kit(self, state: State, step: Step) -> dict[str, Any] | None:
        """Return what `_kit.html` prints for people without a device; None where nothing needs to be printed."""
        return None

    def paper(self, state: State, step: Step) -> dict[str, Any] | None:
        """Return what `_paper.html` needs to ask for what came back on paper; None for a tool that takes none."""
        return None

    def key_in(self, keyed: Keyed) -> str:
        """Store what came back on paper, each row with its entry, and return in one line what it was.

        Raises RefusedError with words for what is not taken; then nothing is stored.
        """
        raise NotImplementedError

    def carries(self, run: SessionPhase) -> list[Carried]:
        """Return what *run* has left for other activities to go on with: what all saw, and nobody's name."""
        return []

    def taken(self, state: State) -> set[tuple[int | None, str]]:
        """Return what the present phase has taken in already: of which phase, and its key there."""
        return set()

    def take_in(self, move: Move, carried: list[Carried], origin: SessionPhase) -> None:
        """Go on with what *origin* has left; what is there already is not taken in twice."""
        raise NotImplementedError
