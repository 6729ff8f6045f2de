"""The plan of a cohort: what is to be read by when, in everybody's own time, and in their calendar."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar

from accounts.models import User
from activities.tests.factories import add_activity
from cohorts import services
from cohorts.calendars import calendar_url
from cohorts.models import Cohort, PlanItem
from conftest import make_cohort, make_user, signed_in
from courses import services as course_services


def add(client, cohort, **fields):
    return client.post(reverse("plan_add", args=[cohort.public_id]), {"on": str(cohort.starts_on), **fields})


def test_a_section_and_an_appointment_are_put_on_the_plan(small, cohort, bens_membership, as_ada, as_ben):
    add(as_ada, cohort, kind="reading", section=small.sections[1].pk)
    add(as_ada, cohort, kind="event", title="Opening", at="09:30", minutes="45")

    for client in (as_ada, as_ben):
        page = client.get(reverse("cohort_plan", args=[cohort.public_id])).text
        assert "1.2 Section 2 of challenges" in page
        assert "Opening" in page
        assert "45 minutes" in page


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "reading"}, "section"),
        ({"kind": "reading", "section": "999999"}, "section"),
        ({"kind": "event"}, "title"),
        ({"kind": "event", "title": "x", "on": "1999-01-01"}, "on"),
        ({"kind": "event", "title": "x", "minutes": "100000"}, "minutes"),
        ({"kind": "activity", "activity_key": "made-up"}, "activity_key"),
        ({"kind": "nonsense"}, "kind"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(cohort, as_ada, fields, wrong):
    response = add(as_ada, cohort, **fields)

    assert response.status_code == 422
    assert wrong in response.context["form"].errors
    assert not cohort.plan.exists()


def test_a_section_is_planned_once(small, cohort, as_ada):
    add(as_ada, cohort, kind="reading", section=small.sections[0].pk)
    response = add(as_ada, cohort, kind="reading", section=small.sections[0].pk)

    assert "on the plan already" in response.text
    assert cohort.plan.count() == 1


def test_the_reading_is_spread_over_the_days_in_its_order_and_twice_adds_nothing(small, cohort, as_ada):
    for _time in range(2):
        as_ada.post(reverse("plan_propose", args=[cohort.public_id]))

    items = list(cohort.plan.all())
    assert [item.section for item in items] == small.sections
    assert all(cohort.starts_on <= item.on <= cohort.ends_on for item in items)
    assert items[0].on < items[-1].on


def test_a_point_of_the_plan_is_changed_and_taken_off(small, cohort, as_ada):
    item = PlanItem.objects.create(cohort=cohort, kind="event", title="Opening", on=cohort.starts_on)
    keys = [cohort.public_id, item.public_id]

    as_ada.post(reverse("plan_item", args=keys), {"kind": "event", "title": "Welcome", "on": str(cohort.ends_on)})
    item.refresh_from_db()
    assert (item.title, item.on) == ("Welcome", cohort.ends_on)

    for _time in range(2):
        assert as_ada.post(reverse("plan_delete", args=keys)).status_code == 302
    assert not cohort.plan.exists()


def test_a_point_of_another_cohorts_plan_is_not_found(small, cohort, cleo, as_ada):
    other = make_cohort(small.course, cleo, name="Elsewhere")
    item = PlanItem.objects.create(cohort=other, kind="event", title="Theirs", on=other.starts_on)
    keys = [cohort.public_id, item.public_id]

    assert as_ada.get(reverse("plan_item", args=keys)).status_code == 404
    as_ada.post(reverse("plan_delete", args=keys))
    assert other.plan.exists()


def test_what_is_due_is_what_should_have_been_read_and_is_not(small, cohort, bens_membership, as_ben):
    yesterday = cohort.today - timedelta(days=1)
    for section, day in zip(small.sections, [yesterday, yesterday, cohort.today, yesterday], strict=True):
        PlanItem.objects.create(cohort=cohort, kind="reading", section=section, on=day)
    course_services.mark_section(
        enrolment=bens_membership.enrolment,
        topic_id=small.topics[0].pk,
        section_id=small.sections[0].pk,
        done=True,
    )

    due = as_ben.get(cohort.get_absolute_url()).context["due"]

    assert [row.item.section_id for row in due] == [small.sections[1].pk, small.sections[3].pk]


def test_a_day_is_over_when_it_is_over_where_the_cohort_meets(small, cohort, bens_membership, ben):
    Cohort.objects.filter(pk=cohort.pk).update(time_zone="America/Lima")
    PlanItem.objects.create(cohort=cohort, kind="reading", section=small.sections[0], on=date(2027, 3, 1))

    with time_machine.travel("2027-03-02T03:00:00Z", tick=False):
        assert signed_in(ben).get(cohort.get_absolute_url()).context["due"] == []
    with time_machine.travel("2027-03-02T06:00:00Z", tick=False):
        assert len(signed_in(ben).get(cohort.get_absolute_url()).context["due"]) == 1


def test_times_are_shown_where_the_reader_is(small, ada, cohort):
    Cohort.objects.filter(pk=cohort.pk).update(time_zone="Africa/Tunis")
    rosa = make_user("rosa@example.org", time_zone="America/Lima")
    services.join(user=rosa, cohort=cohort)
    PlanItem.objects.create(cohort=cohort, kind="event", title="Opening", on=date(2027, 3, 2), at=time(3, 30))

    page = signed_in(rosa).get(reverse("cohort_plan", args=[cohort.public_id])).text

    assert "Mon 1 Mar, 21:30" in page


def test_the_calendar_follows_the_plan_until_its_reader_leaves(small, client, cohort, bens_membership, as_ben):
    Cohort.objects.filter(pk=cohort.pk).update(time_zone="Africa/Tunis", place="Hotel; Sfax,\nTunisia")
    PlanItem.objects.create(cohort=cohort, kind="reading", section=small.sections[0], on=date(2027, 3, 1))
    PlanItem.objects.create(cohort=cohort, kind="event", title="Opening", on=date(2027, 3, 2), at=time(9), minutes=30)
    url = as_ben.get(reverse("cohort_plan", args=[cohort.public_id])).context["calendar_url"]

    response = client.get(url)

    reading, opening = Calendar.from_ical(response.content).walk("VEVENT")
    assert response["Content-Type"].startswith("text/calendar")
    assert (reading["summary"], reading.decoded("dtstart")) == ("Read 1.1 Section 1 of challenges", date(2027, 3, 1))
    assert opening.decoded("dtstart").isoformat() == "2027-03-02T08:00:00+00:00"
    assert opening.decoded("duration") == timedelta(minutes=30)
    services.leave(membership=bens_membership)
    assert client.get(url).status_code == 404


def test_the_calendar_ends_with_its_readers_account(client, bens_membership, ben):
    url = calendar_url(bens_membership)
    assert client.get(url).status_code == 200

    User.objects.filter(pk=ben.pk).update(is_active=False)

    assert client.get(url).status_code == 404


def test_the_plan_costs_the_same_for_one_point_and_for_five(small, cohort, as_ada, django_assert_num_queries):
    url = reverse("cohort_plan", args=[cohort.public_id])
    PlanItem.objects.create(cohort=cohort, kind="event", title="Opening", on=cohort.starts_on)
    as_ada.get(url)
    with django_assert_num_queries(4):
        as_ada.get(url)
    services.propose_plan(cohort=cohort, course=as_ada.get(url).context["desk"].course)
    with django_assert_num_queries(4):
        as_ada.get(url)


def test_activities_are_planned_where_the_course_holds_them(small, cohort, as_ada):
    add_activity(small)

    as_ada.post(reverse("plan_propose", args=[cohort.public_id]))

    page = as_ada.get(reverse("cohort_plan", args=[cohort.public_id])).text
    (activity,) = cohort.plan.filter(kind="activity")
    assert activity.on >= cohort.plan.get(section=small.sections[0]).on
    assert reverse("activity", args=["core", activity.activity_key]) in page
