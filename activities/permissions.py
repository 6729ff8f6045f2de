"""Who may do what with activities; the rules in words: docs/permissions.md."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from activities.models import Session
from activities.published import PublishedActivity, PublishedHandout, activities_of
from cohorts.models import Cohort, Membership
from courses.models import Course
from courses.permissions import Place as CoursePlace
from courses.permissions import get_place


def can_guide(user: User) -> bool:
    """Facilitators and staff read how an activity is held."""
    return user.is_facilitator or user.is_staff


def cohorts_to_run_with(user: User, course: Course) -> list[Cohort]:
    """Return the cohorts with which *user* can hold a session of an activity of *course*."""
    return list(Cohort.objects.facilitated_by(user).open().filter(course=course))


def get_guided_place(request: HttpRequest, course: str) -> CoursePlace:
    """Fetch a course that the person may read and guide; a course they may not read is 404, its guides are 403."""
    place = get_place(request, course)
    if not can_guide(request.user):
        raise PermissionDenied
    return place


def get_activity(place: CoursePlace, key: str) -> PublishedActivity:
    """Return the activity with *key* of the course at *place*; anything else is 404."""
    activity = activities_of(place.course).activity(key)
    if activity is None:
        raise Http404
    return activity


def get_handout(place: CoursePlace, key: str) -> PublishedHandout:
    """Return the handout with *key* of the course at *place*; anything else is 404."""
    handout = activities_of(place.course).handout(key)
    if handout is None:
        raise Http404
    return handout


@dataclass
class Seating:
    """Somebody in a live session."""

    session: Session
    membership: Membership

    @property
    def is_facilitator(self) -> bool:
        return self.membership.is_facilitator


def require_open(place: Seating) -> None:
    """Refuse to change anything in a session of an archived cohort."""
    if place.session.cohort.archived_at:
        raise PermissionDenied(_("This cohort is archived: nothing in it changes any more."))


def get_session(user: User, public_id: str) -> Seating:
    """Fetch a session of a cohort that *user* is a member of now; anybody else's is 404."""
    session = Session.objects.with_course().of(user).filter(public_id=public_id).first()
    if session is None:
        raise Http404
    membership = session.cohort.memberships.current().select_related("user").get(user=user)
    return Seating(session, membership)


def get_hosted_session(user: User, public_id: str) -> Seating:
    """Fetch a session that *user* facilitates: participants are refused with 403, everybody else with 404."""
    place = get_session(user, public_id)
    if not place.is_facilitator:
        raise PermissionDenied
    return place


def get_finished_session(user: User, public_id: str) -> Seating:
    """Fetch a session whose results *user* may see: members once it has ended (403 before), facilitators any time."""
    place = get_session(user, public_id)
    if place.session.ended_at is None and not place.is_facilitator:
        raise PermissionDenied(_("The results are here for everybody once the session has ended."))
    return place
