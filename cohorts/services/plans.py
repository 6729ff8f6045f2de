"""Plans of cohorts, and new runs of them."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from cohorts.models import Cohort, PlanItem
from cohorts.services.members import make_cohort
from courses.published import PublishedCourse

_COPIED = [
    "course_id",
    "mode",
    "place",
    "languages",
    "time_zone",
    "members_see",
    "has_peer_answers",
    "allows_guests",
]


@transaction.atomic
def copy_cohort(*, cohort: Cohort, facilitator: User, name: str, starts_on: dt.date) -> Cohort:
    """Make a new run of *cohort* from *starts_on* on: its settings and its plan, nobody of its people."""
    shift = starts_on - cohort.starts_on
    copy = make_cohort(
        facilitator=facilitator,
        name=name,
        starts_on=starts_on,
        ends_on=cohort.ends_on + shift,
        **{field: getattr(cohort, field) for field in _COPIED},
    )
    PlanItem.objects.bulk_create(
        PlanItem(
            cohort=copy,
            kind=item.kind,
            on=item.on + shift,
            at=item.at,
            minutes=item.minutes,
            section_id=item.section_id,
            activity_key=item.activity_key,
            title=item.title,
        )
        for item in cohort.plan.all()
    )
    return copy


@transaction.atomic
def propose_plan(*, cohort: Cohort, course: PublishedCourse) -> int:
    """Put the sections and activities that are not on the plan yet there, spread over the cohort's days.

    They keep the order of the course; each day takes its share of the minutes of reading, and an activity stands on
    the day of the reading that it follows. Returns how many points were put there.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    planned = set(cohort.plan.exclude(section=None).values_list("section_id", flat=True))
    held = set(cohort.plan.exclude(activity_key="").values_list("activity_key", flat=True))
    days = (cohort.ends_on - cohort.starts_on).days + 1
    total = sum(section.minutes for section in course.sections) or 1
    read, day, items = 0, 0, []
    for held_here, section in course.in_order():
        if section:
            # The middle of a section decides its day, so that neither the first nor the last day is left over.
            day = min(int((read + section.minutes / 2) * days / total), days - 1)
            read += section.minutes
        on = cohort.starts_on + dt.timedelta(days=day)
        if section and section.id not in planned:
            items.append(PlanItem(cohort=cohort, kind=PlanItem.Kind.READING, on=on, section_id=section.id))
        if held_here and held_here.key not in held:
            items.append(PlanItem(cohort=cohort, kind=PlanItem.Kind.ACTIVITY, on=on, activity_key=held_here.key))
    PlanItem.objects.bulk_create(items)
    return len(items)
