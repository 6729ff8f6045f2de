"""What is published of activities: at its place in the course, with its times, found by search."""

import pytest

from activities.durations import Duration, Span
from activities.models import Activity
from activities.published import activities_of
from activities.tests.factories import add_activity
from courses.models import Course
from courses.published import read
from courses.search import find


@pytest.fixture
def meeting(small):
    return add_activity(small)


def published(key="core"):
    return activities_of(read(Course.objects.light().get(key=key)))


def test_everything_is_there_without_a_query(small, meeting, django_assert_num_queries):
    found = activities_of(read(small.course))
    with django_assert_num_queries(0):
        activity = read(small.course) and activities_of(read(small.course)).activity("meeting")

    assert activity is found.activity("meeting")
    assert activity.topic.key == "challenges"
    assert activity.section.number == "1.1"
    assert [(phase.number, str(phase.span)) for phase in activity.phases] == [
        (1, "5 minutes"),
        (2, "2 to 3 minutes for each person"),
    ]
    assert [question["text"] for question in activity.phase("cards").questions] == ["Where from?"]
    assert activity.questions[0]["objective"]["text"] == "explain challenges"
    assert [heading for heading, _rows in activity.question_groups] == ["First", ""]
    assert activity.handouts == found.handouts
    assert found.handout("story").activities == [activity]
    assert found.activity("none") is found.handout("none") is activity.phase("none") is None


def test_a_page_of_the_course_knows_what_is_held_after_it(small, meeting):
    Activity.objects.create(
        course=small.course, key="late", number="2", title="Late", technique="x", summary="x", stage="topic",
        topic=small.topics[0], place="x", size="x", position=2,
    )  # fmt: skip
    small.publish()
    course = read(small.course)

    assert [held.url for held in course.held_after("challenges", "section-1")] == ["/activities/core/meeting/"]
    assert [held.key for held in course.held_after("challenges")] == ["late"]
    assert course.held_after("challenges", "section-2") == course.held_after("gender") == []
    assert activities_of(course).at("opening") == []


def test_a_course_published_before_there_were_activities_is_read(small):
    document = {name: value for name, value in small.course.published.items() if name != "added"}
    Course.objects.update(published=document, version=99)

    course = read(Course.objects.get())
    assert activities_of(course).activities == []
    assert course.held_after("challenges") == []


def test_what_is_archived_is_not_published(small, meeting):
    meeting.questions.filter(key="where").update(archived_at="2026-01-01T00:00Z")
    meeting.phases.filter(key="talk").update(archived_at="2026-01-01T00:00Z")
    small.publish()
    activity = published().activity("meeting")
    assert [question["key"] for question in activity.questions] == ["why"]
    assert [(phase.key, phase.questions) for phase in activity.phases] == [("cards", [])]

    Activity.objects.update(archived_at="2026-01-01T00:00Z")
    small.publish()
    assert published().activities == []
    assert published().handout("story").activities == []


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([(5, 5, "")], "5 minutes"),
        ([(1, 1, "")], "1 minute"),
        ([(5, 5, ""), (10, 15, "")], "15 to 20 minutes"),
        ([(5, 5, ""), (2, 3, "person"), (5, 5, "group")],
         "5 minutes + 2 to 3 minutes for each person + 5 minutes for each group"),
        ([(3, 3, "round"), (1, 2, "round")], "4 to 5 minutes for each round"),
        ([], ""),
    ],
)  # fmt: skip
def test_times_are_added_up_by_whom_they_are_for(spans, words):
    class Timed:
        def __init__(self, minutes, most, per):
            self.minutes, self.most, self.per = minutes, most, per

    duration = Duration.of(Timed(*span) for span in spans)

    assert str(duration) == words
    assert duration.least == sum(least for least, _most, per in spans if not per)
    assert duration.most == sum(most for _least, most, per in spans if not per)
    assert all(isinstance(one, Span) for one in duration.spans)


@pytest.mark.parametrize(
    ("query", "url", "kind"),
    [
        ("meeting", "/activities/core/meeting/", "Activity"),
        ("rounds", "/activities/core/meeting/", "Activity"),
        ("Write one word", "/activities/core/meeting/", "Activity"),
        ("story", "/activities/core/handouts/story/", "Handout"),
    ],
)
def test_search_finds_it_and_says_what_it_is(small, meeting, as_ben, query, url, kind):
    results, _all = find(small.course, query)

    assert (results[0].url, results[0].kind_label) == (url, kind)
    page = as_ben.get("/courses/core/search/", {"q": query}).text
    assert url in page
    assert kind in page


def test_search_does_not_find_what_only_facilitators_read(small, meeting):
    for query in ("Print cards", "Listen", "Stand up"):
        assert find(small.course, query)[0] == []
