"""What somebody's groups have worked out, for when they plan their own next steps."""

from dataclasses import dataclass

from accounts.models import User
from activities import tools
from activities.models import SessionPhase
from activities.published import RECALLED, PublishedActivity, activities_of
from activities.tools.base import Carried
from courses.published import PublishedCourse


@dataclass
class Recalled:
    """What one phase of a session has left."""

    run: SessionPhase
    activity: PublishedActivity
    carried: list[Carried]


def recalled_for(user: User, course: PublishedCourse) -> list[Recalled]:
    """Return what sessions of the cohorts in which *user* is now have left, in the order in which they were held."""
    runs = (
        SessionPhase.objects.filter(
            session__cohort__memberships__user=user,
            session__cohort__memberships__left_at=None,
            session__activity__course=course.id,
            phase__tool__in=RECALLED,
            started_at__isnull=False,
        )
        .select_related("session__cohort", "phase")
        .order_by("session__started_at", "session", "position")
    )
    activities = {row.id: row for row in activities_of(course).activities}
    found = []
    for run in runs:
        tool, activity = tools.tool_named(run.phase.tool), activities.get(run.session.activity_id)
        if tool and activity and (carried := tool.carries(run)):
            found.append(Recalled(run, activity, carried))
    return found
