"""Pages of the whole site: home, health, and what is said when something fails."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cohorts.forms.joining import TypedCodeForm
from cohorts.models import Membership
from cohorts.overview import plan_of, timely
from cohorts.permissions import desk_of
from cohorts.sharing import news_for
from courses.models import Course, NextStep
from courses.progress import Reader
from courses.published import read
from jmdi.background import is_late

CSRF_FIELD = "csrfmiddlewaretoken"
# A form with a field of such a name is never given back.
_SECRET_FIELDS = ("password", "code", "token")
# What is longer than this is somebody's writing, and shown.
_LONG = 60


@require_safe
@login_not_required  # the front page is for visitors too
def home(request: HttpRequest) -> HttpResponse:
    """Show visitors what this is, and people where to go on."""
    if not request.user.is_authenticated:
        courses = [read(course) for course in Course.objects.published().light()]
        return render(request, "jmdi/welcome.html", {"courses": courses})
    enrolments = {
        enrolment.course_id: enrolment for enrolment in request.user.enrolments.select_related("last_section")
    }
    memberships = timely(Membership.objects.current().with_cohort().filter(user=request.user, cohort__archived_at=None))
    items = [_course_item(course, enrolments.get(course.pk)) for course in Course.objects.published().light()]
    return render(
        request,
        "jmdi/home.html",
        {
            "greeting_name": request.user.get_short_name(),
            "items": items,
            "memberships": memberships,
            "news": news_for(memberships),
            "code_form": TypedCodeForm(),
            "due": [row for row in plan_of(desk_of(memberships[0])) if row.is_due] if memberships else [],
            "course": items[0]["course"] if len(items) == 1 else None,
            "next_steps": list(NextStep.objects.filter(enrolment__user=request.user, done_at=None)),
        },
    )


def _course_item(row: Course, enrolment: Any) -> dict[str, Any]:
    course = read(row)
    reader = Reader(course, enrolment)
    section = reader.next_section()
    return {
        "course": course,
        "progress": reader.progress(),
        "is_enrolled": enrolment is not None,
        "next_section": section,
        "next_url": reader.next_url(),
        "next_topic": course.topic(section.topic_key) if section else None,
    }


@login_not_required  # asked by machines
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required  # asked by machines
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and has all migrations; 503 when not.

    Background work that waits is said too, but pages do without it, so it is no reason to take this process away.
    """
    try:
        executor = MigrationExecutor(connection)
        behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    if behind:
        return HttpResponse("migrations are missing\n", content_type="text/plain", status=503)
    late = "background work waits: is a worker running?\n" if is_late() else ""
    return HttpResponse(f"ready\n{late}", content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Give back what was written when the form's token has expired, instead of losing it."""
    if request.htmx:
        return HttpResponse(status=403)
    why = _("This form was open for too long, or you signed in or out in another window meanwhile.")
    return not_saved(request, why, status=403)


def not_saved(request: HttpRequest, reason: str, *, status: int) -> HttpResponse:
    """Show what a form has sent but nobody has stored, for its author to send again once the *reason* is gone.

    What must not be given back (passwords, codes) is left out; a form with such a field has to be filled in anew.
    """
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name != CSRF_FIELD]
    has_secrets = any(secret in name for name, _value in fields for secret in _SECRET_FIELDS)
    texts = [(name, value) for name, value in fields if name == "text" or len(value) > _LONG]
    return render(
        request,
        "jmdi/not_saved.html",
        {
            "reason": reason,
            "texts": [] if has_secrets else texts,
            "others": [] if has_secrets else [field for field in fields if field not in texts],
            "can_send_again": not has_secrets and not request.FILES and _is_from_here(request),
        },
        status=status,
    )


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a form was sent by a page of ours. Another site's is not given back with a token to send it again."""
    return request.headers.get("Origin") in {None, f"{request.scheme}://{request.get_host()}"}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that makes no sense; a wrong host name gets no page that could name it."""
    if isinstance(exception, SuspiciousOperation):
        return HttpResponse("Bad request\n", content_type="text/plain", status=400)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that this person's role does not allow, with the reason where there is one in words."""
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for a page that does not exist, or that belongs to somebody else."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when we failed: a page that needs nothing that may be broken."""
    return SimpleTemplateResponse("500.html", status=500).render()
