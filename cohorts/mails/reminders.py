"""The mail of a reminder, and the link in it that ends them."""

import uuid
from email.utils import formataddr, parseaddr
from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.mails import one_line
from cohorts.models import Cohort, Membership
from courses.progress import Reader
from courses.published import PublishedCourse

_signer = signing.Signer(salt="cohorts.mute")


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


def make_reminder_mail(
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
        "cohort": one_line(cohort.name),
        "course": course,
        "mute_url": mute_url if shows_mute_link else "",
    }
    return EmailMessage(
        subject=one_line(_("%(cohort)s: a reminder") % {"cohort": cohort.name}),
        body=render_to_string("cohorts/email/reminder.txt", context),
        from_email=formataddr((one_line(sender), parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[membership.user.email],
        headers={
            "List-Unsubscribe": f"<{mute_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
