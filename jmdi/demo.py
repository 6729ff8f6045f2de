"""The demo's door: enter as one of its people without a password. There is no such door with DEMO off.

Three things keep it shut then: the URL does not exist; sessions made here name `DemoBackend`, which the settings no
longer list, so they are nobody's; and the demo's people cannot sign in any other way (`accounts.adapter`).
"""

from typing import Any

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

# What the button says to be → who enters.
ROLES = {
    "participant": f"amina.haddad@{DEMO_DOMAIN}",
    "facilitator": f"lucia.ferrer@{DEMO_DOMAIN}",
    "admin": f"ines.okafor@{DEMO_DOMAIN}",
}

_LOCAL, _REGIONAL = User.GovernmentLevel.LOCAL, User.GovernmentLevel.REGIONAL
PEOPLE: list[dict[str, Any]] = [
    {
        "email": ROLES["participant"],
        "name": "Amina Haddad",
        "organization": "City of Sfax",
        "government_level": _LOCAL,
        "country": "TN",
        "territory": "Sfax",
        "function": "Social services officer",
        "languages": ["ar", "fr"],
        "time_zone": "Africa/Tunis",
    },
    {
        "email": f"rosa.quispe@{DEMO_DOMAIN}",
        "name": "Rosa Quispe Mamani",
        "organization": "Regional Government of Cusco",
        "government_level": _REGIONAL,
        "country": "PE",
        "territory": "Cusco",
        "function": "Regional planner",
        "languages": ["es", "qu"],
        "time_zone": "America/Lima",
    },
    {
        "email": f"kofi.mensah@{DEMO_DOMAIN}",
        "name": "Kofi Mensah",
        "organization": "Kumasi Metropolitan Assembly",
        "government_level": _LOCAL,
        "country": "GH",
        "territory": "Kumasi",
        "function": "Economic development officer",
        "languages": ["en"],
        "time_zone": "Africa/Accra",
    },
    {
        "email": f"elena.moretti@{DEMO_DOMAIN}",
        "name": "Elena Moretti",
        "organization": "Metropolitan City of Turin",
        "government_level": _REGIONAL,
        "country": "IT",
        "territory": "Turin",
        "function": "International cooperation adviser",
        "languages": ["it", "en", "fr"],
        "time_zone": "Europe/Rome",
    },
    {
        "email": ROLES["facilitator"],
        "name": "Lucía Ferrer",
        "organization": "Training centre",
        "country": "ES",
        "territory": "Valencia",
        "function": "Trainer",
        "languages": ["es", "en", "fr"],
        "time_zone": "Europe/Madrid",
        "is_facilitator": True,
    },
    {
        "email": ROLES["admin"],
        "name": "Ines Okafor",
        "organization": "Course team",
        "function": "Course editor",
        "languages": ["en", "pt"],
        "is_staff": True,
        "is_superuser": True,
    },
]


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


@transaction.atomic
def make_people() -> None:
    """Make the demo's people, each only if missing: what visitors have changed is theirs."""
    for person in PEOPLE:
        if not User.objects.filter(email=person["email"]).exists():
            user = User.objects.create_user(**person)
            user.emailaddress_set.create(email=user.email, verified=True, primary=True)
