"""Who may do what with activities; the rules in words: docs/permissions.md."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.models import User
from activities.published import PublishedActivity, PublishedHandout, activities_of
from courses.permissions import Place, get_place


def can_guide(user: User) -> bool:
    """Facilitators and staff read how an activity is held."""
    return user.is_facilitator or user.is_staff


def get_guided_place(request: HttpRequest, course: str) -> Place:
    """Fetch a course that the person may read and guide; a course they may not read is 404, its guides are 403."""
    place = get_place(request, course)
    if not can_guide(request.user):
        raise PermissionDenied
    return place


def get_activity(place: Place, key: str) -> PublishedActivity:
    """Return the activity with *key* of the course at *place*; anything else is 404."""
    activity = activities_of(place.course).activity(key)
    if activity is None:
        raise Http404
    return activity


def get_handout(place: Place, key: str) -> PublishedHandout:
    """Return the handout with *key* of the course at *place*; anything else is 404."""
    handout = activities_of(place.course).handout(key)
    if handout is None:
        raise Http404
    return handout
