"""Guests: people who take part with a name alone, known by their browser until they add an e-mail address.

Everybody here has one address. A guest's is a placeholder under a name that is reserved for no host (RFC 2606): it is
never shown, no mail goes there, and it goes the moment another one is confirmed.
"""

import uuid
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.constants import GUEST_DOMAIN
from accounts.models import User

# A double click comes within this time.
_SAME_CLICK = timedelta(minutes=1)


@transaction.atomic
def make_guest(*, name: str, ticket: uuid.UUID, time_zone: str = "") -> User:
    """Make a guest called *name*, who is shown times in *time_zone*; empty: in the site's.

    The same form sent twice at once, with the same *ticket*, makes one.

    A page that was left open does not let the next person at a shared computer in as the one before.
    """
    earlier = User.objects.filter(email=_placeholder(ticket)).first()
    if earlier:
        if earlier.name == name and earlier.date_joined > timezone.now() - _SAME_CLICK:
            return earlier
        ticket = uuid.uuid4()
    guest = User.objects.create_user(_placeholder(ticket), name=name, time_zone=time_zone)
    guest.emailaddress_set.create(email=guest.email, verified=True, primary=True)
    return guest


def sign_in_guest(request: HttpRequest, guest: User) -> None:
    """Sign *guest* in at this browser, until a day that can be told: the only way in that a guest has."""
    get_adapter().login(request, guest)
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    UserSession.objects.create_from_request(request)


def _placeholder(ticket: uuid.UUID) -> str:
    """Return an address that does not tell the ticket: who reads the database cannot enter by it."""
    return f"{salted_hmac('accounts.guests', ticket.hex).hexdigest()[:32]}@{GUEST_DOMAIN}"
