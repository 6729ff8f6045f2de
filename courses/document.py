"""From content rows to the one document that `courses.published` reads: what publishing stores."""

from typing import Any

from courses.additions import additions
from courses.markdown import compile_body
from courses.models import Course, Topic
from courses.published import Data


def build(course: Course) -> Data:
    """Return what readers of *course* shall see, as plain data: its current rows, compiled bodies and all."""
    return {
        "title": course.title,
        "short_title": course.short_title,
        "language": course.language,
        "summary": course.summary,
        "source": course.source,
        "segments": course.compiled["segments"],
        "credits": compile_body(course.credits, prefix="credits--")["segments"],
        "own_terms": course.compiled["terms"],
        "objectives": _texts(course.objectives.current().filter(topic=None)),
        "modules": dict(course.related_modules.values_list("key", "title")),
        "figures": {
            figure.key: {
                "key": figure.key,
                "title": figure.title,
                "caption": figure.caption,
                "svg": figure.svg,
                "segments": figure.compiled["segments"],
            }
            for figure in course.figures.all()
        },
        "terms": {
            term.key: {
                "key": term.key,
                "term": term.term,
                "html": "".join(segment["html"] for segment in term.compiled["segments"]),
                "terms": term.compiled["terms"],
                "topics": [topic.key for topic in term.topics.all()],
            }
            for term in course.terms.prefetch_related("topics")
        },
        "references": [
            {
                "key": reference.key,
                "authors": reference.authors,
                "year": reference.year,
                "title": reference.title,
                "publisher": reference.publisher,
                "url": reference.url,
                "note": reference.note,
                "topics": [topic.key for topic in reference.topics.all()],
            }
            for reference in course.references.prefetch_related("topics")
        ],
        "topics": [
            _topic(number, topic)
            for number, topic in enumerate(
                course.topics.current().prefetch_related("key_points", "case_studies"), start=1
            )
        ],
        "added": {addition.name: addition.build(course) for addition in additions()},
    }


def _topic(number: int, topic: Topic) -> Data:
    prompts = {prompt.key: _prompt(prompt) for prompt in topic.prompts.current()}
    return {
        "id": topic.pk,
        "key": topic.key,
        "number": number,
        "title": topic.title,
        "short_title": topic.short_title,
        "source": topic.source,
        "segments": topic.compiled["segments"],
        "terms": topic.compiled["terms"],
        "objectives": _texts(topic.objectives.current()),
        "key_points": _texts(topic.key_points.all()),
        "prompts": prompts,
        "case_studies": {
            case.key: {
                "key": case.key,
                "title": case.title,
                "kind": case.kind,
                "place": case.place,
                "period": case.period,
                "partners": case.partners,
                "segments": case.compiled["segments"],
            }
            for case in topic.case_studies.all()
        },
        "sections": [
            _section(f"{number}.{place}", section, topic, prompts)
            for place, section in enumerate(topic.sections.current(), start=1)
        ],
    }


def _section(number: str, section: Any, topic: Topic, prompts: dict[str, Data]) -> Data:
    cases = {case.key: case.compiled for case in topic.case_studies.all()}
    figures = {figure.key: figure.compiled for figure in topic.course.figures.all()}
    words, terms, question_ids = section.compiled["words"], list(section.compiled["terms"]), []
    for segment in section.compiled["segments"]:
        if segment.get("part") == "reflection" and segment["key"] in prompts:
            prompt = prompts[segment["key"]]
            words += prompt["words"]
            terms += prompt["terms"]
            question_ids += [question["id"] for question in prompt["questions"]]
        if segment.get("part") == "case-study" and segment["key"] in cases:
            words += cases[segment["key"]]["words"]
            terms += cases[segment["key"]]["terms"]
        if segment.get("part") == "figure" and segment["key"] in figures:
            terms += figures[segment["key"]]["terms"]
    return {
        "id": section.pk,
        "key": section.key,
        "title": section.title,
        "number": number,
        "words": words,
        "segments": section.compiled["segments"],
        "terms": list(dict.fromkeys(terms)),
        "question_ids": question_ids,
    }


def _prompt(prompt: Any) -> Data:
    return {
        "key": prompt.key,
        "title": prompt.title,
        "for_next_steps": prompt.for_next_steps,
        "segments": prompt.compiled["segments"],
        "words": prompt.compiled["words"],
        "terms": prompt.compiled["terms"],
        "questions": [
            {
                "id": question.pk,
                "key": question.key,
                "text": question.text,
                "hint": question.hint,
                "revision": question.revision,
            }
            for question in prompt.questions.current()
        ],
    }


def _texts(rows: Any) -> list[Data]:
    return [{"id": row.pk, "key": row.key, "text": row.text} for row in rows]
