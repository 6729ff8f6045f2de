"""A live session as its participants have it: one thing to do at a time."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from activities import services, tools
from activities.live import faces
from activities.live.looking import Look, Looker
from activities.live.state import State, state_of
from activities.models import Attendance
from activities.permissions import Seating, get_hosted_session, get_session, require_open
from activities.tools.base import RefusedError, Tool


@dataclass
class Refused:
    """What was not taken, and why: `sent` gives it back to whoever wrote it, unless it `is_kept` as a draft."""

    why: str
    action: str
    sent: QueryDict
    is_kept: bool = False

    @property
    def words(self) -> list[str]:
        """What was written, wherever its form has gone."""
        return [value for name, value in self.sent.items() if name.startswith("text") and value.strip()]


@require_safe
def session(request: HttpRequest, session: str) -> HttpResponse:
    """Show where the session is, and what is mine to do."""
    return page(request, get_session(request.user, session))


def page(
    request: HttpRequest, place: Seating, face: str = faces.PARTICIPANT, refused: Refused | None = None
) -> HttpResponse:
    """Answer with the page of a participant or with the console, and with what was just *refused*."""
    state = state_of(place.session)
    return render(
        request,
        "activities/live/host.html" if face == faces.HOST else "activities/live/session.html",
        {**faces.context(state, face), **_mine(place, state, refused), "course": state.course},
        status=422 if refused else 200,
    )


def _mine(place: Seating, state: State, refused: Refused | None = None) -> dict[str, object]:
    """Return what `_mine.html` needs: what only this person sees, and what was just refused."""
    tool = tools.tool_of(state.step)
    attendance = state.attendance_of(place.membership)
    drafts = attendance.drafts.select_related("run__phase") if attendance else []
    return {
        "place": place,
        "attendance": attendance,
        "drafts": list(drafts),
        "my_group": state.group_of(attendance) if state.step and state.step.is_for_groups else None,
        "mine": tool.mine(state, attendance) if tool and attendance else {},
        "mine_template": f"activities/tools/{tool.name}/_mine.html" if tool and attendance else "",
        "takes_in": tool is not None and tool.takes_in and place.is_facilitator,
        "refused": refused,
        "form_is_gone": refused is not None and not refused.is_kept and not _has_form(tool, attendance, refused.action),
    }


def _has_form(tool: Tool | None, attendance: Attendance | None, action: str) -> bool:
    return tool is not None and attendance is not None and action in tool.actions | tool.host_actions


@require_safe
def mine(request: HttpRequest, session: str) -> HttpResponse:
    """Give what is mine alone, for a page that hears that the phase has changed."""
    return _mine_fragment(request, get_session(request.user, session))


@require_POST
def arrive(request: HttpRequest, session: str) -> HttpResponse:
    """Be in the session, or still in touch with it; once it has ended there is nothing to be in."""
    place = get_session(request.user, session)
    require_open(place)
    answer = HttpResponse(status=204)
    if place.session.ended_at is None:
        attendance = services.arrive(session=place.session, membership=place.membership)
        if place.session.current:
            # Extra time is one person's own, so it is told to nobody else's page.
            answer["X-Extra-Seconds"] = str(attendance.extra_seconds)
    return answer if request.htmx else redirect(place.session)


@require_POST
def act(request: HttpRequest, session: str, action: str) -> HttpResponse:
    """Do something with the tool of the present phase. What comes too late is kept as a draft.

    `?face=host` leads back to the console that it came from. What the address says counts like what the form says.
    """
    place = get_session(request.user, session)
    require_open(place)
    face = faces.HOST if place.is_facilitator and request.GET.get("face") == faces.HOST else faces.PARTICIPANT
    data = request.GET.copy()
    data.update(request.POST)
    refused = None
    try:
        services.act(session=place.session, membership=place.membership, action=action, data=data)
    except LookupError as error:
        raise Http404 from error
    except services.ClosedError as closed:
        try:
            draft = services.keep_draft(run=closed.run, membership=place.membership, action=action, data=request.POST)
        except LookupError:
            # A button of the console, or of another tool: nothing was written with it.
            draft = None
        kept = _("What you wrote is kept below, for you alone.") if draft else ""
        refused = Refused(f"{closed} {kept}".strip(), action, request.POST, is_kept=bool(draft))
    except RefusedError as error:
        refused = Refused(str(error), action, request.POST)
    else:
        if draft := _uuid(request.POST.get("draft", "")):
            services.drop_draft(session=place.session, membership=place.membership, draft=draft)
    place = get_session(request.user, session)
    if request.htmx:
        return _mine_fragment(request, place, refused)
    if refused:
        return page(request, place, face, refused)
    return redirect("session_host" if face == faces.HOST else "session", place.session.public_id)


def _mine_fragment(request: HttpRequest, place: Seating, refused: Refused | None = None) -> HttpResponse:
    state = state_of(place.session)
    context = {**faces.context(state, faces.PARTICIPANT), **_mine(place, state, refused)}
    return render(request, "activities/live/_mine.html", context, status=422 if refused else 200)


@require_POST
def draft(request: HttpRequest, session: str, position: int, action: str) -> HttpResponse:
    """Keep what somebody was writing when a phase closed: a page sends it before it shows the next one."""
    place = get_session(request.user, session)
    run = get_object_or_404(place.session.phases.select_related("session", "phase"), position=position)
    try:
        services.keep_draft(run=run, membership=place.membership, action=action, data=request.POST)
    except LookupError as error:
        raise Http404 from error
    return HttpResponse(status=204) if request.htmx else redirect(place.session)


@require_POST
def draft_drop(request: HttpRequest, session: str, draft: UUID) -> HttpResponse:
    """Forget a draft of one's own."""
    place = get_session(request.user, session)
    services.drop_draft(session=place.session, membership=place.membership, draft=draft)
    return _mine_fragment(request, place) if request.htmx else redirect(place.session)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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
