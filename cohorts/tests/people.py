"""Work of people in a cohort, as tests need it."""

import datetime as dt
import uuid

from accounts.guests import make_guest
from cohorts import services
from cohorts.models import Cohort, Membership
from cohorts.permissions import Desk, desk_of
from conftest import SmallCourse, make_user
from courses import services as courses
from courses.models import Enrolment, Topic


def make_participant(cohort: Cohort, name: str, **fields) -> Membership:
    """Let somebody new learn in *cohort*."""
    membership = services.join(user=make_user(f"{name}@example.org".lower(), name=name), cohort=cohort)
    for field, value in fields.items():
        setattr(membership, field, value)
    membership.save()
    return membership


def people(cohort: Cohort, count: int, *, first: int = 0, **fields) -> list[Membership]:
    """Let *count* people, p0@example.org and so on, learn in *cohort*."""
    return [
        services.join(user=make_user(f"p{n}@example.org", **fields), cohort=cohort) for n in range(first, first + count)
    ]


def facilitators_desk(cohort: Cohort) -> Desk:
    """Return the desk of whoever facilitates *cohort*."""
    return desk_of(cohort.memberships.with_cohort().facilitators().get())


def make_guest_participant(cohort: Cohort, name: str) -> Membership:
    """Let somebody learn in *cohort* with a name alone."""
    return services.join(user=make_guest(name=name, ticket=uuid.uuid4()), cohort=cohort)


def read_section(small: SmallCourse, membership: Membership, place: int, done: bool = True) -> None:
    """Let somebody open the section at *place*, and mark it as done."""
    section = small.sections[place]
    if done:
        courses.mark_section(
            enrolment=membership.enrolment, topic_id=section.topic_id, section_id=section.pk, done=True
        )
    else:
        courses.visit_section(enrolment=membership.enrolment, section_id=section.pk)


def write_answer(small: SmallCourse, membership: Membership, place: int, text: str, audience: str = "") -> None:
    """Let somebody answer the question at *place*."""
    courses.save_answer(
        enrolment=membership.enrolment,
        topic_id=small.topics[0].pk,
        section_id=small.sections[0].pk,
        question_id=small.questions[place].pk,
        revision=1,
        draft=courses.Draft(text=text, version=0),
        audience=audience,
    )


def rate(memberships: list[Membership], topic: Topic, moment: str, levels: list[int]) -> None:
    """Let each of several people rate the one objective of a topic."""
    objective = topic.objectives.get()
    for membership, level in zip(memberships, levels, strict=True):
        courses.rate_objectives(
            enrolment=membership.enrolment, topic_id=topic.pk, moment=moment, levels={objective.pk: level}
        )


def be_quiet_for(membership: Membership, **ago) -> None:
    """Let the last thing that somebody did be so long ago."""
    enrolments = Enrolment.objects.filter(pk=membership.enrolment_id)
    enrolments.update(last_active_at=dt.datetime.now(dt.UTC) - dt.timedelta(**ago))


def plan_reading(small: SmallCourse, cohort: Cohort, place: int, on: dt.date) -> None:
    """Put a section on the plan of *cohort*."""
    cohort.plan.create(kind="reading", section=small.sections[place], on=on)
