"""Walking a session through its phases. Every verb locks the session's row, is harmless when done twice, and tells all.

Verbs that move on name the phase that they were meant for, so that a double click or a second facilitator at the same
moment moves nobody twice.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from activities.models import Attendance, Group, PaperEntry, Phase, Session, SessionPhase
from activities.published import PublishedActivity, PublishedPhase
from activities.services.seating import seat_late
from activities.tools import tool_named
from cohorts.models import Cohort, Membership

# The channel on which processes tell one another that a session has changed.
CHANNEL = "live_sessions"


# Who goes back sooner than this has left a phase by mistake.
UNDO = dt.timedelta(minutes=2)
# Beyond the positions of any session.
_FAR = 1_000
# More than twice as long as anything takes is a slip of the finger. In minutes.
MINUTES_MAX = 240


class SessionOverError(Exception):
    """A session that has ended changes no more."""


class KeyedInError(Exception):
    """A phase stays in which something has been keyed in from paper."""


@transaction.atomic
def prepare_session(*, activity: PublishedActivity, cohort: Cohort, facilitator: User) -> Session:
    """Make a session of *activity* with *cohort*; no clock runs yet.

    In it are those alone who had no device in the cohort's last session: nobody has to be named twice.
    """
    last = cohort.sessions.filter(attendances__isnull=False).order_by("-created_at").first()
    session = Session.objects.create(activity_id=activity.id, cohort=cohort, created_by=facilitator)
    for phase in activity.phases:
        _add_phase(session, phase, phase.number)
    on_paper = last.attendances.filter(is_on_paper=True, membership__left_at=None) if last else []
    Attendance.objects.bulk_create(
        Attendance(session=session, membership_id=row.membership_id, is_on_paper=True) for row in on_paper
    )
    return session


@transaction.atomic
def arrive(*, session: Session, membership: Membership) -> Attendance:
    """Let a member of the cohort be in the session, or note that they are still in touch (which tells nobody)."""
    here = Attendance.objects.filter(session=session, membership=membership)
    if not here.update(seen_at=timezone.now(), is_on_paper=False):
        # Whoever comes is seated with the session's row locked: no place is given twice.
        session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
        attendance, is_new = here.get_or_create(session=session, membership=membership)
        if is_new:
            seat_late(session=session, attendance=attendance)
            tell(session)
        return attendance
    return here.get()


@transaction.atomic
def begin(*, session: Session) -> None:
    """Begin with the first phase. Its clock waits until somebody starts it."""
    session = lock_open(session)
    if session.started_at is None:
        session.started_at = timezone.now()
        session.current = session.phases.select_related("phase").first()
        session.save(update_fields=["started_at", "current"])
        _open(session.current)
        tell(session)


@transaction.atomic
def go_to(*, session: Session, position: int, from_position: int) -> None:
    """Move everybody from the phase at *from_position* to the one at *position*, on or back; its clock waits.

    Does nothing when everybody is elsewhere already. A phase that is entered again goes on where its clock stood; one
    that was left by mistake goes on as if nothing had been: its clock runs, if it ran.
    """
    session = lock_open(session)
    here = session.current
    if here is None or here.position != from_position or position == from_position:
        return
    there = session.phases.select_related("phase").filter(position=position).first()
    if there is None:
        return
    now = timezone.now()
    if here.started_at and here.ended_at is None:
        # Where its clock stood still it still does when somebody comes back.
        here.ended_at = now
        here.save(update_fields=["ended_at"])
    if there.ended_at:
        is_undone = here.started_at is None and now - there.ended_at < UNDO
        if not is_undone:
            # What was left of its time is still left.
            there.paused_at = there.paused_at or there.ended_at
        there.ended_at = None
        there.save(update_fields=["ended_at", "paused_at"])
    session.current = there
    session.save(update_fields=["current"])
    _open(there)
    tell(session)


@transaction.atomic
def set_up(*, session: Session, minutes: dict[str, int], with_names: set[str]) -> bool:
    """Set the *minutes* of phases by their key, and which are *with_names*; False once the session has begun.

    What people write is promised to be with or without their names, so it is settled before anybody writes.
    """
    session = lock_open(session)
    if session.started_at:
        return False
    for run in session.phases.select_related("phase"):
        run.seconds = run.each_seconds = 60 * minutes.get(run.phase.key, run.seconds // 60)
        run.has_names = run.phase.key in with_names
        run.save(update_fields=["seconds", "each_seconds", "has_names"])
    tell(session)
    return True


@transaction.atomic
def arrange(*, session: Session, activity: PublishedActivity, keys: Sequence[str]) -> None:
    """Hold the phases of *activity* that *keys* name, in their order, and no others; not once the session has begun.

    A phase that is left out goes with what was prepared for it; one that comes back is as it is planned. Raises
    KeyedInError if something has been keyed in from paper for a phase that would be left out.
    """
    session = lock_open(session)
    plans = {plan.key: plan for plan in activity.phases}
    order = [key for key in dict.fromkeys(keys) if key in plans]
    if session.started_at or not order:
        return
    left_out = session.phases.exclude(phase__key__in=order)
    if PaperEntry.objects.filter(run__in=left_out).exists():
        raise KeyedInError
    left_out.delete()
    # Out of the way first: a position is taken once.
    session.phases.update(position=F("position") + _FAR)
    runs = {run.phase.key: run for run in session.phases.select_related("phase")}
    for position, key in enumerate(order, start=1):
        if key in runs:
            session.phases.filter(pk=runs[key].pk).update(position=position)
        else:
            _add_phase(session, plans[key], position)
    tell(session)


@transaction.atomic
def delete_session(*, session: Session) -> bool:
    """Delete a session that nobody has joined and that has not begun; False for any other."""
    session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if not can_be_deleted(session):
        return False
    tell(session)
    session.delete()
    return True


def can_be_deleted(session: Session) -> bool:
    """Return whether nothing would be lost with *session*."""
    members = session.attendances.filter(membership__role=Membership.Role.PARTICIPANT, is_on_paper=False)
    return session.started_at is None and not members.exists()


@transaction.atomic
def give_extra_time(*, session: Session, attendance: UUID, seconds: int) -> None:
    """Give one person *seconds* more than the others in every phase from now on; 0 takes it back."""
    session = lock_open(session)
    seconds = min(max(seconds, 0), MINUTES_MAX * 60)
    if Attendance.objects.filter(session=session, public_id=attendance).update(extra_seconds=seconds):
        tell(session)


@transaction.atomic
def resume(*, session: Session) -> None:
    """Start the clock of the present phase, or let it go on: people are seated."""
    session = lock_open(session)
    phase = session.current
    if phase is None or phase.ended_at:
        return
    now = timezone.now()
    if phase.started_at is None:
        phase.started_at = now
        phase.seconds *= _times(session, phase)
        phase.save(update_fields=["started_at", "seconds"])
    elif phase.paused_at:
        _unpause(phase, now)
        phase.save(update_fields=["paused_at", "paused_seconds"])
    else:
        return
    tell(session)


@transaction.atomic
def pause(*, session: Session) -> None:
    """Let the clock of the present phase stand still; people may go on contributing."""
    session = lock_open(session)
    phase = session.current
    if phase and phase.started_at and phase.paused_at is None and phase.ended_at is None:
        phase.paused_at = timezone.now()
        phase.save(update_fields=["paused_at"])
        tell(session)


@transaction.atomic
def add_time(*, session: Session, seconds: int) -> None:
    """Give the present phase *seconds* more (or, when negative, fewer; never below none)."""
    session = lock_open(session)
    if session.current:
        phase = session.current
        phase.added_seconds = max(phase.added_seconds + seconds, -phase.seconds)
        phase.save(update_fields=["added_seconds"])
        tell(session)


@transaction.atomic
def set_frozen(*, session: Session, frozen: bool) -> None:
    """Let nobody contribute for the moment, so that all look up; or let them go on."""
    session = lock_open(session)
    if session.is_frozen != frozen:
        session.is_frozen = frozen
        session.save(update_fields=["is_frozen"])
        tell(session)


@transaction.atomic
def reveal(*, session: Session, revealed: bool) -> None:
    """Show everybody what was hidden while it was gathered, or hide it again."""
    session = lock_open(session)
    if session.current and session.current.is_revealed != revealed:
        session.current.is_revealed = revealed
        session.current.save(update_fields=["is_revealed"])
        tell(session)


@transaction.atomic
def end_session(*, session: Session) -> None:
    """End the session: its results stay, and it changes no more."""
    session = Session.objects.select_for_update(of=("self",)).select_related("current").get(pk=session.pk)
    if session.ended_at:
        return
    now = timezone.now()
    SessionPhase.objects.filter(session=session, started_at__isnull=False, ended_at=None).update(ended_at=now)
    session.ended_at, session.current = now, None
    session.save(update_fields=["ended_at", "current"])
    tell(session)


def tell(session: Session) -> None:
    """Count a change of *session*, and tell every process of it once this transaction is committed."""
    Session.objects.filter(pk=session.pk).update(version=F("version") + 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, session.public_id])


# --- Within the lock ----------------------------------------------------------------------------------------


def lock_open(session: Session) -> Session:
    """Return *session* with its row locked, or raise SessionOverError."""
    row = Session.objects.select_for_update(of=("self",)).select_related("current").get(pk=session.pk)
    if row.ended_at:
        raise SessionOverError
    return row


def _add_phase(session: Session, plan: PublishedPhase, position: int) -> None:
    tool = tool_named(plan.tool)
    run = SessionPhase.objects.create(
        session=session,
        phase_id=plan.id,
        position=position,
        seconds=plan.minutes * 60,
        is_revealed=tool is not None and tool.is_seen_at_once,
    )
    # Kits are printed, and paper is keyed in, also of phases that nobody has entered.
    _open(run)


def _open(phase: SessionPhase | None) -> None:
    tool = tool_named(phase.phase.tool) if phase else None
    if tool:
        tool.open(phase)


def _unpause(phase: SessionPhase, now: timezone.datetime) -> None:
    if phase.paused_at:
        phase.paused_seconds += int((now - phase.paused_at).total_seconds())
        phase.paused_at = None


def _times(session: Session, phase: SessionPhase) -> int:
    """Return how often the minutes of *phase* are needed: once, or for each person or group that is here."""
    match phase.phase.per:
        case Phase.Per.PERSON:
            count = Attendance.objects.filter(session=session, membership__role=Membership.Role.PARTICIPANT).count()
        case Phase.Per.GROUP:
            count = Group.objects.filter(session=session).count()
        case _:
            count = 1
    return max(count, 1)
