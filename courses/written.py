"""Everything one person wrote, in the order of the course."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Answer, Enrolment, Note
from courses.published import Data, PublishedCourse, PublishedTopic, read


def written_by(user: User) -> list[dict[str, Any]]:
    """Return the courses of *user*, each with the topics, prompts and questions that have an answer of theirs.

    Answers whose question has left the course follow last, with the wording that was stored: nothing is hidden.
    """
    enrolments = (
        user.enrolments.select_related("course")
        .defer("course__body", "course__compiled", "course__credits", "course__published")
        .order_by("course__title")
    )
    return [_course(enrolment) for enrolment in enrolments]


def _course(enrolment: Enrolment) -> dict[str, Any]:
    course = read(enrolment.course)
    answers = {
        answer.question_id: answer
        for answer in enrolment.answers.filter(text__regex=r"\S").select_related("question__prompt__topic")
    }
    notes = {note.topic_id: note for note in enrolment.notes.filter(text__regex=r"\S").select_related("topic")}
    topics = [_topic(course, topic, answers, notes.pop(topic.id, None)) for topic in course.topics]
    return {
        "course": course,
        "topics": [topic for topic in topics if topic["prompts"] or topic["note"]],
        "earlier_notes": list(notes.values()),
        "earlier": [answer for id_, answer in answers.items() if id_ not in course.places],
        "answered": len(answers),
        "total": course.questions_total,
        "first_section": next((section for section in course.sections if section.question_ids), None),
    }


def _topic(
    course: PublishedCourse, topic: PublishedTopic, answers: dict[int, Answer], note: Note | None
) -> dict[str, Any]:
    prompts = []
    for prompt in topic.prompts.values():
        questions = [_question(prompt, question, answers.get(question["id"])) for question in prompt["questions"]]
        questions = [question for question in questions if question["answer"]]
        if questions and questions[0]["question"]["id"] in course.places:
            _topic_here, section = course.places[questions[0]["question"]["id"]]
            prompts.append({"prompt": prompt, "section_url": section.url, "questions": questions})
    return {"topic": topic, "prompts": prompts, "note": note}


def _question(prompt: Data, question: Data, answer: Answer | None) -> dict[str, Any]:
    return {
        "question": question,
        "answer": answer,
        "field_id": f"answer-{prompt['key']}-{question['key']}",
        "is_earlier_wording": answer is not None and answer.question_revision != question["revision"],
    }


def as_markdown(courses: list[dict[str, Any]]) -> str:
    """Return what `written_by` gave as a Markdown document; every text stands in it as it was typed."""
    lines = [f"# {_('My answers')}", ""]
    for course in courses:
        lines += [f"## {course['course'].title}", ""]
        for topic in course["topics"]:
            lines += [f"### {topic['topic'].number}. {topic['topic'].title}", ""]
            for prompt in topic["prompts"]:
                lines += [f"#### {prompt['prompt']['title']}", ""]
                for question in prompt["questions"]:
                    lines += _lines(question["question"]["text"], question["answer"])
            if topic["note"]:
                lines += _lines(_("Notes to myself"), topic["note"])
        for answer in course["earlier"]:
            lines += _lines(answer.question.text, answer)
        for note in course["earlier_notes"]:
            lines += _lines(note.topic.title, note)
    return "\n".join(lines)


def _lines(title: str, row: Answer | Note) -> list[str]:
    saved = date_format(localtime(row.updated_at), "DATETIME_FORMAT")
    return [f"**{title}**", "", row.text, "", f"*{_('Saved')} {saved}*", ""]


def count_words(enrolment: Enrolment) -> int:
    """Return how many words somebody has written in a course, notes to themselves included."""
    texts = enrolment.answers.values_list("text").union(enrolment.notes.values_list("text"), all=True)
    return sum(len(text.split()) for (text,) in texts)
