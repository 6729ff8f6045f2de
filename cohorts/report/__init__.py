"""The cohort in figures, for whoever convened it: tables, and a chart beside each where that helps.

The page, the CSV file and the workbook show the same tables. Nothing here is about one person. What people said of
their own abilities comes only as totals of five or more, and such a total grows by five people at a time: whoever
looks before and after somebody has rated learns nothing of that one.
"""

from django.utils import timezone

from cohorts.permissions import Desk
from cohorts.report.backgrounds import backgrounds
from cohorts.report.further import further
from cohorts.report.objectives import objectives
from cohorts.report.participation import participation, questions, topics
from cohorts.report.tables import Cell, Report, Table

__all__ = ["Cell", "Report", "Table", "make_report"]


def make_report(desk: Desk) -> Report:
    """Count everything."""
    participants = desk.cohort.memberships.current().participants().order_by()
    first = participation(desk)
    people = first.rows[0][1]
    tables = [
        first,
        topics(desk, participants, people),
        *objectives(desk),
        *questions(desk, people),
        *backgrounds(desk, participants),
        *further(desk),
    ]
    return Report(desk.cohort, desk.course.title, timezone.now(), people, tables)
