"""The report and people's progress as files: what is in them, what a spreadsheet makes of them, what they cost."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts import services
from cohorts.models import Membership
from cohorts.tests.people import people, rate, read_section, write_answer


@pytest.fixture
def url(cohort):
    return reverse("cohort_report", args=[cohort.public_id])


def lines(response):
    """Return the rows of a CSV response."""
    data = b"".join(response.streaming_content)
    assert data.startswith("\ufeff".encode())
    assert b"\n" not in data.replace(b"\r\n", b"")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheets(response):
    """Return the cells' texts of each sheet of a workbook, and how many formulas there are."""
    book = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    names = [sheet.get("name") for sheet in part(book, "workbook").findall(".//x:sheet", SPACE)]
    found, formulas = {}, 0
    for number, name in enumerate(names, start=1):
        sheet = part(book, f"worksheets/sheet{number}")
        formulas += len(sheet.findall(".//x:f", SPACE))
        rows = sheet.findall(".//x:row", SPACE)
        found[name] = [["".join(cell.itertext()) for cell in row.findall("x:c", SPACE)] for row in rows]
    return found, formulas


def part(book, name):
    return ElementTree.fromstring(book.read(f"xl/{name}.xml"))  # noqa: S314  we made it


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"]


@pytest.fixture
def named(cohort, small):
    """Let people with names that a spreadsheet would run learn in the cohort."""
    members = people(cohort, len(DANGEROUS), organization='City, of "Sfax"')
    for membership, name in zip(members, DANGEROUS, strict=True):
        membership.user.name = name
        membership.user.save()
    read_section(small, members[0], 0)
    write_answer(small, members[0], 0, "Canary")
    return members


def test_peoples_progress_as_csv_runs_nothing_and_says_how_far_each_is(cohort, named, as_ada, url):
    response = as_ada.get(f"{url}people.csv")
    head, *rows = lines(response)

    assert head[:3] == ["Name", "Organization", "Group"]
    assert head[5:7] == ["Sections done, of 4", "Questions answered, of 2"]
    assert sorted(row[0] for row in rows) == sorted("'" + name for name in DANGEROUS)
    first = next(row for row in rows if row[0] == "'=1+1")
    assert first[1] == 'City, of "Sfax"'
    assert first[5:] == ["1", "1", "1", "0", "1", "0"]
    assert "attachment" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"


def test_peoples_progress_as_workbook_holds_texts_and_numbers_only(cohort, named, as_ada, url):
    found, formulas = sheets(as_ada.get(f"{url}people.xlsx"))

    assert formulas == 0
    assert {"=1+1", "+1", "@SUM(A1)"} <= {row[0] for row in found["People"]}
    assert len(found["People"]) == 1 + len(DANGEROUS)


def test_the_report_as_csv_has_a_line_for_each_figure(cohort, small, as_ada, url):
    members = people(cohort, 5)
    rate(members, small.topics[0], "after", [1, 2, 2, 3, 3])

    rows = lines(as_ada.get(f"{url}report.csv"))

    objectives = "Learning objectives, before and after: 1. Topic on challenges"
    assert {len(row) for row in rows} == {5}
    assert ["Participation", "Joined", "", "People", "5"] in rows
    assert [objectives, "explain challenges", "Now", "with help", "2"] in rows
    assert [objectives, "explain challenges", "Before", "with help", ""] in rows


def test_the_report_as_workbook_has_a_sheet_for_each_kind_of_figure(cohort, small, as_ada, url):
    people(cohort, 6, country="TN")

    found, _formulas = sheets(as_ada.get(f"{url}report.xlsx"))

    assert list(found) == ["About", "Participation", "Completion by topic", "Objectives", "Questions", "People"]
    assert found["About"][0] == ["Cohort", "Sfax 2026"]
    assert ["Joined", "6", "100"] in found["Participation"]


@pytest.mark.parametrize("file", ["people.csv", "people.xlsx", "report.csv", "report.xlsx"])
def test_no_file_holds_an_answer_an_address_or_who_has_left(cohort, named, as_ada, url, file):
    gone = named[-1]
    gone.user.name = "Somebody who left"
    gone.user.save()
    services.leave(membership=gone)

    data = b"".join(as_ada.get(url + file).streaming_content)
    if file.endswith("xlsx"):
        book = zipfile.ZipFile(io.BytesIO(data))
        data = b"".join(book.read(name) for name in book.namelist())

    assert b"example.org" not in data
    assert b"Canary" not in data
    assert b"Somebody who left" not in data


@pytest.mark.parametrize("file", ["people.pdf", "answers.csv"])
def test_other_files_are_not_there(cohort, as_ada, url, file):
    assert as_ada.get(url + file).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_file_of_people_takes_the_same_queries_for_any_number(cohort, as_ada, url, count):
    people(cohort, count)
    as_ada.get(url)

    with CaptureQueriesContext(connection) as asked:
        assert len(lines(as_ada.get(f"{url}people.csv"))) == 1 + count

    assert len(asked) == 4
    assert Membership.objects.participants().count() == count
