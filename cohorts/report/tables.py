"""What a report is made of."""

import datetime as dt
from dataclasses import dataclass, field

from cohorts.charts import Bar, BarGroup, Chart
from cohorts.models import Cohort

Cell = str | int | None  # None is not shown


@dataclass
class Table:
    """Some figures. `sheet` names those that belong together; the first column says what a row is of."""

    sheet: str
    title: str
    columns: list[str]
    rows: list[list[Cell]]
    note: str = ""
    chart: Chart | None = None

    @property
    def is_wide(self) -> bool:
        return len(self.columns) > 3


@dataclass
class Report:
    """All figures of a cohort, as of `made_at`."""

    cohort: Cohort
    course_title: str
    made_at: dt.datetime
    people: int
    tables: list[Table] = field(default_factory=list)


def percent(part: int, whole: int) -> int:
    """Return whole percent, rounded down: 100 only when nothing is missing."""
    return 100 * part // whole if whole else 0


def bar_chart(title: str, bars: list[tuple[str, int, str]], full: int) -> Chart:
    """Return a chart with one bar for each of *bars* (what it is of, its value, what is written at its end)."""
    return Chart(title, [BarGroup(label, [Bar(value, shown)]) for label, value, shown in bars], full)
