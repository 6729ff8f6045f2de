"""What comes back to participants for what they share: replies, and questions whether it may be shown."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts import services
from cohorts.constants import ANSWERS_PER_PAGE
from cohorts.forms.sharing import ConsentForm, SeenForm
from cohorts.models import Pick
from cohorts.permissions import Desk, get_desk, replies_to_the_cohort, require_open
from cohorts.questions import questions_by_id
from courses.models import Audience


@require_safe
def replies(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show a participant the replies to them and to everybody, and which of their answers are to be shown."""
    desk = get_desk(request, cohort)
    if desk.is_facilitator:
        return redirect("cohort_answers", desk.cohort.public_id)
    by_id = questions_by_id(desk.course)
    mine = desk.cohort.replies.to(desk.membership.enrolment_id).with_people().order_by("-created_at")
    page = Paginator(replies_to_the_cohort(desk).with_people().order_by("-created_at"), ANSWERS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    to_me: dict[int, dict[str, Any]] = {}
    for row in mine:
        item = {"answer": row.answer, "asked": by_id.get(row.answer.question_id), "replies": []}
        to_me.setdefault(row.answer_id, item)["replies"].append(row)
    return render(
        request,
        "cohorts/replies.html",
        {
            "desk": desk,
            "course": desk.course,
            "picks": [
                {"pick": pick, "asked": by_id[pick.answer.question_id]}
                for pick in _my_picks(desk).select_related("answer", "asked_by")
                if pick.answer.question_id in by_id
            ],
            "to_me": list(to_me.values()),
            "unseen": [row for row in mine if row.seen_at is None],
            "page": page,
            "to_all": [{"reply": row, "asked": by_id.get(row.answer.question_id)} for row in page.object_list],
        },
    )


@require_POST
def replies_seen(request: HttpRequest, cohort: str) -> HttpResponse:
    """Remember which replies their reader has had before them."""
    desk = get_desk(request, cohort)
    form = SeenForm(request.POST)
    if form.is_valid():
        services.mark_replies_seen(membership=desk.membership, replies=form.cleaned_data["replies"])
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("cohort_replies", desk.cohort.public_id)


@require_POST
def consent(request: HttpRequest, cohort: str, pick: UUID) -> HttpResponse:
    """Take an author's word on showing an answer of theirs. They may refuse in an archived cohort too."""
    desk = get_desk(request, cohort)
    row = get_object_or_404(_my_picks(desk), public_id=pick)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        raise Http404
    if form.cleaned_data["consent"] != Pick.Consent.REFUSED:
        require_open(desk)
    try:
        services.decide_on_showing(pick=row, **form.cleaned_data)
    except services.AnswerChangedError:
        messages.warning(request, _("The answer has changed meanwhile. Your facilitator must look at it again first."))
    return redirect("cohort_replies", desk.cohort.public_id)


def _my_picks(desk: Desk) -> QuerySet[Pick]:
    """Return what the person has a say in: chosen answers of theirs that they share."""
    picks = desk.cohort.picks.of_concern_to(desk.membership.enrolment_id)
    return picks.exclude(answer__audience=Audience.PRIVATE)
