"""Ways into a cohort. None of them carries a role: whoever comes in by one is a participant."""

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cohorts.constants import (
    CODE_ALPHABET,
    CODE_LENGTH,
    INVITATION_SENDS_MAX,
    RESEND_MINUTES,
    TOKEN_BYTES,
)
from cohorts.models.cohort import Cohort, Membership
from cohorts.querysets import InvitationQuerySet, JoinCodeQuerySet


class Ended(models.TextChoices):
    """Why a way in leads in no more, and what to do about it."""

    ARCHIVED = "archived", _("This cohort is over and takes in nobody any more.")
    REVOKED = "revoked", _("This code was taken back. Ask your facilitator for a new one.")
    EXPIRED = "expired", _("This code has expired. Ask your facilitator for a new one.")
    USED_UP = "used-up", _("As many people as this code was made for have joined. Ask your facilitator for a new one.")
    WITHDRAWN = "withdrawn", _("This invitation was withdrawn. Ask your facilitator if you think that is a mistake.")
    ACCEPTED = "accepted", _("This invitation has been accepted already. It was for one person only: ask for your own.")


def random_code() -> str:
    """Return a code of 42 random bits, that can be read from a screen and typed."""
    return "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))


def random_token() -> str:
    """Return the secret part of an invitation's link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class JoinCode(models.Model):
    """A code for everybody in the room: for some days, for so many people, until it is revoked."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="join_codes")
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=random_code, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    uses_max = models.PositiveIntegerField(_("for how many people"))
    uses = models.PositiveIntegerField(default=0, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = JoinCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            # Not a count that is checked first: the two hundredth of a hundred is refused here.
            models.CheckConstraint(condition=Q(uses__lte=F("uses_max")), name="a_code_is_not_used_up_beyond"),
        ]

    def __str__(self) -> str:
        return self.shown

    def get_absolute_url(self) -> str:
        return reverse("join", args=[self.code])

    @property
    def shown(self) -> str:
        """The code in groups of three, as people read it out."""
        return "-".join(self.code[place : place + 3] for place in range(0, CODE_LENGTH, 3))

    @property
    def uses_left(self) -> int:
        return self.uses_max - self.uses

    @property
    def why_ended(self) -> Ended | None:
        """Why nobody more joins by it, None while it is open."""
        if self.cohort.archived_at:
            return Ended.ARCHIVED
        if self.revoked_at:
            return Ended.REVOKED
        if self.expires_at <= timezone.now():
            return Ended.EXPIRED
        return Ended.USED_UP if self.uses_left <= 0 else None


class Invitation(models.Model):
    """An invitation to one e-mail address."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    token = models.CharField(max_length=40, unique=True, default=random_token, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, editable=False)
    times_sent = models.PositiveSmallIntegerField(default=0, editable=False)
    failure = models.CharField(max_length=300, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    membership = models.OneToOneField(
        Membership, on_delete=models.SET_NULL, related_name="invitation", null=True, editable=False
    )
    accepted_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["email"]
        constraints = [models.UniqueConstraint("cohort", Lower("email"), name="nobody_is_invited_twice")]

    def __str__(self) -> str:
        return self.email

    def get_absolute_url(self) -> str:
        return reverse("join", args=[self.token])

    @property
    def why_ended(self) -> Ended | None:
        """Why nobody joins by it any more, None while it is open."""
        if self.cohort.archived_at:
            return Ended.ARCHIVED
        if self.accepted_at:
            return Ended.ACCEPTED
        return Ended.WITHDRAWN if self.withdrawn_at else None

    @property
    def is_open(self) -> bool:
        return self.withdrawn_at is None and self.accepted_at is None

    @property
    def is_waiting(self) -> bool:
        """Whether its mail is on its way."""
        return self.is_open and self.sent_at is None and not self.failure

    @property
    def may_be_sent_again(self) -> bool:
        """Whether another mail may go out: not right after the last, not for ever, not while somebody is in by it."""
        if self.times_sent >= INVITATION_SENDS_MAX or (self.accepted_at and self.is_somebody_in):
            return False
        return self.sent_at is None or self.sent_at < timezone.now() - dt.timedelta(minutes=RESEND_MINUTES)

    @property
    def is_somebody_in(self) -> bool:
        """Whether who accepted it is in the cohort; asked of a row that came with its membership."""
        return self.membership is not None and self.membership.left_at is None

    @property
    def masked_email(self) -> str:
        """The address, so that its owner recognizes it and nobody else learns it."""
        name, _at, host = self.email.rpartition("@")
        return f"{name[:1]}…@{host}"
