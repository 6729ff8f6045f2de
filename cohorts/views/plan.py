"""The plan of a cohort's days, and the calendar that follows it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.calendars import calendar, calendar_url, membership_of
from cohorts.forms.plan import PlanItemForm
from cohorts.models import PlanItem
from cohorts.overview import plan_of
from cohorts.permissions import Desk, desk_of, get_desk, get_facilitators_desk, require_open


@require_safe
def plan(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show the plan; facilitators add to it here."""
    desk = get_desk(request, cohort)
    form = PlanItemForm(desk.cohort, desk.course, initial={"kind": PlanItem.Kind.READING, "on": desk.cohort.starts_on})
    return _plan_page(request, desk, form)


def _plan_page(request: HttpRequest, desk: Desk, form: PlanItemForm, *, status: int = 200) -> HttpResponse:
    rows = plan_of(desk)
    planned = {row.item.section_id or row.item.activity_key for row in rows}
    return render(
        request,
        "cohorts/plan.html",
        {
            "desk": desk,
            "course": desk.course,
            "plan": rows,
            "form": form,
            "unplanned_count": sum(section.id not in planned for section in desk.course.sections)
            + sum(activity.key not in planned for activity in desk.course.held),
            "calendar_url": request.build_absolute_uri(calendar_url(desk.membership)),
        },
        status=status,
    )


@require_POST
def plan_add(request: HttpRequest, cohort: str) -> HttpResponse:
    """Put something on the plan."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    form = PlanItemForm(desk.cohort, desk.course, request.POST)
    if form.is_valid():
        form.save()
        messages.success(request, _("It is on the plan."))
        return redirect("cohort_plan", desk.cohort.public_id)
    return _plan_page(request, desk, form, status=422)


@require_POST
def plan_propose(request: HttpRequest, cohort: str) -> HttpResponse:
    """Spread the reading and the activities that are not planned yet over the cohort's days."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    count = services.propose_plan(cohort=desk.cohort, course=desk.course)
    text = ngettext("%(count)s point is new on the plan.", "%(count)s points are new on the plan.", count)
    messages.success(request, text % {"count": count})
    return redirect("cohort_plan", desk.cohort.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_item(request: HttpRequest, cohort: str, item: UUID) -> HttpResponse:
    """Change a point of the plan."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    row = get_object_or_404(desk.cohort.plan, public_id=item)
    form = PlanItemForm(
        desk.cohort, desk.course, request.POST or None, instance=row, initial={"section": row.section_id}
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("cohort_plan", desk.cohort.public_id)
    status = 422 if form.errors else 200
    return render(
        request,
        "cohorts/plan_item.html",
        {"desk": desk, "course": desk.course, "item": row, "form": form},
        status=status,
    )


@require_POST
def plan_delete(request: HttpRequest, cohort: str, item: UUID) -> HttpResponse:
    """Take something off the plan; twice is the same."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    desk.cohort.plan.filter(public_id=item).delete()
    messages.success(request, _("It is off the plan."))
    return redirect("cohort_plan", desk.cohort.public_id)


@require_safe
@login_not_required  # calendar programs cannot sign in: the address itself is the secret, and ends with the membership
def cohort_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Give the plan as an iCalendar feed."""
    try:
        membership = membership_of(token)
    except signing.BadSignature as error:
        raise Http404 from error
    if membership is None:
        raise Http404
    response = HttpResponse(calendar(request, desk_of(membership)), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="plan.ics"'
    response["Cache-Control"] = "private, max-age=900"
    return response
