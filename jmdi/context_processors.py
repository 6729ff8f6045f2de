"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.person import person_token


def site(request: HttpRequest) -> dict[str, Any]:
    """Return `demo`: whether this is the demo; `person`: a name for who is signed in that tells nobody who it is."""
    return {"demo": settings.DEMO, "person": person_token(request.user) if request.user.is_authenticated else ""}
