"""What a facilitator chooses out of the shared answers, and the page that a room sees of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts import services
from cohorts.constants import SCREEN_LONG
from cohorts.forms.sharing import PickForm
from cohorts.models import Pick
from cohorts.permissions import get_facilitators_desk, require_open, shown_picks
from cohorts.questions import Asked, questions_by_id
from cohorts.views.replying import back_to, find_answer


@require_POST
def pick(request: HttpRequest, cohort: str, topic: str, prompt: str, question: str, member: UUID) -> HttpResponse:
    """Mark an answer for the plenary, put it on the screen page, or take it off again."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    item = find_answer(desk, topic, prompt, question, member)
    form = PickForm(request.POST)
    if item is None or not form.is_valid():
        raise Http404
    match form.cleaned_data["action"]:
        case "plenary" | "not-plenary" as action:
            services.mark_for_plenary(cohort=desk.cohort, answer=item.answer, is_marked=action == "plenary")
        case "hide":
            services.take_off_screen(cohort=desk.cohort, answer=item.answer)
        case action:
            try:
                services.put_on_screen(
                    membership=desk.membership,
                    answer=item.answer,
                    version=form.cleaned_data["version"],
                    asks_for_name=action == "ask-for-name",
                )
            except services.AnswerChangedError:
                messages.warning(
                    request,
                    _("The author has changed this answer since you opened the page. Read it, then choose again."),
                )
            except services.AuthorRefusedError:
                messages.warning(request, _("The author does not want this answer to be shown."))
    return redirect(back_to(request, item))


@require_safe
def screen(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show the chosen answers to the room: one at a time, or all on one page."""
    desk = get_facilitators_desk(request, cohort)
    by_id = questions_by_id(desk.course)
    picks = shown_picks(desk).select_related("answer__enrolment__user")
    slides = [_slide(row, by_id[row.answer.question_id]) for row in picks if row.answer.question_id in by_id]
    here = next((place for place, slide in enumerate(slides) if slide["id"] == request.GET.get("answer")), 0)
    return render(
        request,
        "cohorts/screen.html",
        {
            "desk": desk,
            "course": desk.course,
            "slides": slides if "all" in request.GET else slides[here : here + 1],
            "is_all": "all" in request.GET,
            "number": here + 1,
            "total": len(slides),
            "previous": slides[here - 1]["id"] if here else None,
            "next": slides[here + 1]["id"] if here + 1 < len(slides) else None,
        },
    )


def _slide(row: Pick, asked: Asked) -> dict[str, Any]:
    """Return what the room sees of a pick: nothing of its author but the name, and that only if they agreed."""
    return {
        "id": str(row.public_id),
        "question": asked.text,
        "text": row.answer.text,
        "is_long": len(row.answer.text) > SCREEN_LONG,
        "name": row.answer.enrolment.user.get_full_name() if row.is_named else "",
    }
