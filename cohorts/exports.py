"""The report, and people's progress, as files: CSV (RFC 4180) and workbook. No file holds an answer or an address."""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import IO, Any

import xlsxwriter
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.permissions import Desk
from cohorts.report import Cell, Report
from courses.models import TopicProgress

# People are read in portions: a file of any length takes the memory of one.
_PORTION = 500
# Spreadsheets take a cell that begins so for a formula, and some run it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM = "\ufeff"
_SHEET_NAME_LENGTH = 31
_SHEET_NAME_FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")
_ROWS = tuple[str, Iterable[list[Cell]]]


def people_rows(desk: Desk) -> Iterator[list[Cell]]:
    """Yield a head, then a row for each participant: how far they are, by topic, and nothing of what they wrote."""
    course, zone = desk.course, desk.cohort.zone
    topics = [(topic, f"{topic.number}. {topic.short_title}") for topic in course.topics]
    yield [
        _("Name"),
        _("Organization"),
        _("Group"),
        _("Joined"),
        _("Last active"),
        _("Sections done, of %(total)s") % {"total": len(course.sections)},
        _("Questions answered, of %(total)s") % {"total": course.questions_total},
        *(_("%(topic)s: sections done, of %(total)s") % {"topic": n, "total": len(t.sections)} for t, n in topics),
        *(_("%(topic)s: answered, of %(total)s") % {"topic": n, "total": t.questions_total} for t, n in topics),
    ]
    for row in _people(desk).iterator(chunk_size=_PORTION):
        by_topic = {done["topic"]: done for done in row["by_topic"]}
        nothing = {"sections": 0, "questions": 0}
        yield [
            row["user__name"],
            row["user__organization"],
            row["group"],
            timezone.localdate(row["joined_at"], zone).isoformat(),
            timezone.localdate(row["enrolment__last_active_at"], zone).isoformat(),
            row["enrolment__sections_done"],
            row["enrolment__questions_answered"],
            *(by_topic.get(topic.id, nothing)["sections"] for topic, _name in topics),
            *(by_topic.get(topic.id, nothing)["questions"] for topic, _name in topics),
        ]


def _people(desk: Desk) -> Any:
    by_topic = TopicProgress.objects.filter(enrolment=OuterRef("enrolment")).values(
        json=JSONObject(topic="topic_id", sections="sections_done", questions="questions_answered")
    )
    members: Any = Membership.objects.filter(cohort=desk.cohort).current().participants()
    return members.annotate(by_topic=ArraySubquery(by_topic)).values(
        "user__name",
        "user__organization",
        "group",
        "joined_at",
        "enrolment__last_active_at",
        "enrolment__sections_done",
        "enrolment__questions_answered",
        "by_topic",
    )


def report_rows(report: Report) -> Iterator[list[Cell]]:
    """Yield a head, then every figure of the report in a line of its own: what machines read most easily."""
    yield [_("Part"), _("Of"), _("When"), _("Figure"), _("Value")]
    for table in report.tables:
        when = _("When")
        for row in table.rows:
            labels = 2 if table.columns[1] == when else 1
            for column, cell in zip(table.columns[labels:], row[labels:], strict=True):
                yield [table.title, row[0], row[1] if labels == 2 else "", column, cell]


def report_sheets(report: Report) -> Iterator[_ROWS]:
    """Yield the report as sheets: first what it is of, then the tables, those of one sheet under one another."""
    cohort = report.cohort
    yield (
        _("About"),
        [
            [_("Cohort"), cohort.name],
            [_("Course"), report.course_title],
            [_("From"), cohort.starts_on.isoformat()],
            [_("To"), cohort.ends_on.isoformat()],
            [_("Made"), date_format(timezone.localtime(report.made_at, cohort.zone), "DATETIME_FORMAT")],
        ],
    )
    for sheet, tables in groupby(report.tables, key=lambda table: table.sheet):
        rows: list[list[Cell]] = []
        for table in tables:
            rows += [[table.title], table.columns, *table.rows, *([[table.note]] if table.note else []), []]
        yield sheet, rows


# --- Formats ------------------------------------------------------------------------------------------------


class _Line:
    """What csv writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[list[Cell]]) -> Iterator[str]:
    """Yield *rows* as lines of CSV, marked as UTF-8, with nothing in them that a spreadsheet would run."""
    writer = csv.writer(_Line())
    yield _BOM
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: Cell) -> str | int:
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return "'" + cell
    return "" if cell is None else cell


def workbook(sheets: Iterable[_ROWS]) -> IO[bytes]:
    """Return a file with *sheets*, at its beginning. Rows go to disk as they come; text is text, never a formula."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response that sends it
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    for name, rows in sheets:
        sheet = book.add_worksheet(name.translate(_SHEET_NAME_FORBIDDEN)[:_SHEET_NAME_LENGTH])
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 20, 16)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(y, x, cell)
                elif cell is not None:
                    sheet.write_number(y, x, cell)
    book.close()
    file.seek(0)
    return file
