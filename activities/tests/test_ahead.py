"""What comes next is always said to those who facilitate: the next step, then the next activity on the plan."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from activities import services
from activities.models import Session
from activities.published import activities_of
from activities.tests.factories import add_activity, make_session
from activities.tests.holding import go_on, seen
from cohorts.models import Cohort, PlanItem
from conftest import make_cohort, signed_in
from courses.published import read


def plan(cohort: Cohort, key: str, days: int = 1, at: dt.time | None = None) -> PlanItem:
    """Put an activity on the plan of the cohort, so many days from now."""
    return cohort.plan.create(kind="activity", activity_key=key, on=cohort.today + dt.timedelta(days=days), at=at)


@pytest.fixture
def session(small, cohort, ada) -> Session:
    """A session of two steps; the course has another activity, too."""
    add_activity(small)
    return make_session(small, cohort, ada)


def meeting(small, cohort, facilitator) -> Session:
    course = read(type(small.course).objects.get(pk=small.course.pk))
    activity = activities_of(course).activity("meeting")
    return services.prepare_session(activity=activity, cohort=cohort, facilitator=facilitator)


def test_the_console_says_the_next_step_then_the_next_activity_with_its_time(session, cohort, as_ada):
    Cohort.objects.filter(pk=cohort.pk).update(time_zone="Asia/Tokyo")
    item = plan(cohort, "meeting", at=dt.time(14))

    page = seen(as_ada, session, "host")
    assert "Next: Talk" in page
    assert "Next activity" not in page
    go_on(session)

    words = rf"Next activity.*1\. Meeting.*{item.on:%a} {item.on.day} {item.on:%b}, 14:00"
    way = f'href="/activities/core/meeting/?cohort={cohort.public_id}#hold"'
    for end in (False, True):
        if end:
            services.end_session(session=session)
        page = seen(as_ada, session, "host")
        assert re.search(words, page, re.S)
        assert way in page


def test_the_way_leads_to_opening_it_with_this_cohort(small, session, cohort, ada, as_ada):
    make_cohort(small.course, ada, name="Another")
    plan(cohort, "meeting")

    page = as_ada.get(f"/activities/core/meeting/?cohort={cohort.public_id}").text

    assert 'id="hold"' in page
    assert re.findall(r'<option value="(\w+)" selected>', page) == [cohort.public_id]


def test_before_it_begins_a_session_says_what_comes_after_it(small, session, cohort, ada, as_ada):
    plan(cohort, "meeting")
    plan(cohort, "sectors", days=2)
    services.end_session(session=session)
    prepared = meeting(small, cohort, ada)

    assert "No further activity is on the plan." in seen(as_ada, prepared, "host"), "sectors has been held"
    Session.objects.filter(pk=session.pk).delete()
    assert "1. Sectors" in seen(as_ada, prepared, "host")


def test_one_that_is_prepared_is_entered_by_its_console(small, session, cohort, ada, as_ada):
    plan(cohort, "meeting")
    prepared = meeting(small, cohort, ada)

    for path in ("/", cohort.get_absolute_url()):
        page = as_ada.get(path).text
        assert re.search(rf"Next activity.*Meeting.*{reverse('session_host', args=[prepared.public_id])}", page, re.S)


@pytest.mark.parametrize("path", ["/", "cohort"])
def test_facilitators_find_it_at_home_and_on_the_cohorts_page(session, cohort, bens_membership, as_ada, as_ben, path):
    plan(cohort, "meeting", days=-1)
    plan(cohort, "meeting", days=0)
    path = cohort.get_absolute_url() if path == "cohort" else path

    assert as_ada.get(path).text.count("Next activity") == 1
    assert "Next activity" not in as_ben.get(path).text


def test_what_was_held_or_is_past_does_not_come_next(small, session, cohort, ada, as_ada):
    plan(cohort, "meeting", days=-1)
    plan(cohort, "sectors")

    assert "Next activity" not in as_ada.get("/").text


def test_nobody_sees_what_other_cohorts_hold_next(small, session, cohort, cleo, as_cleo):
    make_cohort(small.course, cleo, name="Elsewhere")
    plan(cohort, "meeting")

    assert "Next activity" not in as_cleo.get("/").text


def test_home_costs_the_same_for_one_cohort_and_for_three(small, session, cohort, ada, django_assert_num_queries):
    client = signed_in(ada)
    plan(cohort, "meeting")
    client.get("/")
    with django_assert_num_queries(10):
        client.get("/")
    for name in ("Second", "Third"):
        plan(make_cohort(small.course, ada, name=name), "meeting")

    with django_assert_num_queries(10):
        assert client.get("/").text.count("Next activity") == 3
