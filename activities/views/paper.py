"""The paper twin of a session: people without a device, what is printed for them, what they wrote keyed in."""

import uuid
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import services, tools
from activities.live.state import State, Step, state_of
from activities.paperforms import EntryForm, PersonForm
from activities.permissions import Seating, get_hosted_session, require_open
from activities.results import parts_of
from activities.tools.base import RefusedError
from activities.views.live import Refused
from courses.parts import body


@require_safe
def paper(request: HttpRequest, session: str) -> HttpResponse:
    """Show who is on paper, and what has been keyed in of each phase."""
    return _page(request, get_hosted_session(request.user, session))


@require_POST
def paper_person(request: HttpRequest, session: str) -> HttpResponse:
    """Add somebody who is in the room without a device, or say that somebody has one after all."""
    place = get_hosted_session(request.user, session)
    if "off" in request.POST:
        return _done(request, place, services.take_off_paper, attendance=_uuid(request.POST["off"]))
    form = PersonForm(_not_here(place), request.POST)
    if not form.is_valid():
        return _page(request, place, form)
    if member := form.cleaned_data["member"]:
        return _done(request, place, services.seat_on_paper, membership=member)
    name, ticket = form.cleaned_data["name"], form.cleaned_data["ticket"]
    return _done(request, place, services.add_on_paper, name=name, ticket=ticket)


def _done(request: HttpRequest, place: Seating, verb: Callable[..., Any], **data: Any) -> HttpResponse:
    require_open(place)
    try:
        verb(session=place.session, **data)
    except services.SessionOverError:
        messages.error(
            request, _("This session has ended: nobody joins it any more. What is on paper can be keyed in.")
        )
    return redirect("session_paper", place.session.public_id)


def _page(request: HttpRequest, place: Seating, form: PersonForm | None = None) -> HttpResponse:
    state = state_of(place.session)
    entries: dict[int, list[Any]] = {}
    for entry in state.paper_entries:
        entries.setdefault(entry.run_id, []).append(entry)
    return render(
        request,
        "activities/live/paper.html",
        {
            "course": state.course,
            "session": place.session,
            "state": state,
            "form": form or PersonForm(_not_here(place)),
            "on_paper": [row for row in state.participants if row.is_on_paper],
            "rows": [
                {"step": step, "entries": entries.get(step.run.pk, [])} for step in state.steps if _asks(state, step)
            ],
        },
        status=422 if form else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def paper_step(request: HttpRequest, session: str, position: int) -> HttpResponse:
    """Key in what came back on paper of one phase."""
    place = get_hosted_session(request.user, session)
    form = EntryForm(request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        require_open(place)
        try:
            entry = services.key_in(
                session=place.session,
                membership=place.membership,
                position=position,
                ticket=form.cleaned_data["ticket"],
                people=form.cleaned_data["people"],
                data=request.POST,
            )
        except LookupError as error:
            raise Http404 from error
        except RefusedError as error:
            refused = str(error)
        else:
            messages.success(request, _("Keyed in: %(summary)s.") % {"summary": entry.summary})
            return redirect("session_paper_step", session, position)
    return _step_page(request, place, position, form=form if form.is_bound else None, refused=refused)


@require_POST
def paper_take_back(request: HttpRequest, session: str, position: int, entry: UUID) -> HttpResponse:
    """Take back what was keyed in at one go, and offer its fields to be keyed in anew."""
    place = get_hosted_session(request.user, session)
    require_open(place)
    fields = services.take_back(session=place.session, position=position, entry=entry)
    if fields is None:
        return redirect("session_paper_step", session, position)
    return _step_page(request, place, position, taken_back=fields)


def _step_page(
    request: HttpRequest,
    place: Seating,
    position: int,
    *,
    form: EntryForm | None = None,
    refused: str = "",
    taken_back: QueryDict | None = None,
) -> HttpResponse:
    state = state_of(place.session)
    step = next((step for step in state.steps if step.position == position), None)
    tool = tools.tool_of(step)
    asked = tool.paper(state, step) if tool else None
    if asked is None:
        raise Http404
    sent = request.POST if form else taken_back
    return render(
        request,
        "activities/live/paper_step.html",
        {
            "course": state.course,
            "session": place.session,
            "state": state,
            "step": step,
            "paper": asked,
            "template": f"activities/tools/{tool.name}/_paper.html",
            "form": form or EntryForm(initial={"ticket": uuid.uuid4(), "people": (sent or {}).get("people", 1)}),
            "refused": Refused(refused, "", sent) if sent else None,
            "sent": sent,
            "is_taken_back": taken_back is not None,
            "entries": [entry for entry in state.paper_entries if entry.run_id == step.run.pk],
        },
        status=422 if form else 200,
    )


@require_safe
def kit(request: HttpRequest, session: str) -> HttpResponse:
    """Show what people without a device need, to print: of all phases, or of one (`?step=`)."""
    place = get_hosted_session(request.user, session)
    state = state_of(place.session)
    wanted = request.GET.get("step", "")
    kits = [kit for step in state.steps if wanted in ("", str(step.position)) and (kit := _kit(state, step))]
    return render(
        request,
        "activities/live/kit.html",
        {"course": state.course, "session": place.session, "state": state, "kits": kits, "is_one": bool(wanted)},
    )


@require_safe
def to_paper(request: HttpRequest, session: str) -> HttpResponse:
    """Show all that is needed to go on without a network, on one page to print: how things stand, and what comes."""
    place = get_hosted_session(request.user, session)
    state = state_of(place.session)
    here = state.steps.index(state.step) if state.step else 0
    coming = [] if place.session.ended_at else state.steps[here:]
    return render(
        request,
        "activities/live/to_paper.html",
        {
            "course": state.course,
            "session": place.session,
            "state": state,
            "place": place,
            "face": "results",
            "parts": parts_of(state),
            "coming": [
                {
                    "step": step,
                    "guide": body(step.plan.segments, state.course),
                    "instructions": body(step.plan.instructions, state.course),
                    "kit": _kit(state, step),
                }
                for step in coming
            ],
        },
    )


def _asks(state: State, step: Step) -> bool:
    tool = tools.tool_of(step)
    return tool is not None and tool.paper(state, step) is not None


def _kit(state: State, step: Step) -> dict[str, Any] | None:
    tool = tools.tool_of(step)
    found = tool.kit(state, step) if tool else None
    return (
        None if found is None else {"step": step, "kit": found, "template": f"activities/tools/{tool.name}/_kit.html"}
    )


def _not_here(place: Seating) -> Any:
    """Return the members who could be in the room without a device: those who have not come, or came with a device."""
    members = place.session.cohort.memberships.current().participants().select_related("user")
    on_paper = place.session.attendances.filter(is_on_paper=True)
    return members.exclude(attendances__in=on_paper).order_by("user__name", "pk")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
