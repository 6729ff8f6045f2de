"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return `demo`: whether this is the demo, for its banner."""
    return {"demo": settings.DEMO}
