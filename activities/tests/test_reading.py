"""The pages of activities: a brief for all, guides for facilitators, handouts to print."""

import pytest

from activities.models import Activity
from activities.tests.factories import add_activity
from conftest import make_course

BRIEF = "/activities/core/meeting/"
GUIDE = "/activities/core/meeting/guide/"
BOOKLET = "/activities/core/guide/"
HANDOUT = "/activities/core/handouts/story/"


@pytest.fixture
def meeting(small):
    return add_activity(small)


def test_the_list_shows_activities_in_the_order_of_the_course(small, meeting, as_ben):
    Activity.objects.create(
        course=small.course, key="hello", number="0a", title="Hello", technique="x", summary="x", stage="opening",
        place="x", size="x",
    )  # fmt: skip
    small.publish()
    page = as_ben.get("/activities/").text

    assert page.index("Hello") < page.index("Meeting")
    for words in ("At the start of the course", "After 1.1 Section 1 of challenges", "A story"):
        assert words in page
    assert BOOKLET not in page


def test_the_list_leaves_out_courses_that_are_not_open(small, meeting, as_ben, as_dag):
    small.course.is_published = False
    small.course.save()

    assert "Meeting" not in as_ben.get("/activities/").text
    assert "There are no activities yet." in as_ben.get("/activities/").text
    assert "Meeting" in as_dag.get("/activities/").text
    assert as_ben.get(BRIEF).status_code == as_ben.get(HANDOUT).status_code == 404


def test_a_participant_reads_what_it_is_about_and_not_how_it_is_held(meeting, as_ben):
    page = as_ben.get(BRIEF).text

    for words in (
        "People meet.",
        "Know who is here.",
        "Where from?",
        "A town.",
        "<svg ",
        "People with a link",
        "A story",
    ):
        assert words in page
    for words in ("Print cards.", "Hand out cards.", "Stand up.", "guide"):
        assert words not in page
    assert as_ben.get(GUIDE).status_code == as_ben.get(BOOKLET).status_code == 403


@pytest.mark.parametrize("who", ["as_ada", "as_dag"])
def test_a_facilitator_reads_how_it_is_held(request, meeting, who):
    client = request.getfixturevalue(who)
    assert GUIDE in client.get(BRIEF).text
    assert BOOKLET in client.get("/activities/").text

    for path in (GUIDE, BOOKLET):
        page = client.get(path).text
        for words in ("Print cards.", "Hand out cards.", "Stand up.", "Write <strong>one</strong> word.", "12 people"):
            assert words in page


def test_a_figure_stands_once_on_a_page(meeting, as_ada):
    for path in (GUIDE, BOOKLET):
        page = as_ada.get(path).text
        assert page.count('id="figure-cycle"') == 1
        assert '<a href="#figure-cycle">“The cycle” stands above.</a>' in page


def test_a_handout_has_the_questions_of_its_activities_and_lines_to_write_on(meeting, as_ben):
    page = as_ben.get(HANDOUT).text

    for words in ("Once.", "Questions for activity 1: Meeting", "Where from?", "Why here?", "After a case."):
        assert words in page
    assert page.count('class="write-here"') == 2


def test_editors_are_led_to_the_row(meeting, as_dag, as_ada):
    change = f"/admin/activities/activity/{meeting.pk}/change/"

    assert change in as_dag.get(BRIEF).text
    assert change in as_dag.get(GUIDE).text
    assert change not in as_ada.get(GUIDE).text


@pytest.mark.parametrize("path", [BRIEF, GUIDE, HANDOUT])
def test_what_is_not_there_is_not_found(meeting, as_ada, path):
    for old, new in (("core", "none"), ("meeting", "none"), ("story", "none")):
        if old in path:
            assert as_ada.get(path.replace(old, new)).status_code == 404


@pytest.mark.parametrize(("path", "queries"), [(BRIEF, 6), (GUIDE, 4), (HANDOUT, 4), (BOOKLET, 4)])
def test_a_page_takes_the_same_few_queries_whatever_is_on_it(
    small, meeting, as_ada, django_assert_num_queries, path, queries
):
    as_ada.get(path)
    with django_assert_num_queries(queries):
        as_ada.get(path)

    for number in range(3):
        more = Activity.objects.create(
            course=small.course, key=f"more-{number}", number="3", title="More", technique="x", summary="x",
            stage="closing", place="x", size="x", position=9,
        )  # fmt: skip
        more.phases.create(key="one", title="One", minutes=1, work="alone", instructions="x", body="x")
    small.publish()
    as_ada.get(path)
    with django_assert_num_queries(queries):
        as_ada.get(path)


def test_other_courses_are_listed_each_by_itself(small, meeting, as_ben):
    add_activity(make_course("other"))

    page = as_ben.get("/activities/").text
    assert page.count('<h2 id="course-') == 2
    assert "/activities/other/meeting/" in page
