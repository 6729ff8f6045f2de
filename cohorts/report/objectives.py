"""What people said of their own abilities, so counted that nobody is told from the others."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext as _

from cohorts.charts import Bar, BarGroup, Chart
from cohorts.constants import SMALL_NUMBER
from cohorts.permissions import Desk
from cohorts.report.tables import Cell, Table
from courses.models import ObjectiveRating

Level, Moment = ObjectiveRating.Level, ObjectiveRating.Moment

# Whoever rated first counts first, and only full fives of people count at all. Whoever has ever taken part counts on:
# else a facilitator learns what somebody said by removing them, or by giving them another role, and looking again.
_RATED = """
SELECT objective_id, moment, level, max(total), count(*) FILTER (WHERE place <= total - total %% %s)
FROM (
    SELECT rating.objective_id, rating.moment, rating.level,
        row_number() OVER (PARTITION BY rating.objective_id, rating.moment ORDER BY rating.id) AS place,
        count(*) OVER (PARTITION BY rating.objective_id, rating.moment) AS total
    FROM courses_objectiverating rating
    JOIN cohorts_membership membership ON membership.enrolment_id = rating.enrolment_id
    WHERE membership.cohort_id = %s
) ratings
GROUP BY objective_id, moment, level
"""


@dataclass
class Judged:
    """What people said of one objective at one moment: how many said so at all, and how many each level."""

    total: int = 0
    levels: Counter[int] = field(default_factory=Counter)

    @property
    def people(self) -> int:
        """How many the levels are of: full fives."""
        return sum(self.levels.values())

    @property
    def is_small(self) -> bool:
        return 0 < self.total < SMALL_NUMBER

    @property
    def tells_of_single_people(self) -> bool:
        """Whether the levels are of all, or of all but one: whoever knows that one would know of each."""
        return max(self.levels.values(), default=0) >= self.people - 1

    @property
    def average(self) -> str:
        """All levels together, as the nearest one, in words."""
        total = sum(level * number for level, number in self.levels.items())
        return str(Level(int(total / self.people + 0.5)).label)

    def cells(self) -> list[Cell]:
        """Return the row's figures: people, each level, and the average."""
        # The average would say what it was that they all said.
        if not self.people or self.tells_of_single_people:
            return [self.people, *[None] * len(Level), None]
        return [self.people, *(self.levels[level] for level in Level), self.average]


def objectives(desk: Desk) -> list[Table]:
    """Return what people said of their abilities, a table for each topic."""
    judged: dict[tuple[int, str], Judged] = defaultdict(Judged)
    with connection.cursor() as cursor:
        cursor.execute(_RATED, [SMALL_NUMBER, desk.cohort.pk])
        for objective_id, moment, level, total, number in cursor.fetchall():
            judged[objective_id, moment].total = total
            judged[objective_id, moment].levels[level] = number
    title = _("Learning objectives, before and after")
    tables = []
    for topic in desk.course.topics:
        table = Table(
            sheet=_("Objectives"),
            title=f"{title}: {topic.number}. {topic.title}",
            columns=[_("“I could do this today”"), _("When"), _("People"), *map(str, Level.labels), _("On the whole")],
            rows=[],
            note=_(
                "People judged themselves. Figures are of five people or more, in steps of five; those that could tell "
                "of single people are not shown."
            ),
        )
        groups = []
        for objective in topic.objectives:
            before, after = (judged[objective["id"], moment] for moment in (Moment.BEFORE, Moment.AFTER))
            is_hidden = before.is_small or after.is_small
            for moment, figures in ((Moment.BEFORE, before), (Moment.AFTER, after)):
                cells = [None] * (len(Level) + 2) if is_hidden else figures.cells()
                table.rows.append([objective["text"], str(moment.label), *cells])
            if not is_hidden and (bars := _ability_bars(before, alt=True) + _ability_bars(after, alt=False)):
                groups.append(BarGroup(objective["text"], bars))
        if groups:
            legend = [Bar(0, str(Moment.BEFORE.label), alt=True), Bar(0, str(Moment.AFTER.label))]
            table.chart = Chart(_("People who could do it on their own or teach it"), groups, 100, legend=legend)
        if table.rows:
            tables.append(table)
    return tables


def _ability_bars(figures: Judged, *, alt: bool) -> list[Bar]:
    if not figures.people or figures.tells_of_single_people:
        return []
    able = figures.levels[Level.ALONE] + figures.levels[Level.COULD_TEACH]
    shown = _("%(number)s of %(total)s") % {"number": able, "total": figures.people}
    return [Bar(100 * able / figures.people, shown, alt=alt)]
