"""How far somebody is: counted on write, read as it stands."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from courses.constants import MINUTES_PER_QUESTION, WORDS_PER_MINUTE
from courses.models import Answer, Course, Enrolment, ObjectiveRating, SectionProgress, TopicProgress
from courses.published import PublishedCourse, PublishedSection, PublishedTopic

NONE, STARTED, DONE = "none", "started", "done"


@dataclass
class Progress:
    """Sections done, questions answered and objectives rated at the end, of how many.

    Rating is left to everybody: it is shown, and counts for nothing else.
    """

    sections_done: int
    sections_total: int
    questions_answered: int
    questions_total: int
    objectives_rated: int
    objectives_total: int
    minutes_left: int

    @property
    def percent(self) -> int:
        """Whole percent of sections and questions together; 100 only when nothing is left."""
        total = self.sections_total + self.questions_total
        return int(100 * (self.sections_done + self.questions_answered) / total) if total else 0

    @property
    def is_started(self) -> bool:
        return bool(self.sections_done or self.questions_answered)

    @property
    def is_read(self) -> bool:
        """Whether every section is done, whatever is still unanswered."""
        return 0 < self.sections_total == self.sections_done

    @property
    def is_done(self) -> bool:
        return self.is_read and self.questions_answered == self.questions_total

    @property
    def state(self) -> str:
        if self.is_done:
            return DONE
        return STARTED if self.is_started else NONE


class Reader:
    """One person's way through one published course, from two queries: their sections and their topic counters.

    Without *enrolment* (somebody who looks in before starting) nothing is started.
    """

    def __init__(self, course: PublishedCourse, enrolment: Enrolment | None) -> None:
        self.course = course
        self.enrolment = enrolment
        rows = enrolment.section_progress.values_list("section_id", "done_at") if enrolment else []
        self._done = {section_id: done_at is not None for section_id, done_at in rows}
        counters = (
            enrolment.topic_progress.values_list("topic_id", "questions_answered", "objectives_rated")
            if enrolment
            else []
        )
        self._counters = {topic_id: (answered, rated) for topic_id, answered, rated in counters}

    def state(self, section: PublishedSection) -> str:
        """Return whether *section* is "none", "started" or "done"."""
        if section.id not in self._done:
            return NONE
        return DONE if self._done[section.id] else STARTED

    def topic_progress(self, topic: PublishedTopic) -> Progress:
        """Return how far the person is in *topic*."""
        return self._progress([topic])

    def progress(self) -> Progress:
        """Return how far the person is in the course."""
        return self._progress(self.course.topics)

    def topic_state(self, topic: PublishedTopic) -> str:
        """Return whether *topic* is "none", "started" or "done"; opening a section starts it."""
        state = self.topic_progress(topic).state
        opened = any(section.id in self._done for section in topic.sections)
        return STARTED if state == NONE and opened else state

    def next_section(self) -> PublishedSection | None:
        """Return where to go on: the section last worked in or, once that is done, the next that is not."""
        sections = self.course.sections
        last = self.enrolment.last_section_id if self.enrolment else None
        start = next((place for place, section in enumerate(sections) if section.id == last), 0)
        return next((section for section in sections[start:] + sections[:start] if self.state(section) != DONE), None)

    def next_url(self) -> str:
        """Return the address to go on at: the next section, or its topic's own page while nothing of that has begun."""
        section = self.next_section()
        if section is None:
            return ""
        topic = self.course.topic(section.topic_key)
        return topic.url if self.topic_state(topic) == NONE else section.url

    def _progress(self, topics: list[PublishedTopic]) -> Progress:
        sections = [section for topic in topics for section in topic.sections]
        questions = sum(topic.questions_total for topic in topics)
        answered = sum(min(self._counters.get(topic.id, (0, 0))[0], topic.questions_total) for topic in topics)
        rated = sum(min(self._counters.get(topic.id, (0, 0))[1], len(topic.objectives)) for topic in topics)
        unread = sum(section.words for section in sections if self.state(section) != DONE)
        left = unread / WORDS_PER_MINUTE + (questions - answered) * MINUTES_PER_QUESTION
        return Progress(
            sections_done=sum(self.state(section) == DONE for section in sections),
            sections_total=len(sections),
            questions_answered=answered,
            questions_total=questions,
            objectives_rated=rated,
            objectives_total=sum(len(topic.objectives) for topic in topics),
            minutes_left=round(left),
        )


def recount(enrolment: Enrolment, topic_id: int) -> None:
    """Write the counters of one topic and of the whole enrolment anew, and save the enrolment.

    Call it with the enrolment's row locked, in the transaction of the work it counts.
    """
    sections = SectionProgress.objects.filter(
        enrolment=enrolment, section__topic_id=topic_id, section__archived_at=None, done_at__isnull=False
    )
    answers = Answer.objects.filter(
        enrolment=enrolment,
        question__prompt__topic_id=topic_id,
        question__archived_at=None,
        question__prompt__archived_at=None,
        text__regex=r"\S",
    )
    ratings = ObjectiveRating.objects.filter(
        enrolment=enrolment,
        objective__topic_id=topic_id,
        objective__archived_at=None,
        moment=ObjectiveRating.Moment.AFTER,
    )
    TopicProgress.objects.update_or_create(
        enrolment=enrolment,
        topic_id=topic_id,
        defaults={
            "sections_done": sections.count(),
            "questions_answered": answers.count(),
            "objectives_rated": ratings.count(),
        },
    )
    totals = enrolment.topic_progress.filter(topic__archived_at=None).aggregate(
        sections=Sum("sections_done"), questions=Sum("questions_answered"), objectives=Sum("objectives_rated")
    )
    enrolment.sections_done = totals["sections"]
    enrolment.questions_answered = totals["questions"]
    enrolment.objectives_rated = totals["objectives"]
    enrolment.last_active_at = timezone.now()
    enrolment.save(
        update_fields=["last_section", "sections_done", "questions_answered", "objectives_rated", "last_active_at"]
    )


def recount_everybody(course: Course) -> None:
    """Write all counters of a course anew, in two statements: editing may have archived what was counted.

    The enrolments are locked first, like by those who count their own work: nobody waits in a circle, and what
    they were just saving is counted.
    """
    list(course.enrolments.order_by("pk").select_for_update().values_list("pk"))
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT_TOPICS, [course.pk])
        cursor.execute(_RECOUNT_ENROLMENTS, [course.pk])


_RECOUNT_TOPICS = r"""
UPDATE courses_topicprogress progress SET
    sections_done = (
        SELECT count(*) FROM courses_sectionprogress done
        JOIN courses_section section ON section.id = done.section_id
        WHERE done.enrolment_id = progress.enrolment_id AND section.topic_id = progress.topic_id
          AND done.done_at IS NOT NULL AND section.archived_at IS NULL),
    questions_answered = (
        SELECT count(*) FROM courses_answer answer
        JOIN courses_question question ON question.id = answer.question_id
        JOIN courses_reflectionprompt prompt ON prompt.id = question.prompt_id
        WHERE answer.enrolment_id = progress.enrolment_id AND prompt.topic_id = progress.topic_id
          AND answer.text ~ '\S' AND question.archived_at IS NULL AND prompt.archived_at IS NULL),
    objectives_rated = (
        SELECT count(*) FROM courses_objectiverating rating
        JOIN courses_learningobjective objective ON objective.id = rating.objective_id
        WHERE rating.enrolment_id = progress.enrolment_id AND objective.topic_id = progress.topic_id
          AND rating.moment = 'after' AND objective.archived_at IS NULL)
FROM courses_topic topic
WHERE topic.id = progress.topic_id AND topic.course_id = %s
"""

_RECOUNT_ENROLMENTS = """
UPDATE courses_enrolment enrolment SET
    sections_done = coalesce(total.sections, 0),
    questions_answered = coalesce(total.questions, 0),
    objectives_rated = coalesce(total.objectives, 0)
FROM (
    SELECT enrolment.id, sum(progress.sections_done) AS sections, sum(progress.questions_answered) AS questions,
        sum(progress.objectives_rated) AS objectives
    FROM courses_enrolment enrolment
    LEFT JOIN courses_topicprogress progress ON progress.enrolment_id = enrolment.id
        AND progress.topic_id IN (SELECT id FROM courses_topic WHERE archived_at IS NULL)
    WHERE enrolment.course_id = %s
    GROUP BY enrolment.id
) total
WHERE total.id = enrolment.id
"""
