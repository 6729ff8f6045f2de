"""The clock of a phase. It is the server's; a page is told how much is left and counts down from there."""

import datetime as dt
from dataclasses import dataclass

from activities.models import SessionPhase

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
    until = phase.ended_at or phase.paused_at or now
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


def ahead_of_plan(phases: list[SessionPhase], now: dt.datetime) -> int:
    """Return by how many seconds the session is ahead of its plan (negative: behind).

    What counts is what finished phases took beyond their planned seconds, and what the present one takes beyond its.
    """
    lost = 0
    for phase in phases:
        if phase.started_at is None:
            continue
        until = phase.ended_at or now
        took = int((until - phase.started_at).total_seconds())
        lost += took - phase.seconds if phase.ended_at else max(took - phase.seconds, 0)
    return -lost
