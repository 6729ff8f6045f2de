"""What people say of themselves, and promise themselves."""

import datetime as dt

from django.db import transaction

from courses.constants import NEXT_STEPS_OPEN_MAX
from courses.models import Enrolment, LearningObjective, NextStep, ObjectiveRating
from courses.progress import recount


class RatingRefusedError(ValueError):
    """A rating of something that is no objective of the topic (any more), or with a level that does not exist."""


class TooManyNextStepsError(Exception):
    """The list of open steps is full."""


@transaction.atomic
def rate_objectives(*, enrolment: Enrolment, topic_id: int, moment: str, levels: dict[int, int | None]) -> None:
    """Store how well the person can do what a topic's objectives ask, and keep the counters in step.

    *levels* are by objective id; None takes a rating back, and an objective that is not named keeps its own. Raises
    RatingRefusedError and stores nothing when any of it makes no sense.
    """
    if moment not in ObjectiveRating.Moment.values or not {*levels.values()} <= {None, *ObjectiveRating.Level.values}:
        raise RatingRefusedError
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    known = LearningObjective.objects.current().filter(
        pk__in=levels, topic_id=topic_id, topic__archived_at=None, course_id=enrolment.course_id
    )
    if known.count() != len(levels):
        raise RatingRefusedError
    ratings = enrolment.objective_ratings.filter(moment=moment, objective_id__in=levels)
    stored = dict(ratings.values_list("objective_id", "level"))
    changed = {id_: level for id_, level in levels.items() if level != stored.get(id_)}
    if not changed:
        return
    ratings.filter(objective_id__in=[id_ for id_, level in changed.items() if level is None]).delete()
    for id_, level in changed.items():
        if level is not None:
            ObjectiveRating.objects.update_or_create(
                enrolment=enrolment, objective_id=id_, moment=moment, defaults={"level": level}
            )
    recount(enrolment, topic_id)


@transaction.atomic
def add_next_step(*, enrolment: Enrolment, text: str, due_on: dt.date) -> NextStep:
    """Put a promise on the person's list; the same once more (a double click) is the same step.

    Raises TooManyNextStepsError when the list is full.
    """
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    steps = enrolment.next_steps.filter(done_at=None)
    step = steps.filter(text=text, due_on=due_on).first()
    if step is None:
        if steps.count() >= NEXT_STEPS_OPEN_MAX:
            raise TooManyNextStepsError
        step = enrolment.next_steps.create(text=text, due_on=due_on)
    return step
