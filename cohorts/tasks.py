"""What is done in the background. Each of these may be done twice: a killed worker's task is done again."""

import logging
import smtplib

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from cohorts.mails import message_id
from cohorts.mails.invitations import make_invitation_mail
from cohorts.mails.reminders import make_reminder_mail
from cohorts.models import Invitation, Reminder, ReminderMail
from courses.published import read

logger = logging.getLogger(__name__)

Failure, State = ReminderMail.Failure, ReminderMail.State


# --- Invitations --------------------------------------------------------------------------------------------


@task()
@transaction.atomic
def deliver_invitation(invitation_id: int, site: str) -> None:
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
        make_invitation_mail(invitation, site).send()
    except OSError as error:  # smtplib's errors too
        logger.warning("An invitation could not be sent: %s", type(error).__name__)
        Invitation.objects.filter(pk=invitation.pk).update(failure=_why_not_sent(error))
    else:
        Invitation.objects.filter(pk=invitation.pk).update(
            sent_at=timezone.now(), times_sent=F("times_sent") + 1, failure=""
        )


def _why_not_sent(error: Exception) -> str:
    """Say why a mail did not go out, without what a server's own words might tell."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _("The mail server does not accept this address.")
    if isinstance(error, smtplib.SMTPResponseException):
        return _("The mail server refused the mail (error %(code)s).") % {"code": error.smtp_code}
    return _("The mail server could not be reached.")


# --- Reminders ----------------------------------------------------------------------------------------------


@task()
def deliver_reminder(reminder_id: int, site: str) -> None:
    """Send the mails of a reminder that wait, one by one. What became of one is stored before the next is begun.

    When the mail server is away, those that wait are marked as failed, for the facilitator to try again.
    """
    reminder = Reminder.objects.select_related("cohort__course", "facilitator").filter(pk=reminder_id).first()
    if reminder is None:
        return
    connection = get_connection()
    try:
        while _deliver_next(reminder, connection, site):
            pass
    except ConnectionError as error:
        logger.error("Reminders could not be sent: %s", type(error.__cause__).__name__)
        waiting = reminder.mails.filter(state=State.WAITING)
        waiting.update(state=State.FAILED, failure=Failure.SERVER, done_at=timezone.now())
    finally:
        connection.close()


@transaction.atomic
def _deliver_next(reminder: Reminder, connection: BaseEmailBackend, site: str) -> bool:
    """Send one mail that waits; return whether there was one. Raises ConnectionError when the mail server is away."""
    mail = (
        reminder.mails.filter(state=State.WAITING)
        .select_related("membership__user", "membership__enrolment")
        .select_for_update(of=["self"], skip_locked=True)
        .order_by("pk")
        .first()
    )
    if mail is None:
        return False
    mail.reminder = reminder
    mail.failure = _deliver(mail, connection, site)
    mail.state = State.FAILED if mail.failure else State.SENT
    mail.done_at = timezone.now()
    mail.save(update_fields=["state", "failure", "done_at"])
    return True


def _deliver(mail: ReminderMail, connection: BaseEmailBackend, site: str) -> str:
    """Send one mail; return why that failed, or nothing."""
    membership, reminder = mail.membership, mail.reminder
    if membership.left_at or membership.user.is_guest or not membership.user.is_active:
        return Failure.GONE
    if membership.mutes_reminders:
        return Failure.NOT_WANTED
    facilitator = reminder.facilitator
    try:
        message = make_reminder_mail(
            membership=membership,
            cohort=reminder.cohort,
            course=read(reminder.cohort.course),
            text=reminder.text,
            sender=facilitator.name if facilitator else _("JMDI Learning"),
            site=site,
        )
        message.extra_headers["Message-ID"] = message_id(f"{reminder.public_id.hex}.{mail.pk}", site)
        _send(message, connection)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        return Failure.REFUSED if all(code >= 500 for code in codes) else Failure.LATER
    except smtplib.SMTPDataError as error:
        return Failure.REFUSED if error.smtp_code >= 500 else Failure.LATER
    except OSError as error:  # smtplib's other errors too
        raise ConnectionError from error
    except Exception as error:
        # Its words may hold an address.
        logger.error("A reminder's mail could not be made: %s", type(error).__name__)
        return Failure.BROKEN
    return ""


def _send(message: EmailMessage, connection: BaseEmailBackend) -> None:
    """Send over a connection that stays open; many servers close it after some mails, or when one failed."""
    try:
        connection.open()
        connection.send_messages([message])
    except (smtplib.SMTPServerDisconnected, ConnectionError):
        connection.close()
        connection.open()
        connection.send_messages([message])
