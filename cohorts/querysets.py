"""Filters with names."""

from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import User

_HEAVY = ["course__body", "course__compiled", "course__credits", "course__published"]


class CohortQuerySet(models.QuerySet):
    """Cohorts."""

    def of(self, user: User) -> Self:
        """Only those that *user* is a member of now."""
        return self.filter(memberships__user=user, memberships__left_at=None)

    def facilitated_by(self, user: User) -> Self:
        """Only those that *user* facilitates now."""
        return self.filter(memberships__user=user, memberships__left_at=None, memberships__role="facilitator")

    def open(self) -> Self:
        """Leave out what has been archived."""
        return self.filter(archived_at=None)

    def with_course(self) -> Self:
        """With the course's row, light."""
        return self.select_related("course").defer(*_HEAVY)


class OfCohortQuerySet(models.QuerySet):
    """What belongs to a cohort."""

    def with_cohort(self) -> Self:
        """With the cohort and its course's row, light."""
        return self.select_related("cohort__course").defer(*(f"cohort__{name}" for name in _HEAVY))


class MembershipQuerySet(OfCohortQuerySet):
    """Members of cohorts."""

    def current(self) -> Self:
        """Leave out who has left."""
        return self.filter(left_at=None)

    def participants(self) -> Self:
        """Only who learns."""
        return self.filter(role="participant")

    def facilitators(self) -> Self:
        """Only who facilitates."""
        return self.filter(role="facilitator")


class JoinCodeQuerySet(OfCohortQuerySet):
    """Codes to join by."""

    def open(self) -> Self:
        """Only codes that let somebody in now."""
        return self.filter(
            revoked_at=None, expires_at__gt=timezone.now(), uses__lt=models.F("uses_max"), cohort__archived_at=None
        )


class InvitationQuerySet(OfCohortQuerySet):
    """Invitations by e-mail."""

    def open(self) -> Self:
        """Only those that nobody has accepted or withdrawn."""
        return self.filter(withdrawn_at=None, accepted_at=None)
