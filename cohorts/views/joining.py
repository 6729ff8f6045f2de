"""Joining a cohort, by a code or an invitation: for people who may have no account yet."""

from typing import Any

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.adapter import GOING_TO
from accounts.guests import sign_in_guest
from cohorts import services
from cohorts.constants import CODE_LENGTH
from cohorts.forms.joining import GuestForm, TypedCodeForm
from cohorts.models import Ended, Membership
from cohorts.ways_in import WayIn, find_way_in, is_shut_out, may_be_wrong, plain_code


@login_not_required  # in a room people have no account yet
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_typed(request: HttpRequest) -> HttpResponse:
    """Take a code that somebody types, and lead to its own page."""
    form = TypedCodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "cohorts/join_typed.html", {"form": form}, status=422 if form.errors else 200)
    way = None if is_shut_out(request) else find_way_in(form.cleaned_data["code"])
    return redirect(way) if way else _wrong(request, form.cleaned_data["code"])


@login_not_required  # as above
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a code or an invitation leads to, and let somebody in who is signed in and wants to."""
    way = None if is_shut_out(request) else find_way_in(code)
    if way is None:
        return _wrong(request, code)
    if membership := _membership(request, way):
        return redirect(membership.cohort)
    if way.why_ended:
        return _ended(request, way.why_ended)
    if request.method != "POST":
        return _page(request, way)
    if not request.user.is_authenticated:
        return redirect(way)
    try:
        if way.code:
            services.join_by_code(user=request.user, code=way.code)
        else:
            knowingly = "knowingly" in request.POST
            services.join_by_invitation(user=request.user, invitation=way.invitation, knowingly=knowingly)
    except services.WayInEndedError as error:
        return _ended(request, error.reason)
    except (services.NoGuestsError, services.AnothersInvitationError):
        return redirect(way)  # its page says what is missing
    return _welcome(request, way)


@login_not_required  # guests come in here
@never_cache
@require_POST
def join_as_guest(request: HttpRequest, code: str) -> HttpResponse:
    """Let somebody in by a code with a name alone."""
    way = None if is_shut_out(request) else find_way_in(code)
    if way is None:
        return _wrong(request, code)
    if request.user.is_authenticated or not way.takes_guests:
        return redirect(way)
    form = GuestForm(request.POST)
    if not form.is_valid():
        return _page(request, way, form)
    try:
        guest = services.join_as_guest(code=way.code, **form.cleaned_data)
    except services.WayInEndedError as error:
        return _ended(request, error.reason)
    except services.NoGuestsError:
        return redirect(way)
    sign_in_guest(request, guest)
    return _welcome(request, way)


def _membership(request: HttpRequest, way: WayIn) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    return Membership.objects.current().with_cohort().filter(user=request.user, cohort=way.cohort).first()


def _page(request: HttpRequest, way: WayIn, guest_form: GuestForm | None = None) -> HttpResponse:
    user, invitation = request.user, way.invitation
    if not user.is_authenticated:
        # Whatever way they take to get in, they come back here; a session of a visitor's own holds nothing else.
        request.session[GOING_TO] = way.get_absolute_url()
    facilitators = Membership.objects.current().facilitators().filter(cohort=way.cohort).select_related("user")
    context: dict[str, Any] = {
        "way": way,
        "cohort": way.cohort,
        "course": way.cohort.course,
        "facilitators": [membership.user for membership in facilitators],
        "guest_form": (guest_form or GuestForm()) if way.takes_guests else None,
        "needs_address": user.is_authenticated and user.is_guest and not way.cohort.allows_guests,
        "is_anothers": invitation and user.is_authenticated and not services.is_for(invitation, user),
    }
    return render(request, "cohorts/join.html", context, status=422 if guest_form else 200)


def _welcome(request: HttpRequest, way: WayIn) -> HttpResponse:
    request.session.pop(GOING_TO, None)
    messages.success(request, _("You are in. Welcome!"))
    return redirect(way.cohort)


def _wrong(request: HttpRequest, typed: str) -> HttpResponse:
    """Answer for what leads nowhere; after many of them, not even that."""
    if is_shut_out(request) or not may_be_wrong(request):
        return respond_429(request)
    form = TypedCodeForm({"code": plain_code(typed)[:CODE_LENGTH]})
    form.is_valid()
    form.add_error("code", _("There is no such code. Please look again, letter by letter."))
    return render(request, "cohorts/join_typed.html", {"form": form}, status=404)


def _ended(request: HttpRequest, reason: Ended) -> HttpResponse:
    request.session.pop(GOING_TO, None)
    return render(request, "cohorts/join_ended.html", {"reason": reason}, status=410)
