"""The cells of the progress table. A page has thousands of them and few kinds: each kind is rendered once."""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from courses.progress import DONE, NONE, STARTED
from courses.published import PublishedCourse, PublishedTopic


@dataclass
class Work:
    """What one person has opened, done and answered."""

    opened: set[int]
    done: set[int]
    answered_by_topic: dict[int, int]
    answered: set[int]


class Cells:
    """Makes the cells of a row: the whole course, then each topic, followed by its sections where it is open."""

    def __init__(self, course: PublishedCourse, open_topics: list[PublishedTopic]) -> None:
        self._course = course
        self._language = get_language()
        self._topics = [
            (
                topic,
                {section.id for section in topic.sections},
                [(section.id, set(section.question_ids)) for section in topic.sections] if topic in open_topics else [],
            )
            for topic in course.topics
        ]

    def row(self, work: Work) -> SafeString:
        """Return the cells of somebody's row."""
        cells, done_in_all, answered_in_all = [], 0, 0
        for topic, ids, open_sections in self._topics:
            done = len(work.done & ids)
            answered = min(work.answered_by_topic.get(topic.id, 0), topic.questions_total)
            done_in_all += done
            answered_in_all += answered
            is_started = bool(done or answered or work.opened & ids)
            cells.append(self._of_topics("", is_started, done, len(ids), answered, topic.questions_total))
            for section_id, questions in open_sections:
                state = DONE if section_id in work.done else STARTED if section_id in work.opened else NONE
                cells.append(
                    _cell(self._language, "x", state, None, None, len(work.answered & questions), len(questions))
                )
        course = self._of_topics(
            "w",
            bool(work.opened or answered_in_all),
            done_in_all,
            len(self._course.sections),
            answered_in_all,
            self._course.questions_total,
        )
        return mark_safe("".join([course, *cells]))  # noqa: S308  each is rendered from a template

    def _of_topics(self, kind: str, is_started: bool, done: int, sections: int, answered: int, questions: int) -> str:
        is_done = 0 < sections == done and answered == questions
        state = DONE if is_done else STARTED if is_started else NONE
        return _cell(self._language, kind, state, done, sections, answered, questions)


@lru_cache(maxsize=10_000)
def _cell(
    language: str, kind: str, state: str, done: int | None, sections: int | None, answered: int, questions: int
) -> str:
    """Return a cell in *language*, which is the current one; the kinds are explained in its template."""
    return render_to_string(
        "cohorts/_cell.html",
        {
            "kind": kind,
            "state": state,
            "done": done,
            "sections": sections,
            "answered": answered,
            "questions": questions,
        },
    ).strip()
