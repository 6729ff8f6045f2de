"""Whom a reminder goes to, and the mail that each of them gets."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import OuterRef, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Membership, ReminderMail
from cohorts.permissions import Desk
from courses.progress import Reader
from courses.published import PublishedCourse

# Who can be chosen, besides a group and people that were ticked.
BEHIND, NOT_STARTED, NOT_FINISHED, EVERYBODY, CHOSEN = "behind", "not-started", "not-finished", "everybody", "chosen"
GROUP = "group:"

_signer = signing.Signer(salt="cohorts.mute")


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


def select(desk: Desk, who: str, ticked: Iterable[uuid.UUID] = ()) -> Selection:
    """Return the participants that *who* means, sorted into who gets a mail and who does not."""
    members = desk.cohort.memberships.current().participants()
    if who == BEHIND:
        members = members.behind(desk.cohort)
    elif who == NOT_STARTED:
        members = members.not_started()
    elif who == NOT_FINISHED:
        members = members.not_finished(len(desk.course.sections))
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
    if not membership.user.email:
        return _("joined as a guest, without an e-mail address")
    if not membership.user.is_active:
        return _("this account is closed")
    if membership.today == ReminderMail.State.FAILED:
        return _("the mail of today could not be sent: try that one again")
    return _("had a reminder today") if membership.today else ""


def mute_token(membership: Membership) -> str:
    """Return what lets whoever has got a mail mute reminders without signing in, now or in a year."""
    return _signer.sign(membership.public_id.hex)


def membership_of(token: str) -> Membership | None:
    """Return whose mail *token* came with; None when it is not ours."""
    try:
        public_id = uuid.UUID(_signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Membership.objects.select_related("cohort").filter(public_id=public_id).first()


def make_mail(
    *,
    membership: Membership,
    cohort: Cohort,
    course: PublishedCourse,
    text: str,
    sender: str,
    site: str,
    shows_mute_link: bool = True,
) -> EmailMessage:
    """Return the mail to *membership*: the facilitator's *text*, and the person's own next step.

    *site* is the address that links begin with. Nothing that anybody answered is in it. Only the person's own mailbox
    shall see the link that mutes: in a preview it is not shown.
    """
    mute_url = urljoin(site, reverse("reminders_mute", args=[mute_token(membership)]))
    reader = Reader(course, membership.enrolment)
    context = {
        "name": membership.user.name,
        "text": text,
        "section": reader.next_section(),
        "next_url": urljoin(site, reader.next_url() or course.get_absolute_url()),
        "cohort": _one_line(cohort.name),
        "course": course,
        "mute_url": mute_url if shows_mute_link else "",
    }
    return EmailMessage(
        subject=_one_line(_("%(cohort)s: a reminder") % {"cohort": cohort.name}),
        body=render_to_string("cohorts/email/reminder.txt", context),
        from_email=formataddr((_one_line(sender), parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[membership.user.email],
        headers={
            "List-Unsubscribe": f"<{mute_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def message_id(mail: ReminderMail, site: str) -> str:
    """Return the name of one mail, the same whenever it is sent: a mailbox that gets it twice can keep one."""
    return f"<{mail.reminder.public_id.hex}.{mail.pk}@{urlsplit(site).hostname}>"


def _one_line(text: str) -> str:
    """Return *text* fit for a mail's head, where a line break would begin another field."""
    return " ".join(text.split())
