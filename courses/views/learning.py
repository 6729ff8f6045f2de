"""What people do while they read: open a section, mark it, rate what they can do."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import services
from courses.forms import RatingForm
from courses.models import Enrolment, ObjectiveRating
from courses.permissions import Place, get_place
from courses.progress import Reader
from courses.views.reading import end_url, neighbour, outline, show_topic


@require_POST
def section_visit(request: HttpRequest, course: str, topic: str, section: str) -> HttpResponse:
    """Remember where the person is reading. Those who only look in leave no trace."""
    place = get_place(request, course, topic, section)
    if place.enrolment:
        services.visit_section(enrolment=place.enrolment, section_id=place.section.id)
    return HttpResponse(status=204)


@require_POST
def section_done(request: HttpRequest, course: str, topic: str, section: str) -> HttpResponse:
    """Mark a section as done, or take the mark back."""
    place = get_place(request, course, topic, section)
    done = request.POST.get("done") == "1"
    services.mark_section(
        enrolment=enrolment_at(request, place), topic_id=place.topic.id, section_id=place.section.id, done=done
    )
    if not request.htmx:
        return redirect(place.section.url + "#section-done")
    place = get_place(request, course, topic, section)
    reader = Reader(place.course, place.enrolment)
    return render(
        request,
        "courses/_marked.html",
        {
            "course": place.course,
            "section": place.section,
            "state": reader.state(place.section),
            "progress": reader.topic_progress(place.topic),
            "is_enrolled": True,
            "outline": outline(reader, place.topic, place.section),
            "next": neighbour(place, place.course.sections.index(place.section) + 1),
            "end_url": end_url(reader, place.topic, place.section),
        },
    )


@require_POST
def objectives_rate(request: HttpRequest, course: str, topic: str) -> HttpResponse:
    """Save how well the person can do what the topic's objectives ask; what was left open stays open."""
    place = get_place(request, course, topic)
    if request.POST.get("moment") not in ObjectiveRating.Moment.values:
        raise Http404
    form = RatingForm(place.topic, data=request.POST)
    if form.is_valid():
        try:
            services.rate_objectives(
                enrolment=enrolment_at(request, place),
                topic_id=place.topic.id,
                moment=form.cleaned_data["moment"],
                levels=form.levels,
            )
        except services.RatingRefusedError:
            form.add_error(None, _("The objectives of this topic have just changed. Look at them once more."))
        else:
            at_end = form.cleaned_data["moment"] == ObjectiveRating.Moment.AFTER
            return redirect(place.topic.url + ("#now" if at_end else "#objectives"))
    return show_topic(request, place, form, status=422)


def enrolment_at(request: HttpRequest, place: Place) -> Enrolment:
    """Return the person's enrolment; whoever works in a course takes part in it from then on."""
    return place.enrolment or services.enrol(user=request.user, course=place.row)
