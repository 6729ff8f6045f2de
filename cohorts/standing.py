"""Where participants stand: against the plan of their cohort, and by what they have last done."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.db.models import Count, F, Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cohorts.constants import STALLED_DAYS
from cohorts.models import Cohort, PlanItem
from cohorts.permissions import Desk
from cohorts.querysets import MembershipQuerySet
from courses.published import PublishedCourse, PublishedSection


class Standing(models.TextChoices):
    """What a facilitator looks for. Somebody may stand in two of them."""

    BEHIND = "behind", _("Behind the plan")
    STALLED = "stalled", _("Stalled in a section")
    NOT_STARTED = "not-started", _("Not started")
    FINISHED = "finished", _("Finished")

    @property
    def figure(self) -> str:
        """The name of the number of people who stand like this."""
        return f"in-{self.value}"


# Nothing opened, nothing done, nothing answered. An enrolment is made on joining; whoever has done nothing since has
# not been seen.
NOT_STARTED = Q(enrolment__last_section=None, enrolment__sections_done=0, enrolment__questions_answered=0)
SEEN = models.Case(models.When(NOT_STARTED, then=None), default=F("enrolment__last_active_at"))


@dataclass(frozen=True)
class Measure:
    """What the people of a cohort are measured by today: made once for a page, by `take_measure`."""

    cohort: Cohort
    course: PublishedCourse
    due: list[PublishedSection]
    quiet_since: dt.datetime

    @cached_property
    def people(self) -> MembershipQuerySet:
        """The cohort's participants, with `behind` (sections that are due and not done) and `is_stalled`."""
        return (
            self.cohort.memberships.current()
            .participants()
            .with_standing(
                due=[section.id for section in self.due],
                sections=[section.id for section in self.course.sections],
                quiet_since=self.quiet_since,
            )
        )

    @property
    def has_read_all(self) -> Q:
        """The filter of `people` for who has done every section, whatever is still unanswered."""
        return Q(enrolment__sections_done__gte=max(1, len(self.course.sections)))

    @property
    def figures(self) -> dict[str, Count]:
        """What to count among `people` for how many stand how, under the name of each `Standing.figure`."""
        return {standing.figure: Count("pk", filter=self.condition(standing)) for standing in Standing}

    def condition(self, standing: str) -> Q:
        """Return the filter of `people` for one standing."""
        return {
            Standing.BEHIND: Q(behind__gt=0),
            Standing.STALLED: Q(is_stalled=True),
            Standing.NOT_STARTED: NOT_STARTED,
            Standing.FINISHED: self.has_read_all & Q(enrolment__questions_answered__gte=self.course.questions_total),
        }[Standing(standing)]


def take_measure(desk: Desk) -> Measure:
    """Return what people are measured by now: sections planned for a day before today, where the cohort meets."""
    planned = set(
        desk.cohort.plan.filter(kind=PlanItem.Kind.READING, on__lt=desk.cohort.today).values_list(
            "section_id", flat=True
        )
    )
    return Measure(
        cohort=desk.cohort,
        course=desk.course,
        due=[section for section in desk.course.sections if section.id in planned],
        quiet_since=timezone.now() - dt.timedelta(days=STALLED_DAYS),
    )


# --- Whether anything is new --------------------------------------------------------------------------------

# Every work of a person moves one of these, and so does coming and going.
SIGNS = {
    "people": Count("pk"),
    "latest": Max("enrolment__last_active_at"),
    "sections": Sum("enrolment__sections_done"),
    "questions": Sum("enrolment__questions_answered"),
}
# Words such as “two hours ago” grow old although nothing happens.
_WORDS_LAST = 10 * 60


def fingerprint(desk: Desk, signs: dict[str, object]) -> str:
    """Return a name for what the cohort's people have done so far, from the values of `SIGNS`."""
    moment = int(timezone.now().timestamp()) // _WORDS_LAST
    state = [desk.cohort.course.version, moment, *(str(signs[name]) for name in SIGNS)]
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]


def look_for_news(desk: Desk) -> str:
    """Return the fingerprint of now, in one cheap query."""
    return fingerprint(desk, desk.cohort.memberships.current().participants().aggregate(**SIGNS))
