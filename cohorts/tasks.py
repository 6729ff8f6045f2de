"""What is done in the background. Each of these may be done twice: a killed worker's task is done again."""

import logging
import smtplib

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from cohorts.models import Reminder, ReminderMail
from cohorts.reminding import make_mail, message_id
from courses.published import read

logger = logging.getLogger(__name__)

Failure, State = ReminderMail.Failure, ReminderMail.State


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
    if membership.left_at or not membership.user.email or not membership.user.is_active:
        return Failure.GONE
    if membership.mutes_reminders:
        return Failure.NOT_WANTED
    facilitator = reminder.facilitator
    try:
        message = make_mail(
            membership=membership,
            cohort=reminder.cohort,
            course=read(reminder.cohort.course),
            text=reminder.text,
            sender=facilitator.name if facilitator else _("JMDI Learning"),
            site=site,
        )
        message.extra_headers["Message-ID"] = message_id(mail, site)
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
