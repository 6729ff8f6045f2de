"""Taking a proposed agenda over into the plan of a cohort."""

from django.db import transaction

from activities.proposal import Wish, proposal_for
from cohorts.models import Cohort, PlanItem
from courses.published import PublishedCourse


class PlanChangedError(Exception):
    """The plan is not as it was when the agenda was proposed, so the agenda would be another one."""


@transaction.atomic
def take_over(*, cohort: Cohort, course: PublishedCourse, wish: Wish, stamp: str) -> int:
    """Put the agenda that was seen, known by its *stamp*, on the plan of *cohort*; return how many points it has.

    What is on the plan already is moved only where *wish* says so. Raises PlanChangedError when somebody has changed
    the plan meanwhile; doing it twice is harmless: then nothing is left to be put there.
    """
    locked = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    proposal = proposal_for(locked, course, wish)
    if proposal.points and proposal.stamp != stamp:
        raise PlanChangedError
    PlanItem.objects.bulk_create(point for point in proposal.points if point.pk is None)
    PlanItem.objects.bulk_update([point for point in proposal.points if point.pk], ["on", "at", "minutes"])
    return len(proposal.points)
