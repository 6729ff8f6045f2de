"""The clock of a phase. It is the server's; a page is told how much is left and counts down from there."""

import datetime as dt
from dataclasses import dataclass

from activities.models import Session, SessionPhase

# Of the time of a phase, what is left when its clock changes colour.
ORANGE, RED = 0.20, 0.05

CALM, SOON, LAST = "calm", "soon", "last"


@dataclass(frozen=True)
class Clock:
    """How a phase stands: *total* and *left* in whole seconds; *left* is negative once its time is over."""

    total: int
    left: int
    is_running: bool

    @property
    def urgency(self) -> str:
        """Return how near the end is: "calm", "soon" (a fifth is left) or "last" (a twentieth)."""
        if self.left > self.total * ORANGE:
            return CALM
        return SOON if self.left > self.total * RED else LAST

    @property
    def is_over(self) -> bool:
        return self.left <= 0


def clock_of(phase: SessionPhase, now: dt.datetime, *, extra_seconds: int = 0) -> Clock:
    """Return the clock of *phase* at *now*; *extra_seconds* are those that one person has on top."""
    total = max(phase.seconds + phase.added_seconds, 0) + extra_seconds
    if phase.started_at is None:
        return Clock(total, total, is_running=False)
    until = phase.paused_at or phase.ended_at or now
    gone = int((until - phase.started_at).total_seconds()) - phase.paused_seconds
    return Clock(total, total - gone, is_running=phase.ended_at is None and phase.paused_at is None)


def is_open(phase: SessionPhase, now: dt.datetime, *, extra_seconds: int = 0, grace: int = 0) -> bool:
    """Return whether somebody may still contribute to *phase*: it is the time's end that closes it, pauses do not.

    *grace*: seconds that what was sent in time may take on its way.
    """
    if phase.started_at is None or phase.ended_at is not None:
        return False
    clock = clock_of(phase, now, extra_seconds=extra_seconds)
    return clock.left + grace > 0


def ahead_of_plan(session: Session, phases: list[SessionPhase], now: dt.datetime) -> int:
    """Return by how many seconds the session is ahead of its plan (negative: behind).

    By the wall: what has gone since the beginning, with every pause and wait, against the planned time of the phases
    before the present one (skipped ones too) and as much of the present one's as its clock has run.
    """
    here = next((phase for phase in phases if phase.pk == session.current_id), None)
    if here is None:
        return 0
    planned = sum(phase.seconds for phase in phases if phase.position < here.position)
    clock = clock_of(here, now)
    planned += min(clock.total - clock.left, here.seconds)
    return planned - int((now - session.started_at).total_seconds())
