"""A person's cohorts, the first page of each, and making, changing, archiving and copying them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.cohort import CohortForm, CopyForm
from cohorts.forms.joining import TypedCodeForm
from cohorts.hand import needs_in_figures
from cohorts.models import Cohort, Membership
from cohorts.overview import facilitators_of, next_items, plan_of, timely
from cohorts.permissions import (
    Desk,
    can_make_cohorts,
    can_see_members,
    get_desk,
    get_facilitators_desk,
    require_open,
)
from cohorts.sharing import count_for_plenary, news_for
from cohorts.standing import take_measure


@require_safe
def cohort_list(request: HttpRequest) -> HttpResponse:
    """List the cohorts that the person is in, present ones first."""
    memberships = Membership.objects.current().with_cohort().filter(user=request.user)
    return render(
        request,
        "cohorts/cohorts.html",
        {
            "memberships": timely(memberships),
            "can_make_cohorts": can_make_cohorts(request.user),
            "code_form": TypedCodeForm(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_new(request: HttpRequest) -> HttpResponse:
    """Make a cohort, and facilitate it."""
    if not can_make_cohorts(request.user):
        raise PermissionDenied
    form = CohortForm(request.POST or None, initial={"time_zone": request.user.time_zone or "UTC"})
    if request.method == "POST" and form.is_valid():
        course = form.cleaned_data.pop("course", form.instance.course_id)
        fields = {**form.cleaned_data, "course_id": getattr(course, "pk", course)}
        cohort = services.make_cohort(facilitator=request.user, **fields)
        messages.success(request, _("The cohort is made. Next: its plan, and inviting people."))
        return redirect(cohort)
    status = 422 if form.errors else 200
    return render(request, "cohorts/cohort_new.html", {"form": form}, status=status)


@require_safe
def cohort(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show a cohort: to its participants as *my cohort*, to its facilitators with what there is to do."""
    desk = get_desk(request, cohort)
    if desk.is_facilitator:
        return _overview(request, desk)
    plan = plan_of(desk)
    return render(
        request,
        "cohorts/my_cohort.html",
        {
            "desk": desk,
            "course": desk.course,
            "facilitators": facilitators_of(desk.cohort),
            "plan": plan,
            "due": [row for row in plan if row.is_due],
            "next_items": next_items(desk, plan),
            "news": news_for([desk.membership]),
            "can_see_members": can_see_members(desk),
        },
    )


def _overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    plan = plan_of(desk)
    measure = take_measure(desk)
    figures = measure.people.aggregate(people=Count("pk"), **measure.figures)
    return render(
        request,
        "cohorts/overview.html",
        {
            "desk": desk,
            "course": desk.course,
            "facilitators": facilitators_of(desk.cohort),
            "participants_count": figures["people"],
            "needs": needs_in_figures(measure, figures),
            "for_plenary": count_for_plenary(desk),
            "has_plan": bool(plan),
            "next_items": next_items(desk, plan),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_edit(request: HttpRequest, cohort: str) -> HttpResponse:
    """Change what a cohort is called, when and where it meets, and what its people may see and do."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    row = Cohort.objects.get(pk=desk.cohort.pk)
    form = CohortForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.instance.save(update_fields=list(form.cleaned_data))
        messages.success(request, _("Saved."))
        return redirect(desk.cohort)
    status = 422 if form.errors else 200
    context = {"desk": desk, "course": desk.course, "form": form}
    return render(request, "cohorts/cohort_edit.html", context, status=status)


@require_POST
def cohort_archive(request: HttpRequest, cohort: str) -> HttpResponse:
    """Archive a cohort, or open it again. Nothing in it is deleted."""
    desk = get_facilitators_desk(request, cohort)
    archived = request.POST.get("archived") == "1"
    Cohort.objects.filter(pk=desk.cohort.pk).update(archived_at=timezone.now() if archived else None)
    messages.success(
        request,
        _("Archived: everything can be read, nobody can join, nothing changes.") if archived else _("Open again."),
    )
    return redirect(desk.cohort)


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_copy(request: HttpRequest, cohort: str) -> HttpResponse:
    """Make a new run of a cohort, with its settings and plan and without its people."""
    desk = get_facilitators_desk(request, cohort)
    if not can_make_cohorts(request.user):
        raise PermissionDenied
    form = CopyForm(request.POST or None, initial={"name": desk.cohort.name})
    if request.method == "POST" and form.is_valid():
        copy = services.copy_cohort(cohort=desk.cohort, facilitator=request.user, **form.cleaned_data)
        messages.success(request, _("This is the new cohort: its settings and plan are copied, nobody is in it yet."))
        return redirect(copy)
    status = 422 if form.errors else 200
    context = {"desk": desk, "course": desk.course, "form": form}
    return render(request, "cohorts/cohort_copy.html", context, status=status)
