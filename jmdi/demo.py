"""The demo's people, and the door by which anybody enters as one of them without a password.

The door exists only while the DEMO switch is on: `jmdi.settings` leaves out the route and the authentication backend
otherwise, and a session made here names that backend, so switching the demo off ends it. The demo's people live under
a domain of their own and come in by no other door (`accounts.adapter`).
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.constants import DEMO_DOMAIN
from accounts.models import User

Person = dict[str, Any]


def address(person_id: str) -> str:
    """Return the e-mail address of one of the demo's people."""
    return f"{person_id}@{DEMO_DOMAIN}"


# What the button says to be → who enters.
ROLES = {
    "participant": address("amina.haddad"),
    "facilitator": address("lucia.ferrer"),
    "admin": address("ines.okafor"),
}

# What demo_people.yaml says of somebody's part in the cohort, and not of the person.
_OF_THE_COHORT = {"id", "group", "pace", "sections"}


class DemoBackend(BaseBackend):
    """Carries demo sessions: it knows who is in, and never lets anybody in itself."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session that `enter` made."""
        return User.objects.filter(pk=user_id, is_active=True, email__endswith="@" + DEMO_DOMAIN).first()


@login_not_required  # it is a way in
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo's person of the role that was asked for, in a new session."""
    email = ROLES.get(request.POST.get("as", ""))
    if email is None:
        raise Http404("no such role")
    person = get_object_or_404(User, email=email)
    request.session.flush()
    login(request, person, backend="jmdi.demo.DemoBackend")
    UserSession.objects.create_from_request(request)
    return redirect("home")


def load(name: str) -> Any:
    """Return what a data file beside this module holds; the quick loader is there on most machines."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(Path(__file__).with_name(name).read_bytes(), loader)  # noqa: S506  both are the safe loader


@cache
def people() -> dict[str, list[Person]]:
    """Return the demo's people: "staff", "participants" of the cohort that runs, and those of "last_year"."""
    return load("demo_people.yaml")


@transaction.atomic
def make_people() -> None:
    """Make the demo's people, each only if missing: what visitors have changed is theirs."""
    everybody = {address(person["id"]): person for group in people().values() for person in group}
    there = set(User.objects.filter(email__in=everybody).values_list("email", flat=True))
    users = [_user(email, person) for email, person in everybody.items() if email not in there]
    User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )


def _user(email: str, person: Person) -> User:
    user = User(email=email, **{name: value for name, value in person.items() if name not in _OF_THE_COHORT})
    user.set_unusable_password()
    return user
