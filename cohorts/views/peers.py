"""Participants read what others share, after they have answered themselves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cohorts.peers import has_answered, page_of_peers
from cohorts.permissions import get_desk
from cohorts.questions import get_question


@require_safe
def peers(request: HttpRequest, cohort: str, topic: str, prompt: str, question: str) -> HttpResponse:
    """Show a participant the answers that others share with the cohort, without names, or say why not yet."""
    desk = get_desk(request, cohort)
    asked = get_question(desk, topic, prompt, question)
    if desk.is_facilitator:
        return redirect("cohort_question", desk.cohort.public_id, *asked.keys)
    page = None
    if not desk.cohort.has_peer_answers:
        state = "off"
    elif not has_answered(desk, asked.id):
        state = "answer-first"
    else:
        page = page_of_peers(desk, asked.id, request.GET.get("page"))
        state = "open" if page else "too-few"
    context = {"desk": desk, "course": desk.course, "asked": asked, "state": state, "page": page}
    return render(request, "cohorts/peers.html", context)
