"""What a code or a link leads to, and how often one may be wrong."""

from dataclasses import dataclass

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from cohorts.constants import CODE_LENGTH, WRONG_CODES
from cohorts.models import Cohort, Ended, Invitation, JoinCode


@dataclass
class WayIn:
    """A code for a room, or an invitation for one person."""

    cohort: Cohort
    code: JoinCode | None = None
    invitation: Invitation | None = None

    @property
    def why_ended(self) -> Ended | None:
        return (self.code or self.invitation).why_ended

    @property
    def takes_guests(self) -> bool:
        """An invitation is for somebody with an address."""
        return self.code is not None and self.cohort.allows_guests

    def get_absolute_url(self) -> str:
        return (self.code or self.invitation).get_absolute_url()


def plain_code(typed: str) -> str:
    """Return a code as it is stored, however it was typed."""
    return "".join(letter for letter in typed if letter.isalnum()).upper()


def find_way_in(typed: str) -> WayIn | None:
    """Return what *typed*, a code or the secret part of an invitation's link, leads to."""
    if not (typed.isascii() and typed.isprintable()):
        return None
    plain = plain_code(typed)
    if len(plain) == CODE_LENGTH:
        code = JoinCode.objects.with_cohort().filter(code=plain).first()
        return WayIn(code.cohort, code=code) if code else None
    invitation = Invitation.objects.with_cohort().filter(token=typed).first()
    return WayIn(invitation.cohort, invitation=invitation) if invitation else None


def is_shut_out(request: HttpRequest) -> bool:
    """Whether so many wrong codes came from this address that nothing is looked up for it any more."""
    return cache.get(_shut_out_key(request)) is not None


def may_be_wrong(request: HttpRequest) -> bool:
    """Count a wrong code, by address and by person; return whether it is not one too many.

    What is right is never counted: a room full of people shares one address.
    """
    if not _count(request, "wrong_code"):
        return False
    if not _count(request, "wrong_code_for_long"):
        cache.set(_shut_out_key(request), True, 60 * 60)
    one = str(request.user.pk or request.session.session_key or "")
    return not one or _count(request, "wrong_code_by_one", one)


def _count(request: HttpRequest, action: str, key: str | None = None) -> bool:
    # The module is internal, but what allauth makes public counts no GET, and a link is a code as well.
    used = ratelimit.consume(request, app="cohorts", action=action, config=WRONG_CODES, key=key, limit_get=True)
    return used is not None


def _shut_out_key(request: HttpRequest) -> str:
    return f"cohorts:shut-out:{ratelimit.get_ip(request)}"
