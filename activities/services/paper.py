"""People without a device, and keying in what they wrote on paper."""

from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.guests import make_guest
from activities import tools
from activities.live.state import state_of
from activities.models import Attendance, PaperEntry, Session
from activities.services.seating import seat_late
from activities.services.sessions import arrive, lock_open, tell
from activities.tools.base import Keyed, RefusedError
from cohorts.models import Membership
from cohorts.services.members import join

# A form is not more than this, and nobody keys in more at one go; in characters, percent signs and all.
FIELDS_LENGTH = 200_000
_OWN_FIELDS = ("csrfmiddlewaretoken", "ticket")


@transaction.atomic
def seat_on_paper(*, session: Session, membership: Membership) -> Attendance:
    """Note that a member of the cohort is in the room without a device. Raises SessionOverError."""
    session = lock_open(session)
    attendance, is_new = Attendance.objects.get_or_create(session=session, membership=membership)
    if not attendance.is_on_paper:
        attendance.is_on_paper = True
        attendance.save(update_fields=["is_on_paper"])
        if is_new:
            seat_late(session=session, attendance=attendance)
        tell(session)
    return attendance


@transaction.atomic
def add_on_paper(*, session: Session, name: str, ticket: UUID) -> Attendance:
    """Let somebody called *name* into cohort and session who has no device; the same *ticket* adds one person.

    They are a guest, also where codes let no guests in: whoever facilitates knows whom they have before them.
    """
    guest = make_guest(name=name, ticket=ticket, time_zone=session.cohort.time_zone)
    return seat_on_paper(session=session, membership=join(user=guest, cohort=session.cohort))


@transaction.atomic
def take_off_paper(*, session: Session, attendance: UUID) -> None:
    """Note that somebody has a device after all; what was keyed in for them stays."""
    session = lock_open(session)
    if Attendance.objects.filter(session=session, public_id=attendance, is_on_paper=True).update(is_on_paper=False):
        tell(session)


@transaction.atomic
def key_in(
    *, session: Session, membership: Membership, position: int, ticket: UUID, people: int, data: QueryDict
) -> PaperEntry:
    """Store what came back on paper from *people* in the phase at *position*; the same *ticket* stores it once.

    It may come while all is frozen, when the time is over, and when the session has ended. Raises LookupError for a
    phase that takes no paper, and RefusedError with words; then nothing is stored.
    """
    locked = Session.objects.select_for_update(of=("self",)).with_course().get(pk=session.pk)
    if earlier := PaperEntry.objects.filter(public_id=ticket).select_related("run").first():
        if earlier.run.session_id != locked.pk:
            raise LookupError(ticket)
        return earlier
    state = state_of(locked)
    step = next((step for step in state.steps if step.position == position), None)
    tool = tools.tool_of(step)
    if tool is None or tool.paper(state, step) is None:
        raise LookupError(position)
    fields = urlencode([(name, value) for name, values in data.lists() if name not in _OWN_FIELDS for value in values])
    if len(fields) > FIELDS_LENGTH:
        raise RefusedError(_("This is too much for one go: key it in in parts."))
    entry = PaperEntry.objects.create(
        run=step.run, public_id=ticket, people=people, fields=fields, by=arrive(session=locked, membership=membership)
    )
    entry.summary = tool.key_in(Keyed(state, step, entry, data))
    entry.save(update_fields=["summary"])
    tell(locked)
    return entry


@transaction.atomic
def take_back(*, session: Session, position: int, entry: UUID) -> QueryDict | None:
    """Delete what was keyed in at one go, and return its fields, to be keyed in anew; None if it is gone already."""
    locked = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    row = PaperEntry.objects.filter(run__session=locked, run__position=position, public_id=entry).first()
    if row is None:
        return None
    fields = QueryDict(row.fields)
    row.delete()
    tell(locked)
    return fields
