"""The mail of an invitation."""

from urllib.parse import urljoin

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from cohorts.mails import message_id, one_line
from cohorts.models import Invitation


def make_invitation_mail(invitation: Invitation, site: str) -> EmailMessage:
    """Return the mail of *invitation*, whose link stands under the home page *site*."""
    inviter = invitation.created_by
    context = {
        "invitation": invitation,
        "cohort": invitation.cohort,
        "inviter": inviter,
        "link": urljoin(site, invitation.get_absolute_url()),
    }
    return EmailMessage(
        subject=one_line(render_to_string("cohorts/email/invitation_subject.txt", context)),
        body=render_to_string("cohorts/email/invitation.txt", context),
        to=[invitation.email],
        reply_to=[inviter.email] if inviter else None,
        headers={"Message-ID": message_id(f"invitation.{invitation.pk}.{invitation.times_sent}", site)},
    )
