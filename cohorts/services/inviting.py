"""Invitations by e-mail: made, sent again, withdrawn. Each mail is sent on its own, in the background."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import User
from cohorts.constants import INVITATIONS_A_DAY
from cohorts.models import Cohort, Invitation, Membership
from cohorts.models.joining import random_token
from cohorts.peoplelist import Person
from cohorts.tasks import deliver_invitation


class TooManyInvitationsError(Exception):
    """A facilitator has invited as many people today as one may."""


@dataclass
class Invited:
    """What became of a list of people."""

    new: list[Invitation] = field(default_factory=list)
    members: list[Person] = field(default_factory=list)
    before: list[Person] = field(default_factory=list)


@transaction.atomic
def invite(*, cohort: Cohort, by: User, people: dict[str, Person], site: str) -> Invited:
    """Invite *people* (by address), none of them twice, even if two do it at once.

    *site* is the address of the home page that the mails' links stand under. Raises TooManyInvitationsError when it
    would be too many for one day, and then invites nobody.
    """
    User.objects.select_for_update().get(pk=by.pk)
    today = Invitation.objects.filter(created_by=by, created_at__gt=timezone.now() - dt.timedelta(days=1)).count()
    if today + len(people) > INVITATIONS_A_DAY:
        raise TooManyInvitationsError
    done = Invited()
    members = set(
        Membership.objects.current()
        .filter(cohort=cohort)
        .annotate(address=Lower("user__email"))
        .filter(address__in=people)
        .values_list("address", flat=True)
    )
    rows = [
        Invitation(cohort=cohort, created_by=by, email=person.email, name=person.name)
        for email, person in people.items()
        if email not in members
    ]
    Invitation.objects.bulk_create(rows, ignore_conflicts=True)
    # What stood there already kept its own token.
    done.new = list(Invitation.objects.filter(cohort=cohort, token__in=[row.token for row in rows]))
    for invitation in done.new:
        deliver_invitation.enqueue(invitation.pk, site)
    made = {invitation.email for invitation in done.new}
    done.members = [person for email, person in people.items() if email in members]
    done.before = [person for email, person in people.items() if email not in members | made]
    return done


@transaction.atomic
def send_again(*, invitation: Invitation, site: str) -> bool:
    """Send an invitation once more, one that was withdrawn or whose person has left with a new link.

    Return whether that may be now.
    """
    invitation = Invitation.objects.select_for_update(of=["self"]).select_related("membership").get(pk=invitation.pk)
    if not invitation.may_be_sent_again:
        return False
    if not invitation.is_open:
        invitation.token = random_token()
        invitation.withdrawn_at = invitation.accepted_at = invitation.membership = None
    invitation.sent_at, invitation.failure = None, ""
    invitation.save(update_fields=["token", "withdrawn_at", "accepted_at", "membership", "sent_at", "failure"])
    deliver_invitation.enqueue(invitation.pk, site)
    return True


def withdraw(*, invitation: Invitation) -> bool:
    """Let nobody in by an invitation any more; return whether it was still open."""
    return bool(Invitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=timezone.now()))
