"""A cohort that shares answers, for tests."""

from django.urls import reverse

from cohorts import services
from conftest import SmallCourse, make_user
from courses.models import Answer, Audience
from courses.services import Draft, save_answer

QUESTION = ("challenges", "context", "question-1")


def share(enrolment, small: SmallCourse, text: str, audience: str = Audience.COHORT, place: int = 0) -> Answer:
    """Let somebody write *text* under a question and share it."""
    question = small.questions[place]
    old = enrolment.answers.filter(question=question).first()
    return save_answer(
        enrolment=enrolment,
        topic_id=small.topics[0].pk,
        section_id=small.sections[0].pk,
        question_id=question.pk,
        revision=question.revision,
        draft=Draft(text=text, version=old.version if old else 0),
        audience=audience,
    )


def make_sharers(cohort, small: SmallCourse, count: int, audience: str = Audience.COHORT) -> list:
    """Make *count* people who take part and share an answer to the first question; return their memberships."""
    start = cohort.memberships.count()
    found = []
    for number in range(start, start + count):
        membership = services.join(user=make_user(f"person{number}@example.org"), cohort=cohort)
        share(membership.enrolment, small, f"Words of person {number}.", audience)
        found.append(membership)
    return found


def url(name: str, cohort, *arguments) -> str:
    return reverse(name, args=[cohort.public_id, *arguments])


def pick(client, cohort, membership, action: str, version: int | None = None):
    """Do something with a member's answer to the first question."""
    answer = Answer.objects.filter(enrolment=membership.enrolment_id, question__key="question-1").first()
    version = version if version is not None else answer.version
    return client.post(
        url("cohort_pick", cohort, *QUESTION, membership.public_id), {"action": action, "version": version}
    )


def reply(client, cohort, membership, text: str, audience: str = "author"):
    """Reply to a member's answer to the first question."""
    return client.post(
        url("cohort_reply", cohort, *QUESTION, membership.public_id), {"text": text, "audience": audience}
    )
