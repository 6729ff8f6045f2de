"""Starting a session of an activity with a cohort."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from activities import services
from activities.permissions import get_activity
from cohorts.permissions import get_facilitators_desk, require_open
from courses.permissions import get_place


@require_POST
def session_prepare(request: HttpRequest, course: str, activity: str) -> HttpResponse:
    """Make a session of the activity with a cohort that the person facilitates, and open its console."""
    place = get_place(request, course)
    found = get_activity(place, activity)
    desk = get_facilitators_desk(request, request.POST.get("cohort", "").replace("\0", ""))
    require_open(desk)
    if desk.cohort.course_id != place.row.pk:
        raise Http404
    session = services.prepare_session(activity=found, cohort=desk.cohort, facilitator=request.user)
    return redirect("session_host", session.public_id)
