"""The report: its figures, what it keeps to itself, and its files."""

import csv
import io
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts import services
from cohorts.models import Membership
from cohorts.permissions import Desk
from cohorts.report import make_report
from conftest import make_cohort, make_user, signed_in
from courses.models import Enrolment
from courses.published import read
from courses.services import mark_section, rate_objectives, visit_section


@pytest.fixture
def url(cohort):
    return reverse("cohort_report", args=[cohort.public_id])


def people(cohort, count, *, first=0, **fields):
    return [
        services.join(user=make_user(f"p{n}@example.org", **fields), cohort=cohort) for n in range(first, first + count)
    ]


def tables(cohort):
    """Return the rows of every table by the table's title."""
    desk = Desk(cohort, cohort.memberships.facilitators().get(), read(cohort.course))
    return {table.title: table.rows for table in make_report(desk).tables}


def mark(membership, *sections):
    for section in sections:
        mark_section(enrolment=membership.enrolment, topic_id=section.topic_id, section_id=section.pk, done=True)


def answer(membership, question, text):
    place = reverse("answer_save", args=["core", "challenges", "context", question])
    signed_in(membership.user).post(place, {"text": text, "version": 0})


def rate(memberships, topic, moment, levels):
    objective = topic.objectives.get()
    for membership, level in zip(memberships, levels, strict=True):
        rate_objectives(enrolment=membership.enrolment, topic_id=topic.pk, moment=moment, levels={objective.pk: level})


def judged(cohort):
    """Return the two rows of the first topic's objective, before and after, without what they are of."""
    return [row[2:] for row in tables(cohort)["Learning objectives, before and after: 1. Topic on challenges"]]


# --- Figures ------------------------------------------------------------------------------------------------


def test_participation_counts_who_is_here_now(cohort, small):
    done, reads, idle, _new, left = people(cohort, 5)
    mark(done, *small.sections)
    visit_section(enrolment=reads.enrolment, section_id=small.sections[0].pk)
    mark(idle, small.sections[0])
    Enrolment.objects.filter(pk=idle.enrolment_id).update(last_active_at=timezone.now() - timedelta(days=8))
    mark(left, *small.sections)
    services.leave(membership=left)

    assert tables(cohort)["Participation"] == [
        ["Joined", 4, 100],
        ["Started", 3, 75],
        ["Active in the last 7 days", 2, 50],
        ["Did every section", 1, 25],
        ["Did every section and answered every question", 0, 0],
    ]


def test_completion_is_of_all_people_and_all_there_is_to_do(cohort, small):
    first, second = people(cohort, 2)
    mark(first, *small.sections[:2])
    mark(second, small.sections[0])
    answer(first, "question-1", "So")

    assert tables(cohort)["Completion by topic"] == [
        ["1. Topic on challenges", 1, 50, 3, 75, 1, 25],
        ["2. Topic on gender", 0, 0, 0, 0, 0, 0],
    ]


def test_questions_say_how_many_answered_and_never_what(cohort, small, as_ada, url):
    first, second = people(cohort, 2)
    answer(first, "question-1", "Canary")
    answer(second, "question-1", "Canary")
    answer(second, "question-2", "  ")

    assert tables(cohort)["Questions answered: 1. Topic on challenges"] == [
        ["1.1 What about 1?", 2, 100],
        ["1.1 What about 2?", 0, 0],
    ]
    assert "Canary" not in as_ada.get(url).text


def test_another_cohort_of_the_course_counts_for_nothing(cohort, small, cleo):
    other = make_cohort(small.course, cleo)
    elsewhere = people(other, 5)
    rate(elsewhere, small.topics[0], "before", [1, 2, 3, 4, 1])
    mark(elsewhere[0], *small.sections)
    answer(elsewhere[0], "question-1", "So")

    found = tables(cohort)

    figures = [cell for rows in found.values() for row in rows for cell in row if isinstance(cell, int)]
    assert set(figures) == {0}


@pytest.mark.parametrize("count", [1, 6])
def test_the_page_takes_the_same_queries_for_any_number_of_people(cohort, small, as_ada, url, count):
    members = people(cohort, count, country="TN", government_level="local")
    rate(members, small.topics[0], "before", [1, 2, 3, 4, 1, 2][:count])
    as_ada.get(url)

    with CaptureQueriesContext(connection) as asked:
        as_ada.get(url)

    # The session, the person, the desk; plan, participation, topics, objectives, questions, backgrounds.
    assert len(asked) == 9


# --- What it keeps to itself --------------------------------------------------------------------------------


def test_objectives_are_shown_from_five_people_on(cohort, small):
    members = people(cohort, 5)
    rate(members[:4], small.topics[0], "before", [1, 2, 2, 3])
    assert judged(cohort) == [[None] * 6, [None] * 6]

    rate(members[4:], small.topics[0], "before", [3])
    assert judged(cohort) == [[5, 1, 2, 2, 0, "with help"], [0, None, None, None, None, None]]


def test_few_people_at_one_moment_hide_the_other_too(cohort, small):
    members = people(cohort, 6)
    rate(members, small.topics[0], "before", [1, 2, 2, 3, 3, 1])
    rate(members[:4], small.topics[0], "after", [4, 4, 3, 3])

    assert judged(cohort) == [[None] * 6, [None] * 6]


def test_one_more_who_rates_changes_no_figure(cohort, small):
    members = people(cohort, 10)
    rate(members[:5], small.topics[0], "before", [1, 2, 2, 3, 3])
    before = judged(cohort)

    for number in range(5, 9):
        rate(members[number : number + 1], small.topics[0], "before", [4])
        assert judged(cohort) == before

    rate(members[9:], small.topics[0], "before", [4])
    assert judged(cohort)[0] == [10, 1, 2, 2, 5, "on my own"]


@pytest.mark.parametrize("levels", [[2, 2, 2, 2, 2], [2, 2, 2, 2, 4]])
def test_what_all_or_all_but_one_said_is_not_shown(cohort, small, as_ada, url, levels):
    rate(people(cohort, 5), small.topics[0], "after", levels)

    assert judged(cohort)[1] == [5, None, None, None, None, None]
    assert "People who could do it on their own" not in as_ada.get(url).text


def test_groups_of_few_are_put_together_so_that_none_can_be_taken_from_the_total(cohort):
    people(cohort, 7, country="TN", government_level="local")
    people(cohort, 6, first=7, country="MA", government_level="local")
    people(cohort, 5, first=13, country="SN", government_level="national")
    people(cohort, 1, first=18, country="FR")

    found = tables(cohort)

    # France alone would be 1, so the smallest that could be shown goes with it.
    assert found["By country"] == [["Tunisia", 7, 0], ["Morocco", 6, 0], ["Others, and who did not say", 6, 0]]
    assert found["By level of government"] == [
        ["Local (city, municipality, district)", 13, 0],
        ["Others, and who did not say", 6, 0],
    ]


def test_without_a_group_of_five_nothing_is_said_of_where_people_come_from(cohort, as_ada, url):
    people(cohort, 4, country="TN", government_level="local")

    assert "By country" not in tables(cohort)
    assert "Tunisia" not in as_ada.get(url).text


def test_a_cohort_with_nobody_in_it_has_a_report_all_the_same(cohort, as_ada, url):
    assert "Nobody has joined yet." in as_ada.get(url).text
    assert as_ada.get(f"{url}report.xlsx").status_code == 200


def test_the_page_is_headed_and_draws_what_its_tables_say(cohort, small, as_ada, url, time_machine):
    time_machine.move_to("2026-05-01 22:30Z")
    cohort.time_zone = "Africa/Tunis"
    cohort.save()
    first, _second = people(cohort, 2)
    mark(first, small.sections[0])

    page = as_ada.get(url).text

    assert "Migration and local development" in page
    assert "Made on 1 May 2026, 23:30" in page
    assert '<rect class="f-bar" x="0" y="21" width="278" height="14"/>' in page
    assert '<rect class="f-bar" x="0" y="68" width="139" height="14"/>' in page
    assert "style=" not in page


# --- Files --------------------------------------------------------------------------------------------------


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
    mark(members[0], small.sections[0])
    answer(members[0], "question-1", "Canary")
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
