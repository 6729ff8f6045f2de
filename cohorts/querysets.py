"""Filters with names."""

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from courses.models import SectionProgress

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

    def with_standing(self, *, due: Iterable[int], sections: Iterable[int], quiet_since: dt.datetime) -> Self:
        """With `behind`, how many of the sections *due* are not done, and `is_stalled`, and the person's enrolment.

        Whoever has stalled has one of *sections* open, has not done it, and has done nothing since *quiet_since*.
        """
        due = list(due)
        own = SectionProgress.objects.filter(enrolment=OuterRef("enrolment"))
        done = own.filter(section__in=due, done_at__isnull=False).order_by().values("enrolment")
        return self.annotate(
            behind=Value(len(due)) - Coalesce(Subquery(done.annotate(n=Count("pk")).values("n")), 0),
            is_stalled=Q(enrolment__last_active_at__lt=quiet_since)
            & Exists(own.filter(section__in=list(sections), done_at=None)),
        )


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


class ReplyQuerySet(models.QuerySet):
    """What facilitators reply to answers."""

    def to(self, enrolment_id: int | None) -> Self:
        """Only replies to the answers of one person in one course."""
        return self.filter(answer__enrolment=enrolment_id)

    def unseen(self) -> Self:
        """Only those that the answer's author has not read."""
        return self.filter(seen_at=None)

    def with_people(self) -> Self:
        """With who wrote them and the answers that they are about."""
        return self.select_related("facilitator", "answer")


class PickQuerySet(models.QuerySet):
    """Answers that facilitators have chosen."""

    def on_screen(self) -> Self:
        """Only what is shown to everybody now: the text that was chosen, and not against its author's word.

        What was shared with facilitators alone needs its author's word first. Whose answers may be shown at all is
        for `cohorts.permissions` to say.
        """
        agreed = models.Q(consent__in=["given", "unnamed"])
        return self.filter(
            agreed | models.Q(answer__audience="cohort", consent__in=["not-asked", "asked"]),
            on_screen=True,
            shown_version=models.F("answer__version"),
        )

    def of_concern_to(self, enrolment_id: int | None) -> Self:
        """Only what the author of these answers has a say in: what is to be shown, and what they have refused."""
        return self.filter(models.Q(on_screen=True) | models.Q(consent="refused"), answer__enrolment=enrolment_id)
