"""Who may do what with courses; the rules in words: docs/permissions.md."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import User
from courses.helping import helps, helps_anybody
from courses.models import Course, Enrolment, NextStep
from courses.published import PublishedCourse, PublishedSection, PublishedTopic, read


@dataclass
class Place:
    """Where in a course somebody is, and their enrolment if they have started."""

    row: Course
    course: PublishedCourse
    enrolment: Enrolment | None
    topic: PublishedTopic | None = None
    section: PublishedSection | None = None


def can_read(user: User, course: Course) -> bool:
    """Whoever is signed in reads a published course; staff also reads what is not published yet."""
    return course.is_published or user.is_staff


def can_edit(user: User, model: type[Model]) -> bool:
    """Staff with the permission to change rows of *model* edits them, in the admin."""
    return user.is_staff and user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")


def edit_url(user: User, model: type[Model], id_: int) -> str | None:
    """Return where *user* edits the row of *model*; None for those who may not."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    return reverse(name, args=[id_]) if can_edit(user, model) else None


def can_hand_in_for_others(user: User) -> bool:
    """Whoever helps somebody sends in rescue files for people who cannot; so does staff with the right to add them."""
    return _can_hand_in_for_everybody(user) or helps_anybody(user)


def can_hand_in_for(user: User, author: User) -> bool:
    """Everybody sends in rescue files of their own; staff for everybody, others for those whom they help."""
    return user == author or _can_hand_in_for_everybody(user) or helps(user, author)


def _can_hand_in_for_everybody(user: User) -> bool:
    return user.is_staff and user.has_perm("courses.add_rescuefile")


def get_place(request: HttpRequest, course: str, topic: str | None = None, section: str | None = None) -> Place:
    """Fetch a course that the person may read, and the topic and section named by their keys; anything else is 404."""
    row, enrolment = _course_and_enrolment(request.user, course)
    if not can_read(request.user, row):
        raise Http404
    place = Place(row, read(row), enrolment)
    if topic is not None:
        place.topic = place.course.topic(topic)
        if place.topic is None:
            raise Http404
    if section is not None:
        place.section = place.topic.section(section)
        if place.section is None:
            raise Http404
    return place


def get_next_step(request: HttpRequest, public_id: UUID) -> NextStep:
    """Fetch a step that the person promised themselves, even in a course that is closed now; anybody else's is 404."""
    steps = NextStep.objects.select_related("enrolment__course").defer(
        "enrolment__course__body",
        "enrolment__course__compiled",
        "enrolment__course__credits",
        "enrolment__course__published",
    )
    return get_object_or_404(steps, public_id=public_id, enrolment__user=request.user)


def _course_and_enrolment(user: User, key: str) -> tuple[Course, Enrolment | None]:
    """Return both in one query for those who take part, in two for those who look in."""
    enrolment = (
        user.enrolments.select_related("course")
        .defer("course__body", "course__compiled", "course__credits", "course__published")
        .filter(course__key=key)
        .first()
    )
    if enrolment:
        return enrolment.course, enrolment
    course = Course.objects.light().filter(key=key).first()
    if course is None:
        raise Http404
    return course, None
