"""Middleware of the whole site."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jmdi.views import not_saved


class PrivatePagesMiddleware:
    """Keep what a signed-in person sees out of every cache, so that *back* after signing out shows nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Ask visitors to sign in, but never at the price of what they sent: a session may have ended while they wrote."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:
        """Answer scripts with 401, a form with its own contents, and everybody else with the way to sign in."""
        if request.htmx or request.headers.get("Accept") == "text/event-stream":
            return HttpResponse(status=401)
        if request.method == "POST":
            return not_saved(request, _("You are signed out: perhaps the page was open for long."), status=401)
        return super().handle_no_permission(request, view_func)
