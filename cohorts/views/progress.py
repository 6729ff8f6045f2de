"""How the people of a cohort are doing: who needs a hand, everybody at a glance, and each person."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts.constants import HAND_QUESTIONS_MAX, STALLED_DAYS
from cohorts.forms.progress import GroupForm, ProgressForm
from cohorts.hand import questions_left_empty, who_needs_a_hand
from cohorts.matrix import Matrix
from cohorts.models import Membership
from cohorts.permissions import Desk, get_facilitators_desk, get_participant, require_open
from cohorts.person import topics_of
from cohorts.reminding import name_of
from cohorts.standing import fingerprint, look_for_news, take_measure


@require_safe
def cohort_progress(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show everybody's progress. An open page asks again with what it has *seen*; 204 says that nothing is new."""
    desk = get_facilitators_desk(request, cohort)
    if request.htmx and request.GET.get("seen") == look_for_news(desk):
        return HttpResponse(status=204)
    form = ProgressForm(request.GET, course=desk.course)
    measure = take_measure(desk)
    matrix = Matrix(desk, measure, form.choice)
    form.offer_groups(matrix.figures["groups"])
    rows = matrix.rows()
    name = name_of(form.choice)
    return render(
        request,
        "cohorts/_progress_news.html" if request.htmx else "cohorts/progress.html",
        {
            "desk": desk,
            "course": desk.course,
            "form": form,
            "choice": form.choice,
            "stalled_days": STALLED_DAYS,
            "matrix": matrix,
            "rows": rows,
            "named_query": "?" + urlencode({"who": name}) if name else "",
            "listed": " ".join(row.public_id.hex for row in rows) if not name and matrix.pages == 1 else "",
            "hand": who_needs_a_hand(measure, matrix.figures),
            "fingerprint": fingerprint(desk, matrix.figures),
        },
    )


@require_safe
def questions_left(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show which questions are most often left empty: the first of them on the progress page, all of them here."""
    desk = get_facilitators_desk(request, cohort)
    most = HAND_QUESTIONS_MAX if request.htmx else len(desk.course.places)
    return render(
        request,
        "cohorts/_questions_left.html" if request.htmx else "cohorts/questions_left.html",
        {"desk": desk, "course": desk.course, "questions": questions_left_empty(desk, most)},
    )


@require_safe
def person(request: HttpRequest, cohort: str, person: UUID) -> HttpResponse:
    """Show one participant: what they have done, and of what they wrote only what they share."""
    desk = get_facilitators_desk(request, cohort)
    membership = get_participant(desk, person)
    return _show_person(request, desk, membership, GroupForm(instance=membership))


@require_POST
def person_group(request: HttpRequest, cohort: str, person: UUID) -> HttpResponse:
    """Put a participant into a group, or into none."""
    desk = get_facilitators_desk(request, cohort)
    membership = get_participant(desk, person)
    require_open(desk)
    form = GroupForm(request.POST, instance=membership)
    if form.is_valid():
        membership.save(update_fields=["group"])
        messages.success(request, _("The group is saved."))
        return redirect("cohort_person", desk.cohort.public_id, membership.public_id)
    return _show_person(request, desk, membership, form, status=422)


def _show_person(
    request: HttpRequest, desk: Desk, membership: Membership, form: GroupForm, status: int = 200
) -> HttpResponse:
    measure = take_measure(desk)
    return render(
        request,
        "cohorts/person.html",
        {
            "desk": desk,
            "course": desk.course,
            "membership": membership,
            "profile": membership.user,
            "topics": topics_of(desk, membership, measure.due),
            "form": form,
            "groups": _groups(desk),
            "mails": list(membership.reminder_mails.order_by("-day")),
        },
        status=status,
    )


def _groups(desk: Desk) -> list[str]:
    groups = desk.cohort.memberships.current().participants().exclude(group="").order_by("group")
    return list(groups.values_list("group", flat=True).distinct())
