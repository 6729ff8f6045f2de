"""What a cohort's report says of activities: which were held, when, and with how many."""

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from activities.published import activities_of
from cohorts.models import Membership
from cohorts.permissions import Desk
from cohorts.report import Cell, Table


def held(desk: Desk) -> list[Table]:
    """Return one table of the sessions that have begun, in their order; none when nothing was held live."""
    took_part = Count("attendances", filter=Q(attendances__membership__role=Membership.Role.PARTICIPANT))
    sessions = desk.cohort.sessions.filter(started_at__isnull=False).annotate(people=took_part).order_by("started_at")
    titles = {row.id: f"{row.number}. {row.title}" for row in activities_of(desk.course).activities}
    rows: list[list[Cell]] = [
        [
            titles[session.activity_id],
            date_format(localtime(session.started_at, desk.cohort.zone), "DATE_FORMAT"),
            session.people,
            int((session.ended_at - session.started_at).total_seconds() // 60) if session.ended_at else None,
        ]
        for session in sessions
        if session.activity_id in titles
    ]
    if not rows:
        return []
    return [
        Table(
            sheet=_("Activities"),
            title=_("Activities held live"),
            columns=[_("Activity"), _("Day"), _("Participants"), _("Minutes")],
            rows=rows,
            note=_("Minutes are from the beginning to the end; a session that goes on has none yet."),
        )
    ]
