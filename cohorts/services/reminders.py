"""Reminding people, and being left in peace."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cohorts.models import Cohort, Membership, Reminder, ReminderMail
from cohorts.tasks import deliver_reminder


class NobodyLeftError(Exception):
    """Everybody whom this reminder was for has had one meanwhile."""


@transaction.atomic
def send_reminder(
    *, cohort: Cohort, facilitator: User, text: str, chosen_by: str, recipients: Iterable[Membership], site: str
) -> Reminder:
    """Write down a mail to each of *recipients*, and have them sent from *site* in the background.

    Who gets one from somebody else at this moment gets no second: the database refuses it. Raises NobodyLeftError when
    that is so of all.
    """
    reminder = Reminder.objects.create(cohort=cohort, facilitator=facilitator, text=text, chosen_by=chosen_by)
    mails = [
        ReminderMail(reminder=reminder, membership=membership, day=cohort.today)
        # In one order: two who send at once do not wait for each other in a circle.
        for membership in sorted(recipients, key=lambda membership: membership.pk)
    ]
    ReminderMail.objects.bulk_create(mails, ignore_conflicts=True)
    if not reminder.mails.exists():
        raise NobodyLeftError
    deliver_reminder.enqueue(reminder.pk, site)
    return reminder


@transaction.atomic
def send_reminder_again(*, reminder: Reminder, site: str) -> None:
    """Have those mails sent that failed, and those that still wait. Who has had another reminder today is left."""
    Reminder.objects.select_for_update().get(pk=reminder.pk)
    today = reminder.cohort.today
    failed = reminder.mails.filter(state=ReminderMail.State.FAILED)
    had_another = ReminderMail.objects.filter(day=today).exclude(reminder=reminder).values("membership")
    failed.exclude(Q(membership__in=had_another)).update(
        state=ReminderMail.State.WAITING, failure="", done_at=None, day=today
    )
    deliver_reminder.enqueue(reminder.pk, site)


def mute_reminders(*, membership: Membership, mutes: bool) -> None:
    """Send *membership* no more reminders, or send them again."""
    Membership.objects.filter(pk=membership.pk).update(mutes_reminders=mutes)
