"""The agenda of a cohort's days: to read and to print, and proposed from what activities and reading take."""

from collections import defaultdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from activities import services
from activities.agendaforms import AgendaForm, first_wish
from activities.proposal import gaps_filled, line_of, proposal_for
from activities.published import activities_of
from cohorts.overview import plan_of
from cohorts.permissions import get_desk, get_facilitators_desk, require_open


@require_safe
def agenda(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show the plan as an agenda, day by day with its hours and pauses, to read and to print."""
    desk = get_desk(request, cohort)
    by_day = defaultdict(lambda: {"whole_day": [], "lines": []})
    for row in plan_of(desk):
        day = by_day[row.item.on]
        if row.item.at:
            day["lines"].append(line_of(row.item, row.title, row.url))
        else:
            day["whole_day"].append(row)
    days = [(day, rows["whole_day"], gaps_filled(rows["lines"])) for day, rows in by_day.items()]
    return render(request, "activities/agenda.html", {"desk": desk, "course": desk.course, "days": days})


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_propose(request: HttpRequest, cohort: str) -> HttpResponse:
    """Propose an agenda for the days and hours that the address says, and put it on the plan when it is sent.

    The proposal itself writes nothing: all that it depends on is in the address, so it can be changed and looked at
    again.
    """
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    activities = activities_of(desk.course).activities
    first = first_wish(
        desk.cohort,
        activities,
        people=desk.cohort.memberships.current().participants().count() + desk.cohort.invitations.open().count(),
        held=set(desk.cohort.sessions.filter(started_at__isnull=False).values_list("activity_id", flat=True)),
    )
    form = AgendaForm(desk.cohort, activities, request.GET if request.GET else first)
    wish = form.wish if form.is_valid() else None
    if request.method == "POST" and wish:
        try:
            stamp = request.POST.get("stamp", "")
            count = services.take_over(cohort=desk.cohort, course=desk.course, wish=wish, stamp=stamp)
        except services.PlanChangedError:
            messages.warning(request, _("The plan has changed meanwhile, and the agenda with it. Look at it again."))
        else:
            said = ngettext("%(count)s point is on the plan.", "%(count)s points are on the plan.", count)
            messages.success(request, said % {"count": count} if count else _("It is on the plan."))
            return redirect("cohort_agenda", desk.cohort.public_id)
    return render(
        request,
        "activities/agenda_propose.html",
        {
            "desk": desk,
            "course": desk.course,
            "form": form,
            "proposal": proposal_for(desk.cohort, desk.course, wish) if wish else None,
        },
        status=422 if not wish else 409 if request.method == "POST" else 200,
    )
