"""The sheet of a group: written by its members, read and corrected by those who facilitate."""

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.person import is_somebody_elses
from activities import services
from activities.live.state import State, state_of
from activities.permissions import Seating, get_hosted_session, get_session, require_open
from activities.sheets import Line, Sheet, sheets_of, step_of_sheets, writes_on
from activities.tools.base import RefusedError
from courses.services import Draft, StaleTextError, TextRefusedError


@require_safe
def sheet(request: HttpRequest, session: str, position: int, group: int) -> HttpResponse:
    """Show a group's sheet with its earlier texts: to the group, and without these to those who facilitate."""
    place = get_session(request.user, session)
    return _page(request, place, *_sheet(place, position, group))


@require_POST
def sheet_write(request: HttpRequest, session: str, position: int, group: int, question: str) -> HttpResponse:
    """Save what a member of the group has written under one question."""
    place = get_session(request.user, session)
    require_open(place)
    draft = _draft(request)
    refusal = None
    try:
        if is_somebody_elses(request):
            raise LookupError(question)
        services.write_on_sheet(
            session=place.session,
            membership=place.membership,
            position=position,
            group=group,
            question=question,
            draft=draft,
        )
    except LookupError as error:
        raise Http404 from error
    except (RefusedError, TextRefusedError, StaleTextError) as refused:
        refusal = refused
    if not refusal and not request.htmx:
        return redirect(f"{place.session.get_absolute_url()}#sheet-{question}")
    state, found = _sheet(place, position, group)
    line = found.line(question)
    if refusal:
        line.draft, line.is_conflict = draft.text, isinstance(refusal, StaleTextError)
        line.error = "" if line.is_conflict else str(refusal)
        line.outcome = "kept" if isinstance(refusal, services.SetAsideError) else ""
        if isinstance(refusal, RefusedError) and not line.outcome:
            line.outcome = "again"
    status = 409 if line.is_conflict else 422 if refusal else 200
    if not request.htmx:
        return _page(request, place, state, found, status=status)
    context = {"session": place.session, "sheet": found, "line": line}
    return render(request, "activities/live/_answer.html", context, status=status)


@require_POST
def sheet_correct(request: HttpRequest, session: str, position: int, group: int) -> HttpResponse:
    """Put a correction beside an answer, or take one back."""
    place = get_hosted_session(request.user, session)
    require_open(place)
    back = redirect("session_sheet", place.session.public_id, position, group)
    try:
        if "take-back" in request.POST:
            pk = _number(request.POST["take-back"])
            services.take_back_correction(session=place.session, correction=pk)
            return back
        question = request.POST.get("question", "")
        services.correct(
            session=place.session,
            membership=place.membership,
            position=position,
            group=group,
            question=question,
            text=request.POST.get("text", ""),
        )
    except LookupError as error:
        raise Http404 from error
    except services.SessionOverError:
        messages.error(request, _("This session has ended: its results stay as they are."))
        return back
    except RefusedError as refused:
        state, found = _sheet(place, position, group)
        found.line(question).error, found.line(question).draft = str(refused), request.POST.get("text", "")
        return _page(request, place, state, found, status=422)
    return redirect(f"{reverse('session_sheet', args=[session, position, group])}#line-{question}")


def _draft(request: HttpRequest) -> Draft:
    """Return what the form says; numbers that are none count as 0, so that a text is never refused for them."""
    post = request.POST
    return Draft(
        text=post.get("text", ""),
        version=_number(post.get("version", "")),
        sitting=post.get("sitting", "")[:36],
        turn=_number(post.get("turn", "")),
        choice=post.get("choice", ""),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _sheet(place: Seating, position: int, number: int) -> tuple[State, Sheet]:
    """Return a sheet that the person may read, with its session's state; anything else is 404."""
    state = state_of(place.session)
    here = _attendance(state, place)
    try:
        step = step_of_sheets(state, position)
    except LookupError as error:
        raise Http404 from error
    found = next((row for row in sheets_of(state, step, reader=here) if row.number == number), None)
    if found is None or not (place.is_facilitator or writes_on(state, here, number)):
        raise Http404
    return state, found


def _attendance(state: State, place: Seating) -> Any:
    return next((row for row in state.attendances if row.membership_id == place.membership.pk), None)


def _page(request: HttpRequest, place: Seating, state: State, found: Sheet, *, status: int = 200) -> HttpResponse:
    if not place.is_facilitator:
        _add_earlier_texts(found.lines)
    return render(
        request,
        "activities/live/sheet.html",
        {"session": place.session, "place": place, "state": state, "sheet": found, "course": state.course},
        status=status,
    )


def _add_earlier_texts(lines: list[Line]) -> None:
    answers = [line.answer for line in lines if line.answer]
    prefetch_related_objects(answers, "earlier_texts__by__membership__user")
