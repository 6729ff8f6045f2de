"""Pages to read and to print: activities, their guides, handouts."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.models import Activity, Handout, Session
from activities.permissions import can_guide, cohorts_to_run_with, get_activity, get_guided_place, get_handout
from activities.published import PublishedActivity, PublishedHandout, activities_of
from activities.recall import recalled_for
from courses.models import Course
from courses.parts import Part, body
from courses.permissions import Place, edit_url, get_place
from courses.published import PublishedCourse, read


@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """List the activities of all courses that are open, in the order in which they are held."""
    courses = Course.objects.light().order_by("title", "pk")
    if not request.user.is_staff:
        courses = courses.published()
    return render(
        request,
        "activities/activities.html",
        {
            "groups": [
                {"course": course, "activities": found.activities, "handouts": found.handouts}
                for course in map(read, courses)
                if (found := activities_of(course)).activities
            ],
            "can_guide": can_guide(request.user),
        },
    )


@require_safe
def activity(request: HttpRequest, course: str, activity: str) -> HttpResponse:
    """Show participants what an activity is about and what they will do."""
    place = get_place(request, course)
    found = get_activity(place, activity)
    return render(
        request,
        "activities/activity.html",
        {
            "course": place.course,
            "activity": found,
            "edit_url": edit_url(request.user, Activity, found.id),
            "can_guide": can_guide(request.user),
            "cohorts": cohorts_to_run_with(request.user, place.row),
            "sessions": list(Session.objects.for_list(request.user).filter(activity=found.id)),
            "body": body(found.segments, place.course),
            "terms": place.course.glossary(found.terms),
        },
    )


@require_safe
def guide(request: HttpRequest, course: str, activity: str) -> HttpResponse:
    """Show facilitators how an activity is held."""
    place = get_guided_place(request, course)
    return show_guide(request, place, get_activity(place, activity))


def show_guide(request: HttpRequest, place: Place, activity: PublishedActivity) -> HttpResponse:
    """Answer with the guide of *activity*."""
    return render(
        request,
        "activities/guide.html",
        {
            "course": place.course,
            "guide": _guide(place.course, activity, set()),
            "edit_url": edit_url(request.user, Activity, activity.id),
            "terms": place.course.glossary(activity.guide_terms),
        },
    )


@require_safe
def booklet(request: HttpRequest, course: str) -> HttpResponse:
    """Show the guides of all activities of a course, to print as a booklet."""
    place = get_guided_place(request, course)
    found = activities_of(place.course).activities
    seen: set[str] = set()
    return render(
        request,
        "activities/booklet.html",
        {
            "course": place.course,
            "guides": [_guide(place.course, activity, seen) for activity in found],
            "terms": place.course.glossary([term for activity in found for term in activity.guide_terms]),
        },
    )


@require_safe
def recalled(request: HttpRequest, course: str) -> HttpResponse:
    """Show what my groups have worked out that helps to plan next steps: within another page, or as one."""
    place = get_place(request, course)
    return render(
        request,
        "activities/_recalled.html" if request.htmx else "activities/recalled.html",
        {"course": place.course, "recalled": recalled_for(request.user, place.course)},
    )


@require_safe
def handout(request: HttpRequest, course: str, handout: str) -> HttpResponse:
    """Show a handout, to read or to print."""
    place = get_place(request, course)
    return show_handout(request, place, get_handout(place, handout))


def show_handout(request: HttpRequest, place: Place, handout: PublishedHandout) -> HttpResponse:
    """Answer with the page of *handout*."""
    return render(
        request,
        "activities/handout.html",
        {
            "course": place.course,
            "handout": handout,
            "edit_url": edit_url(request.user, Handout, handout.id),
            "body": body(handout.segments, place.course),
            "terms": place.course.glossary(handout.terms),
        },
    )


def _guide(course: PublishedCourse, activity: PublishedActivity, seen: set[str]) -> dict[str, Any]:
    """Return what `activities/_guide.html` needs for one activity; *seen* are the figures above it on the page."""
    return {
        "activity": activity,
        "body": list(_once(body(activity.segments, course), seen)),
        **{name: body(segments, course) for name, segments in activity.texts.items()},
        "phases": [
            {
                "phase": phase,
                "instructions": body(phase.instructions, course),
                "steps": list(_once(body(phase.segments, course), seen)),
            }
            for phase in activity.phases
        ],
    }


def _once(parts: list[Part], seen: set[str]) -> Iterator[Part]:
    """Yield *parts*, with a link in the place of a figure that stands on the page already: ids are there once."""
    for part in parts:
        if part["kind"] == "figure":
            figure = part["figure"]
            if figure["key"] in seen:
                words = _("“%(title)s” stands above.") % {"title": figure["title"]}
                yield {"kind": "html", "html": format_html('<p><a href="#figure-{}">{}</a></p>', figure["key"], words)}
                continue
            seen.add(figure["key"])
        yield part
