"""What a session leaves: for its members, to read, to print, as a file; and nothing of who it came from."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from activities import services
from activities.models import Choice, Session
from activities.tests.factories import make_session


@pytest.fixture
def ended(small, cohort, ada, bens_membership) -> Session:
    """A vote in which Ben has placed a dot; it is over."""
    session = make_session(small, cohort, ada)
    choice = session.phases.first().choices.get(text="Health")
    for colour in "ab":
        data = {"choice": str(choice.pk), "colour": colour}
        services.act(session=session, membership=bens_membership, action="place", data=data)
    services.end_session(session=session)
    return session


def rows(response):
    text = b"".join(response.streaming_content).decode()
    assert text[0] == "\ufeff"
    return list(csv.reader(StringIO(text[1:], newline="")))


def test_members_find_the_results_on_the_page_of_the_activity(ended, as_ben, as_cleo):
    url = reverse("session_results", args=[ended.public_id])
    brief = reverse("activity", args=["core", "sectors"])

    assert url in as_ben.get(brief).text
    assert url not in as_cleo.get(brief).text
    page = as_ben.get(url).text
    assert "Health" in page
    assert "contested" in page
    assert "Talk" not in page  # it had no tool, and nothing is left of it


def test_facilitators_see_the_results_before_the_end(small, cohort, ada, as_ada, as_ben, bens_membership):
    session = make_session(small, cohort, ada)
    url = reverse("session_results", args=[session.public_id])

    assert "The session still goes on" in as_ada.get(url).text
    assert as_ben.get(url).status_code == 403


def test_the_file_holds_the_figures_and_nobody(ended, as_ben):
    response = as_ben.get(reverse("session_download", args=[ended.public_id]))

    assert "sectors-sfax-2026" in response["Content-Disposition"]
    found = rows(response)
    assert found[3:] == [
        [],
        ["1. Vote"],
        ["Choice", "Colour A", "Colour B", "Contested"],
        ["Health", "1", "1", "yes"],
        ["Schools", "0", "0", ""],
        ["Work", "0", "0", ""],
        ["Housing", "0", "0", ""],
    ]
    assert not any("Ben" in cell for row in found for cell in row)


def test_no_spreadsheet_runs_what_somebody_wrote(ended, as_ben):
    Choice.objects.filter(text="Work").update(text="=HYPERLINK(1)")

    assert ["'=HYPERLINK(1)", "0", "0", ""] in rows(as_ben.get(reverse("session_download", args=[ended.public_id])))


def test_the_page_takes_the_same_queries_for_any_number_of_people(ended, cohort, as_ada, django_assert_num_queries):
    url = reverse("session_results", args=[ended.public_id])
    as_ada.get(url)

    with django_assert_num_queries(8):
        as_ada.get(url)
