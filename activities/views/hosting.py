"""A live session for those who facilitate it: preparing it, the console, the projector, the end."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import services
from activities.forms import SetUpForm
from activities.live import faces
from activities.live.state import state_of
from activities.models import Session
from activities.offers import offers_for
from activities.permissions import get_hosted_session, require_open
from activities.views.live import page
from cohorts.qr import draw


@require_safe
def host(request: HttpRequest, session: str) -> HttpResponse:
    """Show the console."""
    return page(request, get_hosted_session(request.user, session), faces.HOST)


@require_safe
def screen(request: HttpRequest, session: str) -> HttpResponse:
    """Show the projector's page, with the way into the cohort that is open now."""
    place = get_hosted_session(request.user, session)
    state = state_of(place.session)
    code = place.session.cohort.join_codes.open().first()
    return render(
        request,
        "activities/live/screen.html",
        {
            **faces.context(state, faces.SCREEN),
            "code": code,
            "qr": draw(request.build_absolute_uri(code.get_absolute_url())) if code else None,
        },
    )


@require_safe
def take(request: HttpRequest, session: str) -> HttpResponse:
    """Show what earlier activities have left for the present phase to go on with: within the console, or as a page."""
    place = get_hosted_session(request.user, session)
    state = state_of(place.session)
    return render(
        request,
        "activities/live/_offers.html" if request.htmx else "activities/live/take.html",
        {
            "session": place.session,
            "state": state,
            "step": state.step,
            "offers": offers_for(state),
            "course": state.course,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, session: str) -> HttpResponse:
    """Set minutes and names of each phase, and which are held in which order, before the session begins."""
    place = get_hosted_session(request.user, session)
    if place.session.started_at:
        messages.info(request, _("The session has begun: minutes can be added on the console, names stay as promised."))
        return redirect("session_host", session)
    state = state_of(place.session)
    form = SetUpForm(state, request.POST or None)
    if form.is_valid():
        require_open(place)
        try:
            services.set_up(session=place.session, minutes=form.minutes, with_names=form.with_names)
            if form.moved:
                services.arrange(session=place.session, activity=state.activity, keys=form.order)
        except services.SessionOverError:
            messages.error(request, _("This session has ended: its results stay as they are."))
            return redirect("session_host", session)
        except services.KeyedInError:
            messages.error(request, _("Something has been keyed in from paper for this phase, so it stays."))
        return redirect(
            f"{request.path}#phase-{slugify(form.moved)}" if form.moved else reverse("session_host", args=[session])
        )
    return render(
        request,
        "activities/live/set_up.html",
        {
            "session": place.session,
            "state": state,
            "form": form,
            "course": state.course,
            "can_be_deleted": services.can_be_deleted(place.session),
        },
        status=422 if form.is_bound else 200,
    )


@require_safe
def end(request: HttpRequest, session: str) -> HttpResponse:
    """Ask whether whoever facilitates is sure."""
    place = get_hosted_session(request.user, session)
    state = state_of(place.session)
    return render(
        request, "activities/live/end.html", {"session": place.session, "state": state, "course": state.course}
    )


@require_POST
def delete(request: HttpRequest, session: str) -> HttpResponse:
    """Delete a session that nobody has joined."""
    place = get_hosted_session(request.user, session)
    require_open(place)
    if not services.delete_session(session=place.session):
        messages.error(request, _("People have joined this session, so it stays."))
        return redirect("session_host", session)
    messages.success(request, _("The prepared session is deleted."))
    return redirect("sessions")


Fields = dict[str, Any]


def _go(session: Session, data: Fields) -> None:
    services.go_to(session=session, position=int(data["to"]), from_position=int(data["from"]))


def _extra(session: Session, data: Fields) -> None:
    minutes = int(data["minutes"])
    if minutes not in faces.EXTRA_MINUTES:
        raise ValueError(minutes)
    services.give_extra_time(session=session, attendance=UUID(data["who"]), seconds=60 * minutes)


# What the console's buttons do, by their name; each gets the session and the form.
_VERBS: dict[str, Callable[[Session, Fields], None]] = {
    "begin": lambda session, data: services.begin(session=session),
    "resume": lambda session, data: services.resume(session=session),
    "pause": lambda session, data: services.pause(session=session),
    "add-minute": lambda session, data: services.add_time(session=session, seconds=60),
    "add-minutes": lambda session, data: services.add_time(session=session, seconds=300),
    "take-minute": lambda session, data: services.add_time(session=session, seconds=-60),
    "freeze": lambda session, data: services.set_frozen(session=session, frozen=True),
    "unfreeze": lambda session, data: services.set_frozen(session=session, frozen=False),
    "reveal": lambda session, data: services.reveal(session=session, revealed=True),
    "hide": lambda session, data: services.reveal(session=session, revealed=False),
    "go": _go,
    "extra": _extra,
    "answer-call": lambda session, data: services.answer_call(session=session, number=int(data["group"])),
    "end": lambda session, data: services.end_session(session=session),
}


@require_POST
def host_verb(request: HttpRequest, session: str, verb: str) -> HttpResponse:
    """Do what a button of the console says."""
    place = get_hosted_session(request.user, session)
    if verb not in _VERBS:
        raise Http404
    require_open(place)
    try:
        _VERBS[verb](place.session, {**request.GET.dict(), **request.POST.dict()})
    except (ValueError, KeyError) as error:
        raise Http404 from error
    except services.SessionOverError:
        messages.error(request, _("This session has ended: its results stay as they are."))
    if request.htmx:
        state = state_of(get_hosted_session(request.user, session).session)
        return HttpResponse(faces.render_face(state, faces.HOST))
    return redirect("session_results" if verb == "end" else "session_host", session)
