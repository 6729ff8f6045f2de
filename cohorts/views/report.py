"""The cohort in figures: to read, on paper, as files."""

from collections.abc import Callable, Iterator

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cohorts.exports import csv_lines, people_rows, report_rows, report_sheets, workbook
from cohorts.permissions import Desk, get_facilitators_desk
from cohorts.report import Cell, make_report

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Rows = Iterator[list[Cell]]
# What can be downloaded: its rows for a CSV file, its sheets for a workbook.
_FILES: dict[str, tuple[Callable[[Desk], Rows], Callable[[Desk], Iterator[tuple[str, Rows]]]]] = {
    "report": (lambda desk: report_rows(make_report(desk)), lambda desk: report_sheets(make_report(desk))),
    "people": (people_rows, lambda desk: iter([(str(_("People")), people_rows(desk))])),
}


@require_safe
def report(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show the figures, with a chart beside each table."""
    desk = get_facilitators_desk(request, cohort)
    return render(request, "cohorts/report.html", {"desk": desk, "course": desk.course, "report": make_report(desk)})


@require_safe
def download(request: HttpRequest, cohort: str, what: str, kind: str) -> HttpResponseBase:
    """Send the report, or everybody's progress, as a file."""
    desk = get_facilitators_desk(request, cohort)
    if what not in _FILES or kind not in {"csv", "xlsx"}:
        raise Http404
    rows, sheets = _FILES[what]
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(csv_lines(rows(desk)), content_type="text/csv; charset=utf-8; header=present")
    else:
        response = FileResponse(workbook(sheets(desk)), content_type=_XLSX)
    name = slugify(f"{desk.cohort.name} {what} {desk.cohort.today.isoformat()}") or what
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    response["Cache-Control"] = "private, no-store"
    return response
