"""Coming into a cohort and leaving it. A person's work stays with their enrolment, whatever happens here."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cohorts.models import Cohort, Membership
from courses.services import enrol


class LastFacilitatorError(Exception):
    """Somebody must facilitate: the last one cannot leave, nor become a participant."""


class GuestFacilitatesError(Exception):
    """A guest, whom nobody knows once a browser forgets them, facilitates nothing."""


@transaction.atomic
def make_cohort(*, facilitator: User, **fields: Any) -> Cohort:
    """Make a cohort of *fields* that *facilitator* facilitates."""
    cohort = Cohort.objects.create(**fields)
    Membership.objects.create(cohort=cohort, user=facilitator, role=Membership.Role.FACILITATOR)
    return cohort


@transaction.atomic
def join(*, user: User, cohort: Cohort) -> Membership:
    """Let *user* take part in *cohort*, from now on, again, or as already before; a facilitator stays one.

    Whoever takes part is enrolled in the cohort's course.
    """
    membership = Membership.objects.select_for_update().filter(cohort=cohort, user=user).first()
    if membership and membership.left_at is None:
        return membership
    enrolment = enrol(user=user, course=cohort.course)
    membership, _created = Membership.objects.update_or_create(
        cohort=cohort,
        user=user,
        defaults={"role": Membership.Role.PARTICIPANT, "enrolment": enrolment, "left_at": None},
    )
    return membership


@transaction.atomic
def add_facilitator(*, user: User, cohort: Cohort) -> Membership:
    """Let *user* facilitate *cohort* beside those who do already. Raises GuestFacilitatesError."""
    if user.is_guest:
        raise GuestFacilitatesError
    membership, _created = Membership.objects.update_or_create(
        cohort=cohort, user=user, defaults={"role": Membership.Role.FACILITATOR, "left_at": None}
    )
    return membership


@transaction.atomic
def leave(*, membership: Membership) -> None:
    """End a membership: sight of the cohort ends at once, the person's own work stays theirs.

    Raises LastFacilitatorError for the only facilitator.
    """
    Cohort.objects.select_for_update().get(pk=membership.cohort_id)
    _keep_a_facilitator(membership)
    Membership.objects.filter(pk=membership.pk, left_at=None).update(left_at=timezone.now())


@transaction.atomic
def change_role(*, membership: Membership, role: str) -> None:
    """Make a member a facilitator or a participant; who takes part is enrolled.

    Raises LastFacilitatorError when nobody would facilitate any more, and GuestFacilitatesError for a guest.
    """
    Cohort.objects.select_for_update().get(pk=membership.cohort_id)
    if role == Membership.Role.PARTICIPANT:
        _keep_a_facilitator(membership)
        membership.enrolment = enrol(user=membership.user, course=membership.cohort.course)
    elif membership.user.is_guest:
        raise GuestFacilitatesError
    membership.role = role
    membership.save(update_fields=["role", "enrolment"])


@transaction.atomic
def move(*, membership: Membership, cohort: Cohort) -> Membership:
    """Move a participant to another cohort of the same course: their work goes with them, it is theirs.

    Raises Membership.DoesNotExist when somebody else has moved or removed them meanwhile.
    """
    Cohort.objects.select_for_update().get(pk=membership.cohort_id)
    membership = Membership.objects.current().participants().get(pk=membership.pk)
    leave(membership=membership)
    return join(user=membership.user, cohort=cohort)


def _keep_a_facilitator(membership: Membership) -> None:
    facilitators = set(
        # Whose account is closed facilitates nothing.
        Membership.objects.current()
        .facilitators()
        .filter(cohort=membership.cohort_id, user__is_active=True)
        .values_list("pk", flat=True)
    )
    if facilitators == {membership.pk}:
        raise LastFacilitatorError
