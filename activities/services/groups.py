"""Making groups, and changing them by hand. Every verb locks the session's row and tells all."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from activities.groups import make_groups, sizes_for
from activities.models import (
    Attendance,
    Correction,
    Group,
    GroupWish,
    Missing,
    Placing,
    Seat,
    Session,
    SheetAnswer,
    WalkNote,
)
from activities.services.seating import met_before, people_here, person_of, reason_for, sit, wishes_for
from activities.services.sessions import lock_open, tell
from cohorts.models import Membership


@transaction.atomic
def form_groups(*, session: Session, most: int | None = None, number: int | None = None, anew: bool = False) -> None:
    """Put everybody who is here into groups of at most *most* people, or into *number* groups.

    *anew*: as far as possible, nobody sits with somebody of an earlier session of the cohort again.
    """
    session = lock_open(session)
    here = people_here(session)
    met = met_before(session) if anew else {}
    by_id = {row.membership_id: row for row in here}
    sizes = sizes_for(len(here), most=most, number=number)
    groups = make_groups([person_of(row) for row in here], sizes, wishes_for(session, met))
    _seat(
        session,
        {place: [by_id[person.id] for person in people] for place, people in enumerate(groups, start=1)},
        most=dict.fromkeys(range(1, len(groups) + 1), most),
        reasons={place: reason_for(people, met) for place, people in enumerate(groups, start=1)},
    )


@transaction.atomic
def repeat_groups(*, session: Session) -> None:
    """Put everybody into the group that they had in the cohort's last session with groups.

    Those who had none then have none now: they are placed by hand, or by making groups in another way.
    """
    session = lock_open(session)
    last = last_with_groups(session)
    if last is None:
        return
    seats = Seat.objects.filter(group__session=last, attendance__membership__left_at=None)
    numbers = dict(seats.values_list("attendance__membership_id", "group__number"))
    tables = defaultdict(list)
    for row in people_here(session):
        if row.membership_id in numbers:
            tables[numbers[row.membership_id]].append(row)
    reason = _("The same groups as last time, in “%(activity)s”.") % {"activity": last.activity.title}
    _seat(
        session,
        tables,
        most=dict(last.groups.values_list("number", "most")),
        reasons=dict.fromkeys(tables, reason),
    )


def last_with_groups(session: Session) -> Session | None:
    """Return the cohort's last other session in which people sat in groups."""
    others = Session.objects.filter(cohort=session.cohort_id, groups__seats__isnull=False).exclude(pk=session.pk)
    return others.select_related("activity").order_by("-created_at").first()


@transaction.atomic
def move_person(*, session: Session, attendance: uuid.UUID, number: int | None) -> None:
    """Put somebody into the group with this *number* (a new one if there is none yet), or out of all groups.

    This is by hand, so it may make a group larger than it was meant to be. Raises Attendance.DoesNotExist.
    """
    session = lock_open(session)
    row = session.attendances.select_related("seat__group").get(
        public_id=attendance, membership__role=Membership.Role.PARTICIPANT
    )
    old = row.seat.group if row.group_id else None
    if (old.number if old else None) == number:
        return
    if old:
        row.seat.delete()
        Group.objects.filter(pk=old.pk, reporter=row).update(reporter=None)
    new = None
    if number is not None:
        new, _is_new = Group.objects.get_or_create(session=session, number=number)
        sit(new, Attendance.objects.get(pk=row.pk))
    changed = {group.pk: group for group in (old, new) if group}
    tables = defaultdict(list)
    for other in people_here(session):
        tables[other.group_id].append(person_of(other))
    for pk, group in changed.items():
        group.reason = reason_for(tables[pk]) if tables[pk] else ""
        group.save(update_fields=["reason"])
    _tidy(session)
    tell(session)


@transaction.atomic
def add_wish(*, session: Session, members: Sequence[Membership], is_apart: bool) -> None:
    """Remember that two members should sit together, or apart; what was said of them before is replaced."""
    session = lock_open(session)
    one, other = sorted(members, key=lambda member: member.pk)
    GroupWish.objects.update_or_create(session=session, one=one, other=other, defaults={"is_apart": is_apart})


@transaction.atomic
def remove_wish(*, session: Session, wish: int) -> None:
    """Forget a wish."""
    lock_open(session).wishes.filter(pk=wish).delete()


@transaction.atomic
def answer_call(*, session: Session, number: int) -> None:
    """Note that somebody who facilitates goes to the group that has called for help."""
    session = lock_open(session)
    if session.groups.filter(number=number, called_at__isnull=False).update(called_at=None):
        tell(session)


# --- Within the lock ----------------------------------------------------------------------------------------


def _seat(
    session: Session,
    tables: Mapping[int, Sequence[Attendance]],
    *,
    most: Mapping[int, int | None],
    reasons: Mapping[int, str],
) -> None:
    """Let people sit as *tables* say, by the numbers of the groups. What is on a sheet stays with its number."""
    Seat.objects.filter(group__session=session).delete()
    session.groups.update(reason="", reporter=None, called_at=None)
    for number, members in sorted(tables.items()):
        group, _is_new = Group.objects.update_or_create(
            session=session, number=number, defaults={"most": most[number], "reason": reasons[number]}
        )
        Seat.objects.bulk_create(
            Seat(group=group, attendance=row, place=place) for place, row in enumerate(members, start=1)
        )
    _tidy(session)
    tell(session)


def _tidy(session: Session) -> None:
    """Take away groups that nobody sits in and that have left nothing."""
    kept = [
        model.objects.filter(group__session=session).values("group")
        for model in (SheetAnswer, Correction, Placing, Missing, WalkNote)
    ]
    kept.append(WalkNote.objects.filter(at__session=session).values("at"))
    empty = session.groups.filter(seats=None)
    for groups in kept:
        empty = empty.exclude(pk__in=groups)
    empty.delete()
