"""Who sits where, as `activities.groups` wants to know it, and a place for those who come late."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.languages import OWN_NAMES
from activities.groups import Pair, Person, Wishes, best_group, common_languages
from activities.models import Attendance, Group, KeptSeat, Seat, Session
from activities.people import person_of
from cohorts.models import Membership

# So many languages in common are named.
_LANGUAGES_NAMED = 3


def people_here(session: Session) -> list[Attendance]:
    """Return the participants who have come, and have not left the cohort."""
    return list(
        session.attendances.filter(membership__role=Membership.Role.PARTICIPANT, membership__left_at=None)
        .select_related("membership__user", "seat__group")
        .order_by("seat__place", "pk")
    )


def people_expected(session: Session) -> list[Membership]:
    """Return the participants of the cohort who have not come to the session yet."""
    members = session.cohort.memberships.current().participants().exclude(attendances__session=session)
    return list(members.select_related("user").order_by("user__name", "pk"))


def seats_kept(session: Session) -> list[KeptSeat]:
    """Return the seats that are kept for those who have not come yet, and still belong to the cohort."""
    return list(session.kept_seats.filter(membership__left_at=None).select_related("membership__user"))


def tables_of(session: Session) -> dict[int, list[Person]]:
    """Return whom each group counts on, by its primary key: who sits there, and for whom a seat is kept."""
    tables = defaultdict(list)
    for row in (*people_here(session), *seats_kept(session)):
        if row.group_id:
            tables[row.group_id].append(person_of(row.membership))
    return tables


def wishes_for(session: Session, met: dict[Pair, int] | None = None) -> Wishes:
    """Return what facilitators wish for the groups of *session*."""
    rows = [(frozenset((wish.one_id, wish.other_id)), wish.is_apart) for wish in session.wishes.all()]
    return Wishes(
        together=frozenset(pair for pair, is_apart in rows if not is_apart),
        apart=frozenset(pair for pair, is_apart in rows if is_apart),
        met=met or {},
    )


def met_before(session: Session) -> dict[Pair, int]:
    """Return how often pairs of members sat in one group in other sessions of the cohort."""
    groups = defaultdict(list)
    seats = Seat.objects.filter(group__session__cohort=session.cohort_id).exclude(group__session=session)
    for group_id, membership_id in seats.values_list("group_id", "attendance__membership_id"):
        groups[group_id].append(membership_id)
    met = defaultdict(int)
    for members in groups.values():
        for pair in combinations(members, 2):
            met[frozenset(pair)] += 1
    return dict(met)


def seat_late(*, session: Session, attendance: Attendance) -> None:
    """Give somebody who has just come the seat that is kept for them or, if there are groups, the one where they help
    most; the session is locked.
    """
    if session.ended_at or attendance.membership.is_facilitator:
        return
    kept = session.kept_seats.filter(membership=attendance.membership_id).select_related("group").first()
    if kept:
        sit(kept.group, attendance)
        kept.delete()
        return
    groups = list(session.groups.all())
    if not groups:
        return
    person, tables = person_of(attendance.membership), tables_of(session)
    place = best_group(
        person,
        [tables[group.pk] for group in groups],
        [group.most for group in groups],
        wishes_for(session),
    )
    if place >= 0:
        sit(groups[place], attendance)
        groups[place].reason = reason_for([*tables[groups[place].pk], person])
        groups[place].save(update_fields=["reason"])
    else:
        new = Group.objects.create(
            session=session,
            number=max(group.number for group in groups) + 1,
            most=max(group.most for group in groups),
            reason=_("All other groups were full, so this one was opened."),
        )
        sit(new, attendance)


def sit(group: Group, attendance: Attendance) -> None:
    """Give somebody the next place of *group*."""
    last = group.seats.aggregate(last=Max("place"))["last"] or 0
    Seat.objects.create(group=group, attendance=attendance, place=last + 1)


def reason_for(people: Sequence[Person], met: Iterable[Pair] = ()) -> str:
    """Return in words why people sit together, and what could not be had; nothing in it is about one person."""
    sentences = [_mix(people)]
    known = sum(bool(person.languages) for person in people)
    if common := sorted(common_languages(people)):
        names = ", ".join(OWN_NAMES.get(code, code) for code in common[:_LANGUAGES_NAMED])
        sentences.append(_("You all speak: %(languages)s.") % {"languages": names})
    elif known > 1:
        sentences.append(_("There is no language that all of you speak: help one another."))
    here = {person.id for person in people}
    if any(pair <= here for pair in met):
        sentences.append(_("Some of you were in a group together before: it could not be avoided."))
    return " ".join(sentence for sentence in sentences if sentence)


def _mix(people: Sequence[Person]) -> str:
    countries, levels, functions = (
        len({getattr(person, name) for person in people} - {""}) for name in ("country", "level", "function")
    )
    parts = [
        words % {"count": count}
        for count, words in (
            (countries, ngettext("%(count)s country", "%(count)s countries", countries)),
            (levels, ngettext("%(count)s level of government", "%(count)s levels of government", levels)),
            (functions, ngettext("%(count)s function", "%(count)s functions", functions)),
        )
        if count > 1
    ]
    if parts:
        return _("Mixed on purpose: %(parts)s.") % {"parts": ", ".join(parts)}
    if countries or levels or functions:
        return _("As mixed as the people here made possible.")
    return _("Put together by chance: nobody here has filled in a profile yet.")
