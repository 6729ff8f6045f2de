"""What people do while they read: start, mark, answer; and everything they wrote."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import parts, services
from courses.forms import AnswerForm
from courses.models import Answer, Enrolment
from courses.permissions import Place, get_place
from courses.progress import Reader
from courses.published import PublishedSection
from courses.views.reading import neighbour, outline
from courses.written import as_markdown, written_by


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
        enrolment=_enrolment(request, place), topic_id=place.topic.id, section_id=place.section.id, done=done
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
        },
    )


@require_POST
def answer_save(request: HttpRequest, course: str, topic: str, prompt: str, question: str) -> HttpResponse:
    """Save the answer to one question. Whatever goes wrong, the text comes back in the box."""
    place = get_place(request, course, topic)
    asked = place.topic.prompts.get(prompt, {})
    wording = next((row for row in asked.get("questions", []) if row["key"] == question), None)
    if wording is None or wording["id"] not in place.course.places:
        return _question_gone(request)
    _topic, section = place.course.places[wording["id"]]
    form = AnswerForm(request.POST)
    item = parts.question_item(place.course, place.topic, asked, wording, None)
    item["text"] = request.POST.get("text", "")
    if not form.is_valid():
        item |= {
            "status": "error",
            "error": _("This page is out of date. Copy your text and reload the page."),
        }
        return _answer_response(request, place, section, item, status=422)
    try:
        answer = services.save_answer(
            enrolment=_enrolment(request, place),
            topic_id=place.topic.id,
            section_id=section.id,
            question_id=wording["id"],
            revision=wording["revision"],
            text=item["text"],
            version=form.cleaned_data["version"],
        )
    except services.AnswerRefusedError as error:
        item |= {"status": "error", "error": str(error), "version": form.cleaned_data["version"]}
        return _answer_response(request, place, section, item, status=422)
    except services.StaleAnswerError as error:
        stored: Answer = error.answer
        item |= {"status": "conflict", "other": stored.text, "answer": stored, "version": stored.version}
        return _answer_response(request, place, section, item, status=409)
    if not request.htmx:
        return redirect(f"{section.url}#{item['field_id']}")
    item = parts.question_item(place.course, place.topic, asked, wording, answer)
    return _answer_response(request, place, section, item, status=200)


def _enrolment(request: HttpRequest, place: Place) -> Enrolment:
    """Return the person's enrolment; whoever works in a course takes part in it from then on."""
    return place.enrolment or services.enrol(user=request.user, course=place.row)


def _question_gone(request: HttpRequest) -> HttpResponse:
    """Give the text back when an editor has taken the question out of the course while it was being answered."""
    reason = _("This question has just been taken out of the course, so your text was not saved. Copy it from here.")
    context = {"reason": reason, "texts": [(_("Your text"), request.POST.get("text", ""))]}
    return render(request, "jmdi/not_saved.html", context, status=404)


def _answer_response(
    request: HttpRequest, place: Place, section: PublishedSection, item: parts.Part, *, status: int
) -> HttpResponse:
    """Answer htmx with what became of the save: the text stays in its box. Else with a page that holds the form."""
    context = {"q": item, "just_saved": status == 200}
    if request.htmx:
        return render(request, "courses/_answer_state.html", context, status=status)
    context |= {"course": place.course, "topic": place.topic, "section": section}
    return render(request, "courses/answer.html", context, status=status)


@require_safe
def my_answers(request: HttpRequest) -> HttpResponse:
    """Show everything I wrote with its question, by topic; on paper too."""
    return render(request, "courses/answers.html", {"courses": written_by(request.user)})


@require_safe
def answers_download(request: HttpRequest) -> HttpResponse:
    """Send everything I wrote as one Markdown file."""
    text = as_markdown(written_by(request.user))
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-answers.md"'
    response["Cache-Control"] = "private, no-store"
    return response
