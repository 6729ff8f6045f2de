"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.person import person_token
from activities.ahead import next_for
from activities.models import Session
from cohorts.models import Membership
from cohorts.sharing import learns_in
from courses.models import Course


def site(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of every page needs.

    `demo`: whether this is the demo; `person`: a name for who is signed in that tells nobody who it is; `only_course`:
    the course that a page's head leads to where the page is of none; `live_sessions`: those that the person can go to
    now; `my_cohorts`: where the person learns the course of this page, and with whom; `held_sessions`: those of the
    person's cohorts in it that have ended; `next_activities`: what the cohorts hold next that the person facilitates.
    The last five are asked for only when they are shown.
    """
    return {
        "demo": settings.DEMO,
        "person": person_token(request.user) if request.user.is_authenticated else "",
        "only_course": SimpleLazyObject(_only_course),
        "live_sessions": SimpleLazyObject(lambda: _live_sessions(request.user)),
        "my_cohorts": SimpleLazyObject(lambda: _my_cohorts(request)),
        "next_activities": SimpleLazyObject(lambda: next_for(request.user)),
        "held_sessions": SimpleLazyObject(lambda: _held_sessions(request)),
    }


def _only_course() -> Course | None:
    courses = Course.objects.published().light()[:2]
    return courses[0] if len(courses) == 1 else None


def _live_sessions(user: User) -> list[Session]:
    if not user.is_authenticated:
        return []
    return list(Session.objects.for_list(user).open())


def _my_cohorts(request: HttpRequest) -> list[Membership]:
    course = _course_of(request)
    return learns_in(request.user, course) if course else []


def _held_sessions(request: HttpRequest) -> list[Session]:
    course = _course_of(request)
    return list(Session.objects.with_results_for(request.user, course)) if course else []


def _course_of(request: HttpRequest) -> str:
    """Return the key of the course that a signed-in person's page is of; empty for any other page."""
    match = request.resolver_match
    return match.kwargs.get("course", "") if match and request.user.is_authenticated else ""
