"""What sessions have left: the list of them, each one's results, and these as a file."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from activities.live.state import state_of
from activities.models import Session
from activities.permissions import get_finished_session
from activities.results import parts_of, rows_of
from cohorts.exports import csv_lines


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions of my cohorts: what is live, what is prepared, what has been."""
    mine = Session.objects.for_list(request.user)
    if cohort := request.GET.get("cohort"):
        mine = mine.filter(cohort__public_id=cohort)
    rows = list(mine)
    return render(
        request,
        "activities/live/sessions.html",
        {
            "now": [row for row in rows if row.is_running],
            "prepared": [row for row in rows if row.started_at is None],
            "past": [row for row in rows if row.ended_at],
        },
    )


@require_safe
def results(request: HttpRequest, session: str) -> HttpResponse:
    """Show what each phase has left, to read and to print."""
    place = get_finished_session(request.user, session)
    state = state_of(place.session)
    return render(
        request,
        "activities/live/results.html",
        {
            "session": place.session,
            "state": state,
            "place": place,
            "parts": parts_of(state),
            "face": "results",
            "course": state.course,
        },
    )


@require_safe
def download(request: HttpRequest, session: str) -> StreamingHttpResponse:
    """Send the results as a CSV file."""
    place = get_finished_session(request.user, session)
    state = state_of(place.session)
    response = StreamingHttpResponse(csv_lines(rows_of(state)), content_type="text/csv; charset=utf-8; header=present")
    name = slugify(f"{state.activity.title} {place.session.cohort.name} {place.session.created_at:%Y-%m-%d}")
    response["Content-Disposition"] = content_disposition_header(True, f"{name or 'results'}.csv")
    response["Cache-Control"] = "private, no-store"
    return response
