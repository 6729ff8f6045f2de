"""Ways into a cohort, made, ended and gone. Whoever is in already uses nothing up, however often they come."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.guests import make_guest
from accounts.models import User
from cohorts.constants import CODES_OPEN_MAX
from cohorts.models import Cohort, Ended, Invitation, JoinCode, Membership
from cohorts.services.members import join


class TooManyCodesError(Exception):
    """So many codes are open that nobody would know them all."""


class WayInEndedError(Exception):
    """Nobody joins by this any more."""

    def __init__(self, reason: Ended) -> None:
        super().__init__(reason)
        self.reason = reason


class NoGuestsError(Exception):
    """This cohort wants people with an account, or this way in is for somebody with an address."""


class AnothersInvitationError(Exception):
    """The invitation was sent to another address, and the person has not said that they know."""


@transaction.atomic
def make_code(*, cohort: Cohort, by: User, days: int, uses_max: int) -> JoinCode:
    """Make a code that lets *uses_max* people in for *days* days. Raises TooManyCodesError."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if cohort.join_codes.open().count() >= CODES_OPEN_MAX:
        raise TooManyCodesError
    expires_at = timezone.now() + dt.timedelta(days=days)
    return JoinCode.objects.create(cohort=cohort, created_by=by, expires_at=expires_at, uses_max=uses_max)


def revoke_code(*, code: JoinCode) -> None:
    """Let nobody in by *code* from now on."""
    JoinCode.objects.filter(pk=code.pk, revoked_at=None).update(revoked_at=timezone.now())


@transaction.atomic
def join_by_code(*, user: User, code: JoinCode) -> Membership:
    """Let *user* in by *code*. Raises WayInEndedError, or NoGuestsError for a guest whom the cohort does not take."""
    code = _locked(JoinCode.objects.filter(pk=code.pk))
    return _membership(user, code.cohort) or _use(code, user)


@transaction.atomic
def join_as_guest(*, name: str, ticket: uuid.UUID, code: JoinCode) -> User:
    """Let somebody in by *code* with a *name* alone; the same form sent twice lets one person in.

    Raises WayInEndedError and NoGuestsError; then there is no guest either.
    """
    code = _locked(JoinCode.objects.filter(pk=code.pk))
    guest = make_guest(name=name, ticket=ticket, time_zone=code.cohort.time_zone)
    if not _membership(guest, code.cohort):
        _use(code, guest)
    return guest


@transaction.atomic
def join_by_invitation(*, user: User, invitation: Invitation, knowingly: bool) -> Membership:
    """Let *user* in by *invitation*, which only one person can do.

    With another address than it was sent to only *knowingly*. Raises AnothersInvitationError, WayInEndedError,
    NoGuestsError.
    """
    invitation = _locked(Invitation.objects.filter(pk=invitation.pk))
    if membership := _membership(user, invitation.cohort):
        return membership
    _refuse(invitation, user)
    if not (knowingly or is_for(invitation, user)):
        raise AnothersInvitationError
    membership = join(user=user, cohort=invitation.cohort)
    _accept(invitation, membership)
    return membership


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether the invitation went to an address that is *user*'s."""
    return invitation.email.lower() == user.email.lower()


def _locked(rows: QuerySet) -> JoinCode | Invitation:
    """Return the one of *rows*, which nobody else can use meanwhile."""
    return rows.with_cohort().select_for_update(of=["self"]).get()


def _membership(user: User, cohort: Cohort) -> Membership | None:
    return Membership.objects.current().filter(user=user, cohort=cohort).first()


def _refuse(way: JoinCode | Invitation, user: User) -> None:
    if way.why_ended:
        raise WayInEndedError(way.why_ended)
    if user.is_guest and not way.cohort.allows_guests:
        raise NoGuestsError


def _use(code: JoinCode, user: User) -> Membership:
    _refuse(code, user)
    JoinCode.objects.filter(pk=code.pk).update(uses=F("uses") + 1)
    membership = join(user=user, cohort=code.cohort)
    # Who was invited as well has come, whichever way.
    waiting = Invitation.objects.open().filter(cohort=code.cohort, email__iexact=user.email).first()
    if waiting:
        _accept(waiting, membership)
    return membership


def _accept(invitation: Invitation, membership: Membership) -> None:
    # Who comes back after leaving may have accepted another one then.
    Invitation.objects.filter(membership=membership).update(membership=None)
    invitation.accepted_at, invitation.membership = timezone.now(), membership
    invitation.save(update_fields=["accepted_at", "membership"])
