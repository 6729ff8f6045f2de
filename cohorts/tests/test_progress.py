"""The progress page of a cohort: states, order, filters, who is on it, what it costs."""

import datetime as dt
import re
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from cohorts import services
from cohorts.models import Membership
from cohorts.tests.people import be_quiet_for, make_participant, plan_reading, read_section, write_answer
from conftest import make_cohort, make_user
from courses.models import Enrolment, SectionProgress, TopicProgress


def url(cohort, query=""):
    return reverse("cohort_progress", args=[cohort.public_id]) + query


def table(client, cohort, query=""):
    """Return the rows of the table as lists of their cells' words."""
    page = client.get(url(cohort, query)).text
    body = re.search(r"<tbody>(.*)</tbody>", page, re.S)
    rows = re.findall(r"<tr>(.*?)</tr>", body[1]) if body else []
    return [
        [
            " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        ]
        for row in rows
    ]


def names(client, cohort, query=""):
    return [row[0] for row in table(client, cohort, query)]


@pytest.fixture
def three(cohort):
    """Return Ann, Bob and Cat, who learn in the cohort."""
    return [
        make_participant(cohort, "Ann", group="Blue"),
        make_participant(cohort, "Bob", group="Red"),
        make_participant(cohort, "Cat"),
    ]


def test_each_topic_says_its_state_in_words_with_what_is_done_of_how_much(as_ada, cohort, small, three):
    ann, bob, _cat = three
    for place in (0, 1):
        read_section(small, ann, place)
    for place in (0, 1):
        write_answer(small, ann, place, "Words")
    read_section(small, bob, 0, done=False)

    rows = {row[0]: row[4:] for row in table(as_ada, cohort)}

    assert rows == {
        "Ann": [
            "Started 2/4 sections 2/2 answers",
            "Done 2/2 sections 2/2 answers",
            "Not started 0/2 sections",
        ],
        "Bob": [
            "Started 0/4 sections 0/2 answers",
            "Started 0/2 sections 0/2 answers",
            "Not started 0/2 sections",
        ],
        "Cat": [
            "Not started 0/4 sections 0/2 answers",
            "Not started 0/2 sections 0/2 answers",
            "Not started 0/2 sections",
        ],
    }


def test_a_topic_opens_to_its_sections_with_the_questions_answered_in_each(as_ada, cohort, small, three):
    read_section(small, three[0], 0)
    write_answer(small, three[0], 1, "Words")
    read_section(small, three[0], 1, done=False)

    assert table(as_ada, cohort, "?open=challenges")[0][5:] == [
        "Started 1/2 sections 1/2 answers",
        "Done 1/2 answers",
        "Started",
        "Not started 0/2 sections",
    ]
    assert len(table(as_ada, cohort, "?open=all")[0]) == len(table(as_ada, cohort)[0]) + 4


def test_an_answer_of_nothing_but_space_counts_nowhere(as_ada, cohort, small, three):
    write_answer(small, three[0], 0, " \n ")

    assert table(as_ada, cohort, "?open=challenges")[0][6] == "Started 0/2 answers"


def test_last_seen_is_said_both_ways(as_ada, cohort, small, three):
    with time_machine.travel(dt.datetime(2026, 3, 5, 14, 30, tzinfo=dt.UTC), tick=False):
        read_section(small, three[0], 0)
    with time_machine.travel(dt.datetime(2026, 3, 7, 15, 0, tzinfo=dt.UTC), tick=False):
        rows = table(as_ada, cohort)

    assert [row[2] for row in rows] == ["2 days ago 5 Mar 2026, 14:30", "Not yet", "Not yet"]


def test_a_section_is_behind_from_the_day_after_its_own_where_the_cohort_meets(as_ada, small, ada):
    cohort = make_cohort(small.course, ada, time_zone="Pacific/Auckland", starts_on=dt.date(2026, 3, 1))
    ann = make_participant(cohort, "Ann")
    plan_reading(small, cohort, 0, dt.date(2026, 3, 5))
    plan_reading(small, cohort, 1, dt.date(2026, 3, 5))
    plan_reading(small, cohort, 2, dt.date(2026, 3, 9))
    read_section(small, ann, 1)

    # Auckland is thirteen hours ahead: its 6 March begins at 11:00 on the 5th.
    with time_machine.travel(dt.datetime(2026, 3, 5, 10, 59, tzinfo=dt.UTC)):
        assert table(as_ada, cohort)[0][3] == "Not behind"
    with time_machine.travel(dt.datetime(2026, 3, 5, 11, 1, tzinfo=dt.UTC)):
        assert table(as_ada, cohort)[0][3] == "1 behind"


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["Ann", "Bob", "Cat"]),
        ("-name", ["Cat", "Bob", "Ann"]),
        ("group", ["Cat", "Ann", "Bob"]),
        ("seen", ["Cat", "Ann", "Bob"]),
        ("-seen", ["Bob", "Ann", "Cat"]),
        ("-behind", ["Cat", "Ann", "Bob"]),
        ("progress", ["Cat", "Ann", "Bob"]),
        ("-gender/", ["Bob", "Ann", "Cat"]),
        ("-challenges/section-1", ["Bob", "Ann", "Cat"]),
        ("challenges/section-2", ["Bob", "Cat", "Ann"]),
    ],
)
def test_every_column_sorts(as_ada, cohort, small, three, sort, order):
    ann, bob, _cat = three
    read_section(small, ann, 1)
    read_section(small, ann, 0, done=False)
    for place in (0, 2, 3):
        read_section(small, bob, place)
    be_quiet_for(ann, days=3)
    for place in (0, 1):
        plan_reading(small, cohort, place, cohort.today - dt.timedelta(days=1))
    if sort == "-behind":
        read_section(small, bob, 1)

    assert names(as_ada, cohort, f"?sort={sort}") == order


def test_the_head_says_how_it_is_sorted_and_turns_the_order_round(as_ada, cohort, three):
    page = as_ada.get(url(cohort, "?sort=seen&open=gender&group=Blue")).text

    assert page.count("aria-sort") == 1
    assert re.search(r'aria-sort="ascending">\s*<a id="sort-seen" href="([^"]*)"', page)[1] == (
        "?group=Blue&amp;sort=-seen&amp;open=gender#progress"
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=AN", ["Ann"]),
        ("?q=%25", []),
        ("?group=Blue", ["Ann"]),
        ("?group=-", ["Cat"]),
        ("?group=Green", []),
        ("?state=behind", ["Bob", "Cat"]),
        ("?state=stalled", ["Bob"]),
        ("?state=not-started", ["Cat"]),
        ("?state=finished", ["Ann"]),
        ("?state=behind&q=b", ["Bob"]),
    ],
)
def test_filters_choose_people(as_ada, cohort, small, three, query, found):
    ann, bob, _cat = three
    for place in range(4):
        read_section(small, ann, place)
    for place in (0, 1):
        write_answer(small, ann, place, "Words")
    read_section(small, bob, 0, done=False)
    for each in (ann, bob):
        be_quiet_for(each, days=5)
    plan_reading(small, cohort, 0, cohort.today - dt.timedelta(days=1))

    assert names(as_ada, cohort, query) == found


@pytest.mark.parametrize(
    "query",
    [
        "?state=asleep",
        "?sort=shoe-size",
        "?sort=--name",
        "?open=nothing",
        "?size=7",
        "?size=abc",
        "?page=0",
        "?page=99999999999999999999",
        "?page=9",
        "?q=%00",
        f"?group={'x' * 100}",
        "?seen=nonsense",
    ],
)
def test_what_makes_no_sense_is_left_out(as_ada, cohort, three, query):
    assert names(as_ada, cohort, query) == ["Ann", "Bob", "Cat"]


def test_a_filter_that_finds_nobody_says_so_and_leads_back(as_ada, cohort, three):
    page = as_ada.get(url(cohort, "?q=zoe")).text

    assert "Nobody matches." in page
    assert "<table" not in page


def test_many_people_come_in_pages(as_ada, cohort, ada):
    many(cohort, 51)

    assert len(names(as_ada, cohort, "?size=50")) == 50
    assert names(as_ada, cohort, "?size=50&page=2") == ["Person 51"]
    page = as_ada.get(url(cohort, "?size=50&sort=-name")).text
    assert 'href="?sort=-name&amp;size=50&amp;page=2#progress"' in page


def test_only_who_learns_in_this_cohort_now_is_in_the_table(as_ada, cohort, small, bens_membership, cleo):
    elsewhere = make_cohort(small.course, cleo, name="Elsewhere")
    services.join(user=make_user("gus@example.org"), cohort=elsewhere)
    services.leave(membership=make_participant(cohort, "Former"))
    services.add_facilitator(user=make_user("fay@example.org"), cohort=cohort)

    assert names(as_ada, cohort) == ["Ben"]
    page = as_ada.get(url(cohort)).text
    assert "Gus" not in page
    assert "Former" not in page


def test_who_learns_in_two_cohorts_is_measured_by_the_plan_of_each(as_ada, cohort, small, ada, bens_membership):
    other = make_cohort(small.course, ada, name="Other")
    services.join(user=bens_membership.user, cohort=other)
    plan_reading(small, other, 0, other.today - dt.timedelta(days=1))

    assert table(as_ada, cohort)[0][3] == "Not behind"
    assert table(as_ada, other)[0][3] == "1 behind"


def test_names_and_groups_are_never_markup(as_ada, cohort):
    make_participant(cohort, "Bad", group="<i>g</i>")
    User.objects.filter(name="Bad").update(name="<b>x</b>")

    page = as_ada.get(url(cohort)).text

    assert "<b>x" not in page
    assert "<i>g" not in page
    assert page.count("&lt;b&gt;x&lt;/b&gt;") >= 2


def test_an_archived_section_is_neither_counted_nor_due(as_ada, cohort, small, three):
    plan_reading(small, cohort, 1, cohort.today - dt.timedelta(days=1))
    read_section(small, three[0], 1, done=False)
    be_quiet_for(three[0], days=9)
    assert names(as_ada, cohort, "?state=behind") == ["Ann", "Bob", "Cat"]

    small.sections[1].archived_at = dt.datetime.now(dt.UTC)
    small.sections[1].save()
    small.publish()

    assert names(as_ada, cohort, "?state=behind") == []
    assert names(as_ada, cohort, "?state=stalled") == []
    assert table(as_ada, cohort)[2][4] == "Not started 0/3 sections 0/2 answers"


def many(cohort, count):
    """Let *count* people with some work learn in *cohort*, quickly."""
    course = cohort.course
    users = User.objects.bulk_create(
        [User(email=f"p{n}@example.org", name=f"Person {n:02}") for n in range(1, count + 1)]
    )
    enrolments = Enrolment.objects.bulk_create([Enrolment(user=user, course=course) for user in users])
    Membership.objects.bulk_create(
        [
            Membership(cohort=cohort, user=each.user, enrolment=each, group=f"G{n % 3}")
            for n, each in enumerate(enrolments)
        ]
    )
    for topic in course.topics.all():
        TopicProgress.objects.bulk_create([TopicProgress(enrolment=each, topic=topic) for each in enrolments])
        for section in topic.sections.all():
            SectionProgress.objects.bulk_create(
                [SectionProgress(enrolment=each, section=section) for each in enrolments]
            )


@pytest.mark.parametrize("people", [5, 200])
@pytest.mark.parametrize("query", ["", "?open=all&size=500&sort=-behind&state=behind", "?q=none"])
def test_any_number_of_people_costs_seven_queries(as_ada, cohort, small, people, query, django_assert_num_queries):
    many(cohort, people)
    plan_reading(small, cohort, 0, cohort.today - dt.timedelta(days=1))
    as_ada.get(url(cohort))

    # session, user, cohort, plan, figures, rows, who needs a hand
    with django_assert_num_queries(7):
        as_ada.get(url(cohort, query))
