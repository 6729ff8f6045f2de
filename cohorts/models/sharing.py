"""What facilitators do with the answers that people share with them.

Others see all of it only through the answers that are shared now: an answer that its author takes back takes this with
it. Its author keeps the replies.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohorts.constants import REPLY_MAX_LENGTH
from cohorts.models.cohort import Cohort
from cohorts.querysets import PickQuerySet, ReplyQuerySet
from courses.models import Answer


class Reply(models.Model):
    """What a facilitator answers to an answer: to its author alone, or to the cohort."""

    class Audience(models.TextChoices):
        """Who reads it."""

        AUTHOR = "author", _("Only who wrote it")
        COHORT = "cohort", _("The whole cohort")

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="replies")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="replies")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="replies", null=True
    )
    audience = models.CharField(_("who reads it"), max_length=20, choices=Audience, default=Audience.AUTHOR)
    text = models.TextField(_("reply"), max_length=REPLY_MAX_LENGTH)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, editable=False)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=["author", "cohort"]), name="reply_audience_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.answer_id}"


class Pick(models.Model):
    """An answer that is chosen: to be taken up in plenary, to be shown to everybody.

    It is shown without its author's name, unless the author has agreed to the name; they are asked, and may say no to
    being shown at all. Only the text that was chosen is shown: `shown_version` is the answer's version then.
    """

    class Consent(models.TextChoices):
        """What its author says to being shown."""

        NOT_ASKED = "not-asked", _("Not asked")
        ASKED = "asked", _("Asked")
        GIVEN = "given", _("Agreed, with name")
        UNNAMED = "unnamed", _("Agreed, without name")
        REFUSED = "refused", _("Refused")

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="picks")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="picks")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    for_plenary = models.BooleanField(default=False)
    on_screen = models.BooleanField(default=False)
    shown_version = models.PositiveIntegerField(default=0)
    consent = models.CharField(max_length=20, choices=Consent, default=Consent.NOT_ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True)
    picked_at = models.DateTimeField(auto_now_add=True)

    objects = PickQuerySet.as_manager()

    class Meta:
        ordering = ["picked_at"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "answer"], name="one_pick_per_answer"),
            models.CheckConstraint(
                condition=Q(consent__in=["not-asked", "asked", "given", "unnamed", "refused"]),
                name="consent_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.answer_id}"

    @property
    def is_named(self) -> bool:
        """Whether its author's name may stand under it."""
        return self.consent == self.Consent.GIVEN

    @property
    def is_refused(self) -> bool:
        return self.consent == self.Consent.REFUSED

    @property
    def is_asked(self) -> bool:
        return self.consent == self.Consent.ASKED
