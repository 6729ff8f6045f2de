"""Showing readers what editors wrote."""

from django.db import transaction

from courses import document, search
from courses.models import Course
from courses.progress import recount_everybody


@transaction.atomic
def publish(*, course: Course) -> None:
    """Show readers the course as its rows are now. Does nothing when that changes nothing.

    Editing and importing call this last, in their own transaction.
    """
    # Of the row only its columns change: people may go on enrolling.
    course = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    made = document.build(course)
    if made == course.published:
        return
    course.published = made
    course.version += 1
    course.save(update_fields=["published", "version"])
    search.index(course)
    recount_everybody(course)
