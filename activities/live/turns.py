"""Turns: one after the other, each with a clock of its own."""

import datetime as dt

from activities.live.clock import Clock
from activities.models import SessionPhase


def turn_clock(run: SessionPhase, seconds: int, now: dt.datetime) -> Clock | None:
    """Return the clock of the present turn, which has *seconds*; it stands still with the phase's. None: no turn."""
    if run.turn_started_at is None:
        return None
    until = run.ended_at or run.paused_at or now
    gone = int((until - run.turn_started_at).total_seconds()) - (run.paused_seconds - run.turn_paused_seconds)
    gone = max(gone, 0)
    return Clock(seconds, seconds - gone, is_running=run.ended_at is None and run.paused_at is None)


def take_turn(run: SessionPhase, turn: int, now: dt.datetime) -> None:
    """Let it be the turn of *turn*, with its whole time."""
    run.turn, run.turn_started_at, run.turn_paused_seconds = turn, now, run.paused_seconds
    if run.paused_at:
        # What the phase has stood still so far in this pause is no part of the turn.
        run.turn_paused_seconds += int((now - run.paused_at).total_seconds())
    run.save(update_fields=["turn", "turn_started_at", "turn_paused_seconds"])
