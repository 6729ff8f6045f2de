"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.person import person_token
from courses.models import Course


def site(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of every page needs.

    `demo`: whether this is the demo; `person`: a name for who is signed in that tells nobody who it is; `only_course`:
    the course that a page's head leads to where the page is of none, asked for only when it is shown.
    """
    return {
        "demo": settings.DEMO,
        "person": person_token(request.user) if request.user.is_authenticated else "",
        "only_course": SimpleLazyObject(_only_course),
    }


def _only_course() -> Course | None:
    courses = Course.objects.published().light()[:2]
    return courses[0] if len(courses) == 1 else None
