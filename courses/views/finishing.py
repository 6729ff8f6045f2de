"""The end of a course: what I learned, what I wrote, what I promised myself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.person import is_somebody_elses
from courses import services
from courses.constants import NEXT_STEPS_OPEN_MAX
from courses.forms import NextStepForm
from courses.models import NextStep
from courses.permissions import Place, can_read, get_next_step, get_place
from courses.progress import NONE, Reader
from courses.ratings import Ratings
from courses.views.learning import enrolment_at
from courses.written import count_words


@require_safe
def finish(request: HttpRequest, course: str) -> HttpResponse:
    """Show what the course left with me; before its end too, with what is still open."""
    return _finish_page(request, get_place(request, course), NextStepForm())


def _finish_page(request: HttpRequest, place: Place, form: NextStepForm, *, status: int = 200) -> HttpResponse:
    reader = Reader(place.course, place.enrolment)
    ratings = Ratings(place.course, place.enrolment)
    steps = list(place.enrolment.next_steps.all()) if place.enrolment else []
    topics = [
        {"topic": topic, "progress": reader.topic_progress(topic), "objectives": ratings.of(topic)}
        for topic in place.course.topics
    ]
    begun = [row for row in topics if reader.topic_state(row["topic"]) != NONE or row["objectives"]["has_then"]]
    return render(
        request,
        "courses/finish.html",
        {
            "course": place.course,
            "is_enrolled": place.enrolment is not None,
            "progress": reader.progress(),
            "next_section": reader.next_section(),
            "next_url": reader.next_url(),
            "topics": begun,
            "open_topics": [row for row in topics if not row["progress"].is_done and row["topic"].sections],
            "words": count_words(place.enrolment) if place.enrolment else 0,
            "open_steps": [step for step in steps if step.done_at is None],
            "done_steps": [step for step in steps if step.done_at],
            "form": form,
        },
        status=status,
    )


@require_POST
def next_step_add(request: HttpRequest, course: str) -> HttpResponse:
    """Promise oneself something. What is refused comes back with its text."""
    place = get_place(request, course)
    form = NextStepForm(request.POST)
    if is_somebody_elses(request):
        form.add_error(None, _("Somebody else has signed in since this page was opened. Is this step yours?"))
    if form.is_valid():
        try:
            services.add_next_step(enrolment=enrolment_at(request, place), **form.cleaned_data)
        except services.TooManyNextStepsError:
            problem = _("You have %(number)s open steps. Do one, or delete one, before you add another.")
            form.add_error(None, problem % {"number": NEXT_STEPS_OPEN_MAX})
        else:
            return redirect(_list_url(place.row.key))
    return _finish_page(request, place, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def next_step(request: HttpRequest, step: UUID) -> HttpResponse:
    """Change a step: what to do, or by when."""
    row = get_next_step(request, step)
    form = NextStepForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        return _back(request, row)
    status = 422 if form.errors else 200
    return render(request, "courses/next_step.html", {"step": row, "form": form}, status=status)


@require_POST
def next_step_done(request: HttpRequest, step: UUID) -> HttpResponse:
    """Mark a step as done, or take the mark back; it keeps the time of the first mark."""
    row = get_next_step(request, step)
    if request.POST.get("done") == "1":
        NextStep.objects.filter(pk=row.pk, done_at=None).update(done_at=timezone.now())
        messages.success(request, _("Well done. The step is kept on the course's finish page."))
    else:
        NextStep.objects.filter(pk=row.pk).update(done_at=None)
    return _back(request, row)


@require_http_methods(["GET", "HEAD", "POST"])
def next_step_delete(request: HttpRequest, step: UUID) -> HttpResponse:
    """Ask whether to delete a step, and delete it."""
    row = get_next_step(request, step)
    if request.method == "POST":
        row.delete()
        return _back(request, row)
    return render(request, "courses/next_step_delete.html", {"step": row})


def _back(request: HttpRequest, step: NextStep) -> HttpResponse:
    """Go back to the list that the person came from."""
    course = step.enrolment.course
    if request.POST.get("from") == "home" or not can_read(request.user, course):
        return redirect("home")
    return redirect(_list_url(course.key))


def _list_url(course: str) -> str:
    return reverse("finish", args=[course]) + "#next-steps"
