"""What a cohort's report says of activities: which were held, when, with how many, and what they came to in figures."""

from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from activities import tools
from activities.live.state import state_of
from activities.models import Session
from activities.published import activities_of
from cohorts.constants import SMALL_NUMBER
from cohorts.models import Membership
from cohorts.permissions import Desk
from cohorts.report import Cell, Table


def held(desk: Desk) -> list[Table]:
    """Return a table of the sessions that have begun, in their order, then what each that has ended came to."""
    took_part = Count("attendances", filter=Q(attendances__membership__role=Membership.Role.PARTICIPANT))
    sessions = desk.cohort.sessions.filter(started_at__isnull=False).annotate(people=took_part).order_by("started_at")
    titles = {row.id: f"{row.number}. {row.title}" for row in activities_of(desk.course).activities}
    found = [session for session in sessions if session.activity_id in titles]
    if not found:
        return []
    for session in found:
        session.cohort = desk.cohort
    rows: list[list[Cell]] = [
        [
            titles[session.activity_id],
            _day(session),
            session.people,
            int((session.ended_at - session.started_at).total_seconds() // 60) if session.ended_at else None,
        ]
        for session in found
    ]
    table = Table(
        sheet=_("Activities"),
        title=_("Activities held live"),
        columns=[_("Activity"), _("Day"), _("Participants"), _("Minutes")],
        rows=rows,
        note=_("Minutes are from the beginning to the end; a session that goes on has none yet."),
    )
    return [table, *(figures for session in found for figures in _figures(session, titles[session.activity_id]))]


def _figures(session: Session, title: str) -> Iterator[Table]:
    """Yield what the phases of *session* came to; nothing while it goes on, and nothing of few people.

    Who looked before and after one more person has contributed would see what that one did.
    """
    if session.ended_at is None or session.people < SMALL_NUMBER:
        return
    state = state_of(session)
    for step in state.steps:
        tool = tools.tool_of(step)
        rows = tool.figures(state, step) if tool and step.run.started_at else []
        if len(rows) > 1:
            yield Table(
                sheet=_("Results of activities"),
                title=f"{title}, {_day(session)}: {step.plan.title}",
                columns=[str(cell) for cell in rows[0]],
                rows=rows[1:],
                note=_("Only of sessions that have ended, with five people or more."),
            )


def _day(session: Session) -> str:
    return date_format(localtime(session.started_at, session.cohort.zone), "DATE_FORMAT")
