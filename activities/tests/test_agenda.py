"""An agenda is proposed for a cohort's days, changed, put on its plan, and printed; nobody's plan is overwritten."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from activities.agendaforms import planned_minutes
from activities.models import Activity
from activities.published import activities_of
from activities.tests.factories import add_activity, make_session
from cohorts import services as cohort_services
from cohorts.models import Cohort, PlanItem
from cohorts.peoplelist import read_text
from cohorts.tests.people import make_participant
from courses.published import read

MONDAY = dt.date(2026, 3, 2)


@pytest.fixture
def days(small, cohort) -> Cohort:
    """A cohort on Monday and Tuesday; the course has a meeting after its first section, and four short sections."""
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=MONDAY, ends_on=MONDAY + dt.timedelta(days=1))
    add_activity(small)
    cohort.refresh_from_db()
    return cohort


def wish(**fields) -> dict:
    return {
        "first_day": MONDAY, "days": 2, "weekdays": range(7), "starts": "09:00", "ends": "17:00", "lunch_at": "12:30",
        "lunch_minutes": 60, "pause": 15, "people": 4, "group_size": 2, "reads": "on", "hold": ["meeting"], **fields,
    }  # fmt: skip


def way(cohort: Cohort) -> str:
    return reverse("cohort_agenda_propose", args=[cohort.public_id])


def put(client, cohort: Cohort, **fields):
    """Look at what these wishes come to, and put it on the plan."""
    page = client.get(way(cohort), wish(**fields))
    stamp = re.search(r'name="stamp" value="(\w+)"', page.text)
    return client.post(f"{way(cohort)}?{page.request['QUERY_STRING']}", {"stamp": stamp[1] if stamp else ""})


def plan(cohort: Cohort) -> list[tuple]:
    """Return what is on the plan: what, on which day, when, for how long."""
    return [
        (item.title or item.activity_key or item.section.title, (item.on - MONDAY).days, item.at, item.minutes)
        for item in cohort.plan.order_by("on", "at", "pk").select_related("section")
    ]


def test_minutes_come_from_the_steps_and_from_how_many_people_there_are(small):
    add_activity(small)
    found = activities_of(read(small.course)).activity("meeting")
    assert planned_minutes(found, 4, 2) == 15  # 5 + 4 × 2, in steps of five

    activity = Activity.objects.get()
    plain = {"work": "alone", "instructions": "x", "body": "x"}
    activity.phases.create(key="groups", title="x", minutes=10, per="group", position=3, **plain)
    activity.phases.create(key="rounds", title="x", minutes=3, per="round", position=4, **plain)
    small.publish()
    found = activities_of(read(small.course)).activity("meeting")

    assert planned_minutes(found, 5, 2) == 60  # 5 + 5 × 2 + 3 × 10 + 4 × 3


def test_at_first_it_proposes_the_cohorts_own_days_and_all_that_is_not_held_yet(small, days, ada, as_ada):
    make_session(small, days, ada)
    page = as_ada.get(way(days))

    assert page.status_code == 200
    assert re.search(r"Monday 2 March 2026.*1\. Meeting.*Tuesday 3 March 2026", page.text, re.S)
    assert re.search(r'value="meeting" id="hold-meeting" checked', page.text)
    assert not re.search(r'value="sectors" id="hold-sectors" checked', page.text)
    assert not days.plan.exists(), "looking at it writes nothing"


def test_of_two_introductions_only_one_is_proposed(small, days, as_ada):
    for letter in "ab":
        Activity.objects.create(
            course=small.course, key=f"hello-{letter}", number=f"0{letter}", title=f"Hello {letter}", technique="x",
            summary="x", stage="opening", place="x", size="x",
        )  # fmt: skip
    small.publish()

    held = re.findall(r'id="hold-([\w-]+)" checked', as_ada.get(way(days)).text)
    assert held == ["hello-a", "meeting"]


def test_it_is_taken_over_into_the_plan_and_stands_on_the_agenda(days, bens_membership, as_ada, as_ben):
    response = put(as_ada, days)

    agenda = reverse("cohort_agenda", args=[days.public_id])
    assert response.url == agenda
    found = plan(days)
    assert found[:2] == [
        ("Section 1 of challenges", 0, dt.time(9), 10),
        ("meeting", 0, dt.time(9, 10), 15),
    ]
    assert len(found) == 5
    for client in (as_ada, as_ben):
        assert re.search(r"09:10</time> – <time>09:25</time>.*1\. Meeting", client.get(agenda).text, re.S)


def test_twice_is_the_same(days, as_ada):
    page = as_ada.get(way(days), wish())
    stamp = re.search(r'name="stamp" value="(\w+)"', page.text)[1]
    url = f"{way(days)}?{page.request['QUERY_STRING']}"

    assert [as_ada.post(url, {"stamp": stamp}).status_code for _click in range(2)] == [302, 302]
    assert days.plan.count() == 5


def test_minutes_of_ones_own_count_and_lunch_stays_free(days, as_ada):
    put(as_ada, days, **{"minutes-meeting": 205, "reads": "", "lunch_at": "12:00"})

    assert ("meeting", 0, dt.time(13), 205) in plan(days)
    page = as_ada.get(reverse("cohort_agenda", args=[days.public_id])).text
    assert "Lunch" not in page, "nothing before it on that day"


def test_the_agenda_shows_pauses_between_what_is_planned(days, as_ada):
    for title, at in (("Opening", dt.time(11)), ("Visit", dt.time(13))):
        days.plan.create(kind="event", title=title, on=MONDAY, at=at, minutes=75 if title == "Opening" else 60)
    days.plan.create(kind="event", title="Talk", on=MONDAY, at=dt.time(14, 20), minutes=10)
    days.plan.create(kind="event", title="Dinner", on=MONDAY, at=dt.time(19))
    days.plan.create(kind="event", title="Bring a photo", on=MONDAY)

    page = as_ada.get(reverse("cohort_agenda", args=[days.public_id])).text

    rows = re.findall(r"<time>([\d:]+)</time>.*?<td><span[^>]*>(.*?)</span>", page)
    assert rows == [
        ("11:00", "Opening"),
        ("12:15", "Lunch"),
        ("13:00", "Visit"),
        ("14:00", "Break"),
        ("14:20", "Talk"),
        ("14:30", "Free time"),
        ("19:00", "Dinner"),
    ]
    assert "Bring a photo" in page


def test_reading_beforehand_is_due_the_day_before_it_is_needed(small, days, as_ada):
    put(as_ada, days, reads="")

    first, meeting, *rest = plan(days)[:1] + [row for row in plan(days) if row[0] == "meeting"] + plan(days)[1:]
    assert first == ("Section 1 of challenges", -1, None, 10)
    assert meeting[1:3] == (0, dt.time(9))
    assert {row[1] for row in rest if row[0] != "meeting"} == {-1}


def test_what_does_not_fit_is_said_and_not_planned(days, as_ada):
    page = as_ada.get(way(days), wish(**{"minutes-meeting": 400})).text
    assert "It does not fit" in page
    assert re.search(r"Left out.*1\. Meeting", page, re.S)

    put(as_ada, days, **{"minutes-meeting": 400})
    assert "meeting" not in [row[0] for row in plan(days)]


def test_reading_moves_out_of_the_room_before_an_activity_is_left_out(days, as_ada):
    page = as_ada.get(way(days), wish(days=1, starts="09:00", ends="09:25", lunch_minutes=0)).text

    assert "It fits, if some is read beforehand" in page
    assert re.search(r"1\. Meeting", page)
    assert "by Sun 1 Mar" in page


# --- The plan that is there ---------------------------------------------------------------------------------


def test_what_is_on_the_plan_stays_and_its_time_stays_taken(days, as_ada):
    days.plan.create(kind="activity", activity_key="meeting", on=MONDAY, at=dt.time(10), minutes=60)
    days.plan.create(kind="event", title="Opening", on=MONDAY, at=dt.time(9), minutes=30)

    assert "1 point is on the plan already" in as_ada.get(way(days), wish()).text
    put(as_ada, days)

    found = plan(days)
    assert ("meeting", 0, dt.time(10), 60) in found
    assert [row for row in found if row[1] == 0 and row[2] < dt.time(9, 30)] == [("Opening", 0, dt.time(9), 30)]
    assert len(found) == 6


def test_it_is_moved_only_when_that_is_ticked(small, days, as_ada):
    days.plan.create(kind="activity", activity_key="meeting", on=MONDAY + dt.timedelta(days=1), at=dt.time(15))
    section = days.plan.create(kind="reading", section=small.sections[0], on=MONDAY - dt.timedelta(days=9))

    put(as_ada, days, moves="on")

    assert plan(days)[:2] == [("Section 1 of challenges", 0, dt.time(9), 10), ("meeting", 0, dt.time(9, 10), 15)]
    assert PlanItem.objects.filter(pk=section.pk).exists(), "the same point, moved"
    assert days.plan.count() == 5


def test_when_the_plan_has_changed_meanwhile_the_new_agenda_is_shown_first(days, as_ada):
    page = as_ada.get(way(days), wish())
    stamp = re.search(r'name="stamp" value="(\w+)"', page.text)[1]
    days.plan.create(kind="event", title="Opening", on=MONDAY, at=dt.time(9), minutes=30)

    response = as_ada.post(f"{way(days)}?{page.request['QUERY_STRING']}", {"stamp": stamp})

    assert response.status_code == 409
    assert "has changed meanwhile" in response.text
    assert days.plan.count() == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"ends": "08:00"}, "ends"),
        ({"days": 99}, "days"),
        ({"first_day": "1999-01-01"}, "first_day"),
        ({"weekdays": []}, "weekdays"),
        ({"hold": ["made-up"]}, "hold"),
        ({"minutes-meeting": 9999}, "minutes-meeting"),
        ({"people": 0}, "people"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(days, as_ada, fields, wrong):
    response = as_ada.get(way(days), wish(**fields))

    assert response.status_code == 422
    assert wrong in response.context["form"].errors
    assert put(as_ada, days, **fields).status_code == 422
    assert not days.plan.exists()


def test_an_archived_cohort_gets_no_agenda(days, as_ada):
    Cohort.objects.filter(pk=days.pk).update(archived_at="2026-01-01T00:00Z")

    assert as_ada.get(way(days)).status_code == 403
    assert as_ada.post(way(days)).status_code == 403


def test_others_plan_nothing(days, bens_membership, as_ben, as_cleo):
    assert [client.post(way(days)).status_code for client in (as_ben, as_cleo)] == [403, 404]


def test_the_agenda_is_proposed_for_those_who_have_joined_or_are_invited(days, as_ada, ada):
    def proposed_for():
        return re.search(r'name="people"[^>]*value="(\d+)"', as_ada.get(way(days)).text)[1]

    assert proposed_for() == "20", "a room of people as long as there is nobody"
    make_participant(days, "Aya")
    people = read_text("fatou@example.org").people
    cohort_services.invite(cohort=days, by=ada, people=people, site="http://testserver/")

    assert proposed_for() == "2"


@pytest.mark.parametrize("points_count", [1, 3])
def test_pages_cost_the_same_for_any_plan(days, as_ada, points_count, django_assert_num_queries):
    for number in range(points_count):
        days.plan.create(kind="event", title=f"Event {number}", on=MONDAY, at=dt.time(9 + number))
    agenda = reverse("cohort_agenda", args=[days.public_id])
    as_ada.get(way(days))
    as_ada.get(agenda)

    with django_assert_num_queries(7):
        as_ada.get(way(days), wish())
    with django_assert_num_queries(4):
        as_ada.get(agenda)
