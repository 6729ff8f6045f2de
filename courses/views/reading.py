"""Pages to read: a course, its topics and sections."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import parts, services
from courses.forms import RatingForm
from courses.models import Answer, Course, Note, Section, Topic
from courses.permissions import Place, edit_url, get_place
from courses.progress import Reader
from courses.published import PublishedCourse, PublishedSection, PublishedTopic
from courses.ratings import Moment, Ratings


@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """Show what the course is about, its topics and how far I am."""
    return show_course(request, get_place(request, course))


def show_course(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer with the page of the course at *place*."""
    reader = Reader(place.course, place.enrolment)
    return render(
        request,
        "courses/course.html",
        {
            "course": place.course,
            "edit_url": edit_url(request.user, Course, place.course.id),
            "body": parts.body(place.course.segments, place.course),
            "credits": parts.body(place.course.credits, place.course),
            "progress": reader.progress(),
            "is_enrolled": place.enrolment is not None,
            "next_section": reader.next_section(),
            "next_url": reader.next_url(),
            "topics": _topics(reader),
            "terms": place.course.glossary(place.course.own_terms),
        },
    )


@require_POST
def start(request: HttpRequest, course: str) -> HttpResponse:
    """Take part in the course, and go to where it begins."""
    place = get_place(request, course)
    enrolment = services.enrol(user=request.user, course=place.row)
    reader = Reader(place.course, enrolment)
    return redirect(reader.next_url() or place.course)


@require_safe
def topic(request: HttpRequest, course: str, topic: str) -> HttpResponse:
    """Show a topic: its objectives, its sections and how far I am, its key points and references."""
    return show_topic(request, get_place(request, course, topic))


def show_topic(
    request: HttpRequest, place: Place, refused: RatingForm | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with the page of the topic at *place*; *refused* are ratings that could not be saved, to be sent again."""
    reader = Reader(place.course, place.enrolment)
    topics = place.course.topics
    here = topics.index(place.topic)
    return render(
        request,
        "courses/topic.html",
        {
            "course": place.course,
            "topic": place.topic,
            "edit_url": edit_url(request.user, Topic, place.topic.id),
            "topics": _topics(reader),
            "body": parts.body(place.topic.segments, place.course, place.topic),
            "sections": [
                {
                    "section": section,
                    "state": reader.state(section),
                    "held": place.course.held_after(place.topic.key, section.key),
                }
                for section in place.topic.sections
            ],
            "held": place.course.held_after(place.topic.key),
            "progress": reader.topic_progress(place.topic),
            "is_enrolled": place.enrolment is not None,
            "next_section": _next_in(place.topic, reader),
            "previous_topic": topics[here - 1] if here else None,
            "next_topic": topics[here + 1] if here + 1 < len(topics) else None,
            "objectives": _objectives(place, reader, refused),
            "terms": place.course.glossary(place.topic.terms),
            "note": parts.note_item(place.course, place.topic, _note(place)),
        },
        status=status,
    )


def _objectives(place: Place, reader: Reader, refused: RatingForm | None) -> dict[str, Any]:
    """Return what was said of the topic's objectives, and the forms to say it: at the start, and at the end."""
    ratings = Ratings(place.course, place.enrolment, place.topic)
    forms = {moment: RatingForm(place.topic, moment, ratings.levels(moment)) for moment in Moment.values}
    if refused:
        forms[refused.data["moment"]] = refused
    said = ratings.of(place.topic)
    progress = reader.topic_progress(place.topic)
    is_end = progress.is_read or said["has_now"]
    return {
        **said,
        "is_start": not progress.is_started and not is_end,
        "is_end": is_end,
        "then_form": forms[Moment.BEFORE],
        "now_form": forms[Moment.AFTER],
    }


def end_url(reader: Reader, topic: PublishedTopic, section: PublishedSection) -> str:
    """Return where a topic ends, for its last section: with the key points, and with what one can do now if unsaid."""
    progress = reader.topic_progress(topic)
    if section is not topic.sections[-1] or not progress.is_read:
        return ""
    return f"{topic.url}#key-points-title" if topic.key_points else f"{topic.url}#now"


@require_safe
def section(request: HttpRequest, course: str, topic: str, section: str) -> HttpResponse:
    """Show one section to read, with its questions and what I wrote."""
    return show_section(request, get_place(request, course, topic, section))


def show_section(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer with the page of the section at *place*."""
    reader = Reader(place.course, place.enrolment)
    sections = place.course.sections
    here = sections.index(place.section)
    return render(
        request,
        "courses/section.html",
        {
            "course": place.course,
            "topic": place.topic,
            "section": place.section,
            "edit_url": edit_url(request.user, Section, place.section.id),
            "body": parts.body(place.section.segments, place.course, place.topic, _answers(place)),
            "terms": place.course.glossary(place.section.terms),
            "held": _held_after(place.course, place.section),
            "state": reader.state(place.section),
            "progress": reader.topic_progress(place.topic),
            "is_enrolled": place.enrolment is not None,
            "outline": outline(reader, place.topic, place.section),
            "previous": neighbour(place, here - 1),
            "next": neighbour(place, here + 1),
            "end_url": end_url(reader, place.topic, place.section),
        },
    )


def _held_after(course: PublishedCourse, section: PublishedSection) -> list[Any]:
    """Return the activities that are held after *section*; after a topic's last one, those at its end, too."""
    topic = course.topic(section.topic_key)
    held = course.held_after(topic.key, section.key)
    return [*held, *course.held_after(topic.key)] if section is topic.sections[-1] else held


def _answers(place: Place) -> dict[int, Answer]:
    """Return what the reader wrote under the section's questions, by question id."""
    if place.enrolment is None or not place.section.question_ids:
        return {}
    answers = place.enrolment.answers.filter(question_id__in=place.section.question_ids)
    return {answer.question_id: answer for answer in answers}


def _note(place: Place) -> Note | None:
    return place.enrolment.notes.filter(topic_id=place.topic.id).first() if place.enrolment else None


def _topics(reader: Reader) -> list[dict]:
    return [
        {"topic": topic, "progress": reader.topic_progress(topic), "state": reader.topic_state(topic)}
        for topic in reader.course.topics
    ]


def outline(reader: Reader, topic_here: PublishedTopic, section_here: PublishedSection) -> list[dict]:
    """Return all topics with their sections, what is done of them and which one is here."""
    return [
        {
            "topic": topic,
            "state": reader.topic_state(topic),
            "is_current": topic is topic_here,
            "sections": [
                {"section": section, "state": reader.state(section), "is_current": section is section_here}
                for section in topic.sections
            ],
        }
        for topic in reader.course.topics
    ]


def _next_in(topic: PublishedTopic, reader: Reader) -> PublishedSection | None:
    return next((section for section in topic.sections if reader.state(section) != "done"), None)


def neighbour(place: Place, index: int) -> dict | None:
    """Return the section before or after this one; where the topic changes, the way on leads to its own page."""
    if not 0 <= index < len(place.course.sections):
        return None
    section = place.course.sections[index]
    topic = place.course.topic(section.topic_key)
    label = _("Topic %(number)s") % {"number": topic.number}
    if topic is place.topic:
        return {"title": section.title, "url": section.url, "label": section.number}
    if topic.number > place.topic.number:
        # A topic begins with its own page: what it is about, and what one can do already.
        return {"title": topic.title, "url": topic.url, "label": label}
    return {"title": section.title, "url": section.url, "label": f"{label} · {section.number}"}
