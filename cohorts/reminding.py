"""Whom a reminder goes to, and who of them gets none."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from cohorts.columns import NO_GROUP, Choice
from cohorts.models import Membership, ReminderMail
from cohorts.permissions import Desk
from cohorts.standing import Standing, take_measure

# Who can be chosen besides those who stand in a way that needs a reminder.
NOT_FINISHED, EVERYBODY, CHOSEN = "not-finished", "everybody", "chosen"
GROUP = "group:"


@dataclass
class LeftOut:
    """Somebody who was chosen and gets no mail."""

    membership: Membership
    reason: str


@dataclass
class Selection:
    """Whom a reminder goes to, and who was chosen but is left out."""

    recipients: list[Membership] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def name_of(choice: Choice) -> str:
    """Return the name of those whom the progress table shows, if a reminder has one for them; else nothing."""
    if choice.q or choice.group == NO_GROUP or (choice.group and choice.state) or choice.state == Standing.FINISHED:
        return ""
    return GROUP + choice.group if choice.group else choice.state or EVERYBODY


def select(desk: Desk, who: str, ticked: Iterable[uuid.UUID] = ()) -> Selection:
    """Return the participants that *who* means, sorted into who gets a mail and who does not."""
    measure = take_measure(desk)
    members = measure.people
    if who in Standing.values:
        members = members.filter(measure.condition(who))
    elif who == NOT_FINISHED:
        members = members.exclude(measure.condition(Standing.FINISHED))
    elif who == CHOSEN:
        members = members.filter(public_id__in=ticked)
    elif who.startswith(GROUP):
        members = members.filter(group=who.removeprefix(GROUP))
    todays = ReminderMail.objects.filter(membership=OuterRef("pk"), day=desk.cohort.today)
    selection = Selection()
    for membership in members.select_related("user", "enrolment").annotate(today=Subquery(todays.values("state"))):
        reason = _why_not(membership)
        if reason:
            selection.left_out.append(LeftOut(membership, reason))
        else:
            selection.recipients.append(membership)
    return selection


def _why_not(membership: Membership) -> str:
    if membership.mutes_reminders:
        return _("wants no reminders")
    if membership.user.is_guest:
        return _("joined as a guest, without an e-mail address")
    if not membership.user.is_active:
        return _("this account is closed")
    if membership.today == ReminderMail.State.FAILED:
        return _("the mail of today could not be sent: try that one again")
    return _("had a reminder today") if membership.today else ""
