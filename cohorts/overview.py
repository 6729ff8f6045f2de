"""What the first page of a cohort says: who facilitates, what is on the plan, what is due."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from cohorts.models import Cohort, Membership, PlanItem
from cohorts.permissions import Desk
from courses.progress import DONE, Reader

# How many of the coming points of a plan stand on the first page.
_NEXT_ITEMS = 4


@dataclass
class PlanRow:
    """A point of the plan as somebody reads it. `state` is how far they are with a section, else empty."""

    item: PlanItem
    title: str
    url: str
    state: str
    is_past: bool

    @property
    def is_due(self) -> bool:
        """Whether a section that should have been read by now is not."""
        return self.is_past and self.state not in {"", DONE}

    @property
    def day(self) -> dt.date:
        """The day where the reader is: a time late in the evening may fall on another one there."""
        return timezone.localdate(self.item.starts_at) if self.item.at else self.item.on


def plan_of(desk: Desk) -> list[PlanRow]:
    """Return the cohort's plan for whoever sits at *desk*, in the order of its days."""
    reader = Reader(desk.course, None if desk.is_facilitator else desk.membership.enrolment)
    sections = {section.id: section for section in desk.course.sections}
    activities = {activity.key: activity for activity in desk.course.held}
    today = desk.cohort.today
    rows = []
    for item in desk.cohort.plan.all():
        item.cohort = desk.cohort
        is_past = item.on < today
        if item.kind == PlanItem.Kind.READING:
            section = sections.get(item.section_id)
            if section is None:
                continue  # An editor has taken it out of the course.
            state = "" if desk.is_facilitator else reader.state(section)
            rows.append(PlanRow(item, f"{section.number} {section.title}", section.url, state, is_past))
        elif item.kind == PlanItem.Kind.ACTIVITY:
            activity = activities.get(item.activity_key)
            if activity:
                rows.append(PlanRow(item, f"{activity.number}. {activity.title}", activity.url, "", is_past))
        else:
            rows.append(PlanRow(item, item.title, "", "", is_past))
    return rows


def next_items(desk: Desk, plan: list[PlanRow]) -> list[PlanRow]:
    """Return the next points of the plan from today on."""
    return [row for row in plan if not row.is_past][:_NEXT_ITEMS]


def facilitators_of(cohort: Cohort) -> list[User]:
    """Return who facilitates the cohort now, by name."""
    members = cohort.memberships.current().facilitators().select_related("user")
    return [membership.user for membership in members.order_by("user__name")]


def timely(memberships: Iterable[Membership]) -> list[Membership]:
    """Return memberships in the order of interest: running cohorts, coming ones, past ones, archived ones."""

    def rank(membership: Membership) -> tuple[bool, bool, int]:
        cohort = membership.cohort
        today = cohort.today
        away = max((cohort.starts_on - today).days, 0) or max((today - cohort.ends_on).days, 0)
        return cohort.archived_at is not None, cohort.ends_on < today, away

    return sorted(memberships, key=rank)
