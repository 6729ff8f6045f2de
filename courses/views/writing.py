"""Saving what people write, and giving it back: to read, to restore, to take home."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.person import is_somebody_elses
from courses import parts, services
from courses.forms import DraftForm
from courses.models import Answer, Note
from courses.permissions import Place, get_place
from courses.published import Data, PublishedTopic
from courses.services import Draft
from courses.views.learning import enrolment_at


@require_POST
def answer_save(request: HttpRequest, course: str, topic: str, prompt: str, question: str) -> HttpResponse:
    """Save the answer to one question, and who may read it. Whatever goes wrong, the text comes back."""
    place = get_place(request, course, topic)
    asked, wording = _find_question(place.topic, prompt, question)
    if wording is None or wording["id"] not in place.course.places:
        return _not_saved(
            request, 404, _("This question has just been taken out of the course, so your text was not saved.")
        )
    _topic, section = place.course.places[wording["id"]]
    form = DraftForm(request.POST)

    def save(draft: Draft) -> Answer:
        return services.save_answer(
            enrolment=enrolment_at(request, place),
            topic_id=place.topic.id,
            section_id=section.id,
            question_id=wording["id"],
            revision=wording["revision"],
            draft=draft,
            audience=form.new_audience(),
        )

    def item(answer: Answer | None) -> parts.Part:
        return parts.question_item(place.course, place.topic, asked, wording, answer)

    return _save(request, form, save, item, back={"url": section.url, "title": section.title})


@require_POST
def note_save(request: HttpRequest, course: str, topic: str) -> HttpResponse:
    """Save my note on a topic. Whatever goes wrong, the text comes back."""
    place = get_place(request, course, topic)

    def save(draft: Draft) -> Note:
        return services.save_note(enrolment=enrolment_at(request, place), topic_id=place.topic.id, draft=draft)

    def item(note: Note | None) -> parts.Part:
        return parts.note_item(place.course, place.topic, note)

    return _save(
        request, DraftForm(request.POST), save, item, back={"url": place.topic.url, "title": place.topic.short_title}
    )


def _find_question(topic: PublishedTopic, prompt: str, question: str) -> tuple[Data, Data | None]:
    asked = topic.prompts.get(prompt, {})
    return asked, next((row for row in asked.get("questions", []) if row["key"] == question), None)


def _save(
    request: HttpRequest,
    form: DraftForm,
    save: Callable[[Draft], Answer | Note],
    item: Callable[[Any], parts.Part],
    *,
    back: dict[str, str],
) -> HttpResponse:
    """Save what *form* brings with *save*, and answer with what became of it. *item* makes the box it is written in."""
    if is_somebody_elses(request):
        return _not_saved(
            request,
            403,
            _("Somebody else has signed in on this device since this page was opened, so the text was not saved."),
        )
    if not form.is_valid():
        problem = {"status": "error", "error": _("This page is out of date. Copy your text and reload the page.")}
        return _saved_or_not(request, item(None) | problem, back, status=422)
    try:
        row = save(form.draft())
    except services.TextRefusedError as error:
        problem = {"status": "error", "error": str(error), "version": form.cleaned_data["version"]}
        if audience := form.cleaned_data["audience"]:
            problem["audience"] = audience  # that is stored, whatever became of the text
        return _saved_or_not(request, item(None) | problem, back, status=422)
    except services.StaleTextError as error:
        return _saved_or_not(request, item(error.row) | {"status": "conflict"}, back, status=409)
    if not request.htmx:
        return redirect(f"{back['url']}#{item(row)['field_id']}")
    return _saved_or_not(request, item(row), back, status=200)


def _saved_or_not(request: HttpRequest, item: parts.Part, back: dict[str, str], *, status: int) -> HttpResponse:
    """Answer a script with what became of the save: the text stays in its box. Else with a page that holds the form."""
    context = {"q": item, "just_saved": status == 200, "choice": request.POST.get("choice", "")}
    if request.htmx:
        return render(request, "courses/_writing_state.html", context, status=status)
    item["text"] = request.POST.get("text", "")
    return render(request, "courses/not_saved_yet.html", context | {"back": back}, status=status)


def _not_saved(request: HttpRequest, status: int, reason: str) -> HttpResponse:
    """Give the text back when there is no place to save it to."""
    if request.htmx:
        return HttpResponse(status=status)
    texts = [("text", request.POST.get("text", ""))]
    return render(request, "jmdi/not_saved.html", {"reason": reason, "texts": texts}, status=status)


@require_safe
def answer_earlier(request: HttpRequest, course: str, topic: str, prompt: str, question: str) -> HttpResponse:
    """Show every text that stood or was sent under a question before, each to be read and restored."""
    place = get_place(request, course, topic)
    asked, wording = _find_question(place.topic, prompt, question)
    answer = place.enrolment and wording and place.enrolment.answers.filter(question_id=wording["id"]).first()
    if not answer:
        raise Http404
    return _earlier(request, place, answer, parts.question_item(place.course, place.topic, asked, wording, answer))


@require_safe
def note_earlier(request: HttpRequest, course: str, topic: str) -> HttpResponse:
    """Show every text of my note on a topic that stood there before."""
    place = get_place(request, course, topic)
    note = place.enrolment and place.enrolment.notes.filter(topic_id=place.topic.id).first()
    if not note:
        raise Http404
    return _earlier(request, place, note, parts.note_item(place.course, place.topic, note))


def _earlier(request: HttpRequest, place: Place, row: Answer | Note, item: parts.Part) -> HttpResponse:
    context = {"course": place.course, "topic": place.topic, "q": item, "texts": list(row.earlier_texts.all())}
    return render(request, "courses/earlier.html", context)
