"""One participant as the facilitators of their cohort see them: what they have done, and what they share."""

from dataclasses import dataclass

from cohorts.models import Membership
from cohorts.permissions import Desk, readable_answers
from cohorts.questions import Asked, question_url, questions_by_id
from courses.models import Answer, ObjectiveRating
from courses.progress import Progress, Reader
from courses.published import Data, PublishedSection, PublishedTopic


@dataclass
class QuestionState:
    """Whether a question is answered, and the answer if it is shared with whoever looks."""

    asked: Asked
    is_answered: bool
    shared: Answer | None
    url: str


@dataclass
class SectionState:
    """A section, how far the person is in it, whether it is due, and its questions."""

    section: PublishedSection
    state: str
    is_due: bool
    questions: list[QuestionState]

    @property
    def is_behind(self) -> bool:
        return self.is_due and self.state != "done"


@dataclass
class ObjectiveState:
    """That an objective was rated before and after its topic. How is its author's alone."""

    objective: Data
    before: bool
    after: bool


@dataclass
class TopicState:
    """A topic and how far the person is in it."""

    topic: PublishedTopic
    state: str
    progress: Progress
    sections: list[SectionState]
    objectives: list[ObjectiveState]


def topics_of(desk: Desk, membership: Membership, due: list[PublishedSection]) -> list[TopicState]:
    """Return the course as far as the person of *membership* is in it, in five queries."""
    enrolment = membership.enrolment
    reader = Reader(desk.course, enrolment)
    asked = questions_by_id(desk.course)
    answered = set(enrolment.answers.filter(has_words=True).values_list("question_id", flat=True))
    shared = {answer.question_id: answer for answer in readable_answers(desk).filter(enrolment=enrolment)}
    rated = set(enrolment.objective_ratings.values_list("objective_id", "moment"))
    before, after = ObjectiveRating.Moment.BEFORE.value, ObjectiveRating.Moment.AFTER.value
    return [
        TopicState(
            topic=topic,
            state=reader.topic_state(topic),
            progress=reader.topic_progress(topic),
            sections=[
                SectionState(
                    section=section,
                    state=reader.state(section),
                    is_due=section in due,
                    questions=[
                        QuestionState(
                            asked[id_], id_ in answered, shared.get(id_), question_url(desk.cohort, asked[id_])
                        )
                        for id_ in section.question_ids
                    ],
                )
                for section in topic.sections
            ],
            objectives=[
                ObjectiveState(
                    objective,
                    before=(objective["id"], before) in rated,
                    after=(objective["id"], after) in rated,
                )
                for objective in topic.objectives
            ],
        )
        for topic in desk.course.topics
    ]
