"""A whole topic on one page, for paper."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses import parts
from courses.forms import PrintForm
from courses.models import Answer
from courses.permissions import Place, get_place
from courses.takehome import made_on


@require_safe
def topic_print(request: HttpRequest, course: str, topic: str) -> HttpResponse:
    """Show everything of a topic, with lines to write on or, if asked for, with what I wrote."""
    place = get_place(request, course, topic)
    form = PrintForm(request.GET)
    with_answers = form.is_valid() and form.cleaned_data["answers"]
    answers = _answers(place) if with_answers else {}
    printed = place.topic.printed
    shown: set[tuple[str, str]] = set()
    body = parts.body(printed.segments, place.course, printed)
    sections = [
        {"section": section, "body": parts.body(section.segments, place.course, printed, answers)}
        for section in printed.sections
    ]
    return render(
        request,
        "courses/topic_print.html",
        {
            "course": place.course,
            "topic": printed,
            "form": form,
            "with_answers": with_answers,
            "made_on": made_on(),
            "body": list(_once(body, shown)),
            "sections": [{**row, "body": list(_once(row["body"], shown))} for row in sections],
            "terms": place.course.glossary([*printed.terms, *_terms(place)]),
        },
    )


def _answers(place: Place) -> dict[int, Answer]:
    """Return what the reader wrote under the topic's questions, by question id."""
    if place.enrolment is None:
        return {}
    asked = [id_ for section in place.topic.sections for id_ in section.question_ids]
    return {answer.question_id: answer for answer in place.enrolment.answers.filter(question_id__in=asked)}


def _terms(place: Place) -> list[str]:
    return [key for section in place.topic.sections for key in section.terms]


def _once(found: list[parts.Part], shown: set[tuple[str, str]]) -> Iterator[parts.Part]:
    """Yield the parts; one that an earlier section holds is only named, as its ids may stand on a page only once."""
    for part in found:
        item = part.get("figure") or part.get("case") or part.get("prompt")
        name = (part["kind"], item["key"]) if item else None
        if name in shown:
            yield {"kind": "again", "title": item["title"]}
        else:
            yield part
        if name:
            shown.add(name)
