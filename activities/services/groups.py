"""Making groups, and changing them by hand. Every verb locks the session's row and tells all."""

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
    KeptSeat,
    Missing,
    Placing,
    Seat,
    Session,
    SheetAnswer,
    WalkNote,
)
from activities.people import person_of
from activities.services.seating import (
    met_before,
    people_expected,
    people_here,
    reason_for,
    sit,
    tables_of,
    wishes_for,
)
from activities.services.sessions import lock_open, tell
from cohorts.models import Membership


@transaction.atomic
def form_groups(
    *,
    session: Session,
    most: int | None = None,
    number: int | None = None,
    anew: bool = False,
    expected: bool = False,
) -> None:
    """Put everybody who is here into groups of at most *most* people, or into *number* groups.

    *anew*: as far as possible, nobody sits with somebody of an earlier session of the cohort again. *expected*: seats
    are kept for those who have not come yet.
    """
    session = lock_open(session)
    people = [person_of(member) for member in _counted_on(session, expected)]
    met = met_before(session) if anew else {}
    sizes = sizes_for(len(people), most=most, number=number)
    groups = dict(enumerate(make_groups(people, sizes, wishes_for(session, met)), start=1))
    _seat(
        session,
        {place: [person.id for person in people] for place, people in groups.items()},
        most=dict.fromkeys(groups, most),
        reasons={place: reason_for(people, met) for place, people in groups.items()},
    )


@transaction.atomic
def repeat_groups(*, session: Session, expected: bool = False) -> None:
    """Put everybody into the group that they had in the cohort's last session with groups; *expected* as above.

    Those who had none then have none now: they are placed by hand, or by making groups in another way.
    """
    session = lock_open(session)
    last = last_with_groups(session)
    if last is None:
        return
    seats = Seat.objects.filter(group__session=last, attendance__membership__left_at=None)
    numbers = dict(seats.values_list("attendance__membership_id", "group__number"))
    tables = defaultdict(list)
    for member in _counted_on(session, expected):
        if member.pk in numbers:
            tables[numbers[member.pk]].append(member.pk)
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
def move_person(*, session: Session, membership: Membership, number: int | None) -> None:
    """Put a participant into the group with this *number* (a new one if there is none yet), or out of all groups.

    For one who has not come yet the seat is kept. This is by hand, so it may make a group larger than it was meant to
    be.
    """
    session = lock_open(session)
    row = session.attendances.filter(membership=membership).select_related("seat__group").first()
    kept = session.kept_seats.filter(membership=membership).select_related("group").first()
    seat = getattr(row, "seat", kept)
    old = seat.group if seat else None
    if (old.number if old else None) == number:
        return
    if seat:
        seat.delete()
        Group.objects.filter(pk=old.pk, reporter=row).update(reporter=None)
    new = None
    if number is not None:
        new, _is_new = Group.objects.get_or_create(session=session, number=number)
        if row:
            sit(new, Attendance.objects.get(pk=row.pk))
        else:
            KeptSeat.objects.create(session=session, group=new, membership=membership)
    _explain(session, {group.pk for group in (old, new) if group})
    _tidy(session)
    tell(session)


@transaction.atomic
def free_kept_seats(*, session: Session) -> None:
    """Keep no seat any longer: whoever comes from now on is placed where they help most."""
    session = lock_open(session)
    groups = set(session.kept_seats.values_list("group", flat=True))
    session.kept_seats.all().delete()
    _explain(session, groups)
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


def _counted_on(session: Session, expected: bool) -> list[Membership]:
    """Return the members who are here and, if wanted, those who are still expected."""
    here = [row.membership for row in people_here(session)]
    return [*here, *people_expected(session)] if expected else here


def _seat(
    session: Session,
    tables: Mapping[int, Sequence[int]],
    *,
    most: Mapping[int, int | None],
    reasons: Mapping[int, str],
) -> None:
    """Let members sit as *tables* say, by the numbers of the groups. What is on a sheet stays with its number."""
    Seat.objects.filter(group__session=session).delete()
    session.kept_seats.all().delete()
    session.groups.update(reason="", reporter=None, called_at=None)
    here = dict(session.attendances.values_list("membership", "pk"))
    for number, members in sorted(tables.items()):
        group, _is_new = Group.objects.update_or_create(
            session=session, number=number, defaults={"most": most[number], "reason": reasons[number]}
        )
        Seat.objects.bulk_create(
            Seat(group=group, attendance_id=here[member], place=place)
            for place, member in enumerate(members, start=1)
            if member in here
        )
        KeptSeat.objects.bulk_create(
            KeptSeat(session=session, group=group, membership_id=member) for member in members if member not in here
        )
    _tidy(session)
    tell(session)


def _explain(session: Session, changed: set[int]) -> None:
    """Say anew why people sit together in the groups that have *changed*."""
    tables = tables_of(session)
    for group in session.groups.filter(pk__in=changed):
        group.reason = reason_for(tables[group.pk]) if tables[group.pk] else ""
        group.save(update_fields=["reason"])


def _tidy(session: Session) -> None:
    """Take away groups that nobody sits in and that have left nothing."""
    kept = [
        model.objects.filter(group__session=session).values("group")
        for model in (SheetAnswer, Correction, Placing, Missing, WalkNote)
    ]
    kept.append(WalkNote.objects.filter(at__session=session).values("at"))
    empty = session.groups.filter(seats=None, kept_seats=None)
    for groups in kept:
        empty = empty.exclude(pk__in=groups)
    empty.delete()
