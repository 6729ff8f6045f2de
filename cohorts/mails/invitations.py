"""The mail of an invitation."""

import logging
import smtplib
from urllib.parse import urljoin

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.models import Invitation

logger = logging.getLogger(__name__)


@transaction.atomic
def send_invitation(invitation_id: int, site: str) -> None:
    """Send the mail of an invitation that waits for it, and write down what became of it.

    Doing it twice, even at once, sends one mail: the row is locked until it is known. *site* is the address of the home
    page that the mail's link stands under.
    """
    invitation = (
        Invitation.objects.with_cohort()
        .select_related("created_by")
        .select_for_update(of=["self"])
        .filter(pk=invitation_id)
        .first()
    )
    if invitation is None or not invitation.is_open or invitation.sent_at or invitation.cohort.archived_at:
        return
    try:
        _mail(invitation, site).send()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("An invitation could not be sent: %s", type(error).__name__)
        Invitation.objects.filter(pk=invitation.pk).update(failure=_why(error))
    else:
        Invitation.objects.filter(pk=invitation.pk).update(
            sent_at=timezone.now(), times_sent=F("times_sent") + 1, failure=""
        )


def _mail(invitation: Invitation, site: str) -> EmailMessage:
    inviter = invitation.created_by
    context = {
        "invitation": invitation,
        "cohort": invitation.cohort,
        "inviter": inviter,
        "link": urljoin(site, invitation.get_absolute_url()),
    }
    subject = render_to_string("cohorts/email/invitation_subject.txt", context)
    return EmailMessage(
        " ".join(subject.split()),
        render_to_string("cohorts/email/invitation.txt", context),
        to=[invitation.email],
        reply_to=[inviter.email] if inviter else None,
    )


def _why(error: Exception) -> str:
    """Say why a mail did not go out, without what a server's own words might tell."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _("The mail server does not accept this address.")
    if isinstance(error, smtplib.SMTPResponseException):
        return _("The mail server refused the mail (error %(code)s).") % {"code": error.smtp_code}
    return _("The mail server could not be reached.")
