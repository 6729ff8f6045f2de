"""A person's cohorts, and the first page of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.models import Membership
from cohorts.permissions import can_make_cohorts, get_desk


@require_safe
def cohort_list(request: HttpRequest) -> HttpResponse:
    """List the cohorts that the person is in, facilitated ones first."""
    memberships = Membership.objects.current().with_cohort().filter(user=request.user)
    rows = sorted(memberships, key=lambda row: (not row.is_facilitator, row.cohort.archived_at is not None))
    return render(
        request, "cohorts/cohorts.html", {"memberships": rows, "can_make_cohorts": can_make_cohorts(request.user)}
    )


@require_safe
def cohort(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show a cohort: to its participants as *my cohort*, to its facilitators with what there is to do."""
    desk = get_desk(request, cohort)
    return render(request, "cohorts/cohort.html", {"desk": desk, "cohort": desk.cohort, "course": desk.course})
