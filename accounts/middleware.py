"""Middleware about the person who asks."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _


class TimeZoneMiddleware:
    """Show times in the signed-in person's own zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = request.user.time_zone if request.user.is_authenticated else ""
        with timezone.override(zoneinfo.ZoneInfo(zone) if zone else None):
            return self.get_response(request)


# What guards an account makes no sense without an address: nobody could get back in by it.
_NOT_FOR_GUESTS = ("account_change_password", "account_set_password", "mfa_")


class GuestMiddleware:
    """Lead guests who want to set a password, an app or a passkey to what comes first: an e-mail address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        """Answer instead of such a page."""
        name = request.resolver_match.url_name or ""
        if not name.startswith(_NOT_FOR_GUESTS) or not getattr(request.user, "is_guest", False):
            return None
        messages.info(request, _("Please add an e-mail address first: without one there is no way back in."))
        return redirect("account_email")
