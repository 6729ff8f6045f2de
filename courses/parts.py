"""Putting a page together: compiled segments become parts that `courses/_body.html` shows in order."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Answer, Audience, Note
from courses.published import Data, PublishedCourse, PublishedTopic

Part = dict[str, Any]


def body(
    segments: list[Data],
    course: PublishedCourse,
    topic: PublishedTopic | None = None,
    answers: dict[int, Answer] | None = None,
) -> list[Part]:
    """Return the parts of a body.

    *answers* are the reader's, by question id. What a segment names but the course no longer has is left out.
    """
    parts = (_part(segment, course, topic, answers or {}) for segment in segments)
    return [part for part in parts if part]


def _part(
    segment: Data, course: PublishedCourse, topic: PublishedTopic | None, answers: dict[int, Answer]
) -> Part | None:
    key = segment.get("key", "")
    match segment.get("part"):
        case None:
            return {"kind": "html", "html": segment["html"]}
        case "see-also":
            targets = [_target(target, course) for target in segment["targets"]]
            return {
                "kind": "see-also",
                "html": segment["html"],
                "targets": [found for found in targets if found],
            }
        case "figure" if key in course.figures:
            figure = course.figures[key]
            return {"kind": "figure", "figure": {**figure, "body": body(figure["segments"], course)}}
        case "case-study" if topic and key in topic.case_studies:
            case = topic.case_studies[key]
            return {"kind": "case-study", "case": {**case, "body": body(case["segments"], course, topic)}}
        case "reflection" if topic and key in topic.prompts:
            prompt = topic.prompts[key]
            return {
                "kind": "reflection",
                "prompt": {**prompt, "body": body(prompt["segments"], course, topic)},
                "questions": [
                    question_item(course, topic, prompt, question, answers.get(question["id"]))
                    for question in prompt["questions"]
                ],
            }
        case _:
            return None


def question_item(
    course: PublishedCourse, topic: PublishedTopic, prompt: Data, question: Data, answer: Answer | None
) -> Part:
    """Return what `courses/_writing.html` needs for one question; *answer* is what its reader wrote so far."""
    keys = [course.key, topic.key, prompt["key"], question["key"]]
    return {
        **_box(answer),
        "keys": {"topic": topic.key, "prompt": prompt["key"], "question": question["key"]},
        "label": question["text"],
        "hint": question["hint"],
        "audiences": Audience.choices,
        "audience": answer.audience if answer else Audience.PRIVATE,
        "is_earlier_wording": bool(answer and answer.version and answer.question_revision != question["revision"]),
        "field_id": f"answer-{prompt['key']}-{question['key']}",
        "save_url": reverse("answer_save", args=keys),
        "earlier_url": reverse("answer_earlier", args=keys),
    }


def note_item(course: PublishedCourse, topic: PublishedTopic, note: Note | None) -> Part:
    """Return what `courses/_writing.html` needs for the reader's note on a topic."""
    keys = [course.key, topic.key]
    return {
        **_box(note),
        "label": _("Notes to myself"),
        "hint": _("About this topic as a whole. Nobody else can ever read them."),
        "field_id": f"note-{topic.key}",
        "save_url": reverse("note_save", args=keys),
        "earlier_url": reverse("note_earlier", args=keys),
    }


def _box(row: Answer | Note | None) -> Part:
    return {
        "row": row,
        "text": row.text if row else "",
        "version": row.version if row else 0,
        "status": "saved" if row and row.version else "empty",
        "error": "",
    }


def _target(target: str, course: PublishedCourse) -> Part | None:
    """Return title and address of what a cross-reference leads to; without address when it is another module."""
    first, _slash, rest = target.partition("/")
    if first in course.modules:
        title = course.modules[first]
        if rest:
            title = _("%(module)s, topic %(number)s") % {
                "module": title,
                "number": rest.removeprefix("topic-"),
            }
        return {"title": title, "url": None, "note": _("not part of this course")}
    topic_key, _slash, section_key = rest.partition("/")
    topic = course.topic(topic_key)
    if topic is None:
        return None
    section = topic.section(section_key) if section_key else None
    title = _("Topic %(number)s: %(title)s") % {"number": topic.number, "title": topic.short_title}
    return {
        "title": f"{title} · {section.title}" if section else title,
        "url": (section or topic).url,
        "note": "",
    }
