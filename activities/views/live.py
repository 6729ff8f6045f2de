"""A live session as its participants have it: one thing to do at a time."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from activities import services, tools
from activities.live import faces
from activities.live.looking import Look, Looker
from activities.live.state import State, state_of
from activities.permissions import Seating, get_hosted_session, get_session, require_open
from activities.tools.base import RefusedError


@require_safe
def session(request: HttpRequest, session: str) -> HttpResponse:
    """Show where the session is, and what is mine to do."""
    place = get_session(request.user, session)
    return _page(request, place)


def _page(request: HttpRequest, place: Seating, *, refusal: str = "", status: int = 200) -> HttpResponse:
    state = state_of(place.session)
    return render(
        request,
        "activities/live/session.html",
        {
            **faces.context(state, faces.PARTICIPANT),
            **_mine(place, state),
            "course": state.course,
            "refusal": refusal,
        },
        status=status,
    )


def _mine(place: Seating, state: State) -> dict[str, object]:
    """Return what `_mine.html` needs: what only this person sees."""
    tool = tools.tool_of(state.step)
    attendance = state.attendance_of(place.membership)
    return {
        "place": place,
        "attendance": attendance,
        "mine": tool.mine(state, attendance) if tool and attendance else {},
        "mine_template": f"activities/tools/{tool.name}/_mine.html" if tool and attendance else "",
    }


@require_safe
def mine(request: HttpRequest, session: str) -> HttpResponse:
    """Give what is mine alone, for a page that hears that the phase has changed."""
    place = get_session(request.user, session)
    state = state_of(place.session)
    context = {**faces.context(state, faces.PARTICIPANT), **_mine(place, state)}
    return render(request, "activities/live/_mine.html", context)


@require_POST
def arrive(request: HttpRequest, session: str) -> HttpResponse:
    """Be in the session, or still in touch with it."""
    place = get_session(request.user, session)
    require_open(place)
    services.arrive(session=place.session, membership=place.membership)
    return HttpResponse(status=204) if request.htmx else redirect(place.session)


@require_POST
def act(request: HttpRequest, session: str, action: str) -> HttpResponse:
    """Do something with the tool of the present phase."""
    place = get_session(request.user, session)
    require_open(place)
    try:
        services.act(session=place.session, membership=place.membership, action=action, data=request.POST)
    except LookupError as error:
        raise Http404 from error
    except RefusedError as refused:
        if request.htmx:
            return _mine_fragment(request, place, str(refused), status=422)
        return _page(request, get_session(request.user, session), refusal=str(refused), status=422)
    if request.htmx:
        return _mine_fragment(request, get_session(request.user, session))
    return redirect(place.session)


def _mine_fragment(request: HttpRequest, place: Seating, refusal: str = "", *, status: int = 200) -> HttpResponse:
    state = state_of(place.session)
    context = {**faces.context(state, faces.PARTICIPANT), **_mine(place, state), "refusal": refusal}
    return render(request, "activities/live/_mine.html", context, status=status)


@require_safe
def shared(request: HttpRequest, session: str, face: str) -> HttpResponse:
    """Give the shared part of a face, for pages whose event stream is blocked; 204 when it is the one they have."""
    place = _opened(request, session, face)
    if request.GET.get("version") == str(place.session.version):
        return HttpResponse(status=204)
    response = HttpResponse(faces.render_face(state_of(place.session), face))
    response["X-Session-Version"] = str(place.session.version)
    return response


def _opened(request: HttpRequest, session: str, face: str) -> Seating:
    if face not in faces.FACES:
        raise Http404
    get = get_hosted_session if faces.is_for_facilitators(face) else get_session
    return get(request.user, session)


@require_GET
def events(request: HttpRequest, session: str, face: str) -> HttpResponse:
    """Open a stream of the shared part of a face: as it is now, then at each change.

    This only says who may look at what; `jmdi.streams` goes on with it. Where that is not installed the page is told
    nothing, and asks now and then instead.
    """
    place = _opened(request, session, face)
    response = HttpResponse(content_type="text/event-stream")
    response.look = Look(place.session.public_id, face, Looker.of(request))
    # Nothing on the way may hold a message back to compress it with the next.
    response["Cache-Control"] = "private, no-store, no-transform"
    response["X-Accel-Buffering"] = "no"
    return response


@require_safe
def screen(request: HttpRequest, session: str) -> HttpResponse:
    """Show the projector's page."""
    place = get_hosted_session(request.user, session)
    state = state_of(place.session)
    context = {**faces.context(state, faces.SCREEN), "course": state.course, "place": place}
    return render(request, "activities/live/screen.html", context)


@require_safe
def host(request: HttpRequest, session: str) -> HttpResponse:
    """Show the console of those who facilitate."""
    place = get_hosted_session(request.user, session)
    state = state_of(place.session)
    context = {**faces.context(state, faces.HOST), "course": state.course, "place": place}
    return render(request, "activities/live/host.html", context)


# What the console's buttons do, by their name; each gets the session and the form.
_VERBS = {
    "begin": lambda session, data: services.begin(session=session),
    "resume": lambda session, data: services.resume(session=session),
    "pause": lambda session, data: services.pause(session=session),
    "add-minute": lambda session, data: services.add_time(session=session, seconds=60),
    "take-minute": lambda session, data: services.add_time(session=session, seconds=-60),
    "freeze": lambda session, data: services.set_frozen(session=session, frozen=True),
    "unfreeze": lambda session, data: services.set_frozen(session=session, frozen=False),
    "reveal": lambda session, data: services.reveal(session=session, revealed=True),
    "hide": lambda session, data: services.reveal(session=session, revealed=False),
    "go": lambda session, data: services.go_to(
        session=session, position=int(data.get("to", "")), from_position=int(data.get("from", ""))
    ),
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
    except ValueError as error:
        raise Http404 from error
    except services.SessionOverError:
        messages.error(request, _("This session has ended: its results stay as they are."))
    if request.htmx:
        state = state_of(get_hosted_session(request.user, session).session)
        return HttpResponse(faces.render_face(state, faces.HOST))
    return redirect("session_host", place.session.public_id)
