"""Doing something with the tool of the present phase."""

from collections.abc import Mapping

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities import tools
from activities.live.clock import is_open
from activities.live.state import State, state_of
from activities.models import Attendance, Session, SessionPhase
from activities.services import in_group, taking
from activities.services.sessions import arrive, tell
from activities.tools.base import Move, RefusedError
from cohorts.models import Membership

# What was sent in time may take so long on its way over a weak connection.
GRACE_SECONDS = 10
# More moves than these within ten seconds come from no person.
MOVES_MAX, MOVES_SECONDS = 40, 10


class ClosedError(RefusedError):
    """A contribution that came when `run` took nothing (any more): what it says is kept for its author."""

    def __init__(self, words: str, run: SessionPhase) -> None:
        super().__init__(words)
        self.run = run


def act(*, session: Session, membership: Membership, action: str, data: Mapping[str, str]) -> None:
    """Do *action* of the present tool for a member of the cohort, with the fields of a form.

    What a group settles for itself is done in any phase. Raises LookupError for an action that this tool does not
    have, and RefusedError with words for what is not taken: too late, frozen, too much, or against the tool's rules.
    """
    slow_down(session, membership)
    with transaction.atomic():
        locked = Session.objects.select_for_update(of=("self",)).with_course().get(pk=session.pk)
        state = state_of(locked)
        if action in in_group.ACTIONS:
            in_group.ACTIONS[action](Move(state, _arrived(locked, membership), data))
            tell(locked)
            return
        _check_phase(state, data.get("phase", ""))
        tool = tools.tool_of(state.step)
        if tool is None:
            raise RefusedError(_("This phase is over: nothing is collected now."))
        actions = tool.actions
        if membership.is_facilitator:
            actions = actions | tool.host_actions | (taking.ACTIONS if tool.takes_in else {})
        if action not in actions:
            raise LookupError(action)
        attendance = _arrived(locked, membership)
        if not membership.is_facilitator:
            check_open(state, state.step.run, attendance.extra_seconds)
        actions[action](Move(state, attendance, data))
        tell(locked)


def _arrived(session: Session, membership: Membership) -> Attendance:
    attendance = arrive(session=session, membership=membership)
    attendance.membership = membership
    return attendance


def _check_phase(state: State, position: str) -> None:
    """Refuse a form of another phase than the present one; forms say of which they are."""
    meant = next((step for step in state.steps if str(step.position) == position), None)
    if meant and not meant.is_current:
        raise ClosedError(_("This phase is over, so this was not taken."), meant.run)


def check_open(state: State, run: SessionPhase, extra_seconds: int) -> None:
    """Raise ClosedError unless participants may contribute to *run* now."""
    if state.session.is_frozen:
        raise ClosedError(_("Your facilitator has stopped everything for a moment, so this was not taken."), run)
    if run.started_at is None:
        raise ClosedError(_("It has not begun yet: wait for your facilitator."), run)
    if not is_open(run, timezone.now(), extra_seconds=extra_seconds, grace=GRACE_SECONDS):
        raise ClosedError(_("The time is over, so this was not taken."), run)


def slow_down(session: Session, membership: Membership) -> None:
    """Refuse what nobody does by hand, without a look at the session: others feel nothing of it."""
    key = f"live-moves:{session.pk}:{membership.pk}"
    cache.add(key, 0, MOVES_SECONDS)
    try:
        count = cache.incr(key)
    except ValueError:
        count = 1
    if count > MOVES_MAX:
        raise RefusedError(_("That was too much at once. Wait a few seconds, then go on."))
