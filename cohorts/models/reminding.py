"""Reminders: what was sent, to whom, and what became of each mail."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohorts.constants import REMINDER_MAX_LENGTH
from cohorts.models.cohort import Cohort, Membership


class Reminder(models.Model):
    """One message of a facilitator to some members. `chosen_by` says in words which filter chose them."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="reminders")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="reminders", null=True
    )
    text = models.TextField(_("message"), max_length=REMINDER_MAX_LENGTH)
    chosen_by = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.created_at:%Y-%m-%d}"


class ReminderMail(models.Model):
    """The mail to one of them. Nobody gets two in one day: `day` is the cohort's date."""

    class State(models.TextChoices):
        """What has become of it."""

        WAITING = "waiting", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")

    class Failure(models.TextChoices):
        """Why it could not be sent; kept as a key, said in the reader's language."""

        SERVER = "server", _("The mail server could not be reached, or took no mail from us.")
        LATER = "later", _("The mail server asks to try again later.")
        REFUSED = "refused", _("The mail server does not take mail for this address.")
        NOT_WANTED = "not wanted", _("This person wants no reminders any more.")
        GONE = "gone", _("This person is no longer in the cohort.")
        BROKEN = "broken", _("The mail could not be made. The log says why.")

    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="mails")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="reminder_mails")
    day = models.DateField()
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    failure = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["membership__user__name"]
        constraints = [
            models.UniqueConstraint(fields=["membership", "day"], name="one_reminder_a_day"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "sent", "failed"]), name="mail_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.membership} · {self.state}"

    @property
    def failure_words(self) -> str:
        """Why it could not be sent, in words."""
        return self.Failure(self.failure).label if self.failure else ""
