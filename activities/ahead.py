"""Which activity a cohort holds next, by its plan."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from accounts.models import User
from activities.live.state import State
from activities.models import Session
from activities.published import PublishedActivity, activities_of
from cohorts.models import Cohort, Membership, PlanItem
from courses.published import read


@dataclass
class Ahead:
    """An activity on the plan that has not been held. `url` leads to its console or to where one is opened."""

    cohort: Cohort
    item: PlanItem
    activity: PublishedActivity
    is_prepared: bool
    url: str


def next_activities(cohorts: Iterable[Cohort], *, besides: int | None = None) -> list[Ahead]:
    """Return, for each of *cohorts* (which come with their course's row), the next activity from today on, if any.

    The activity with the id *besides* is on the way already.
    """
    by_id = {cohort.pk: cohort for cohort in cohorts}
    sessions = Session.objects.filter(cohort=OuterRef("cohort"), activity__key=OuterRef("activity_key"))
    items = PlanItem.objects.filter(cohort__in=by_id, kind=PlanItem.Kind.ACTIVITY).annotate(
        is_held=Exists(sessions.filter(started_at__isnull=False)),
        prepared=Subquery(sessions.filter(started_at=None, ended_at=None).order_by("-pk").values("public_id")[:1]),
    )
    found: dict[int, Ahead] = {}
    for item in items.filter(is_held=False):
        item.cohort = cohort = by_id[item.cohort_id]
        activity = activities_of(read(cohort.course)).activity(item.activity_key)
        if cohort.pk in found or activity is None or activity.id == besides or item.on < cohort.today:
            continue
        way = reverse("session_host", args=[item.prepared]) if item.prepared else _way_to_open(activity, cohort)
        found[cohort.pk] = Ahead(cohort, item, activity, bool(item.prepared), way)
    return list(found.values())


def next_of(state: State) -> Ahead | None:
    """Return what the cohort holds after this session."""
    ahead = next_activities([state.session.cohort], besides=state.activity.id)
    return ahead[0] if ahead else None


def next_for(user: User) -> list[Ahead]:
    """Return the next activity of each cohort that *user* facilitates."""
    seats = Membership.objects.current().facilitators().with_cohort()
    return next_activities(seat.cohort for seat in seats.filter(user=user, cohort__archived_at=None))


def _way_to_open(activity: PublishedActivity, cohort: Cohort) -> str:
    return f"{activity.url}?cohort={cohort.public_id}#hold"
