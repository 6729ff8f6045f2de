"""What was held stands in the topic that it belongs to, for those whose cohort held it."""

import pytest
from django.urls import reverse

from activities import services
from activities.models import Session
from activities.published import activities_of
from activities.tests.factories import add_activity
from conftest import SmallCourse, make_cohort
from courses.published import read

TOPIC = "/courses/core/challenges/"
SECTION = "/courses/core/challenges/section-1/"


@pytest.fixture
def meeting(small, cohort, ada, bens_membership) -> Session:
    """A session of the activity after the first section; it goes on, and Ben learns in its cohort."""
    add_activity(small)
    return open_session(small, cohort, ada)


def open_session(small: SmallCourse, cohort, facilitator) -> Session:
    plan = activities_of(read(small.course)).activity("meeting")
    session = services.prepare_session(activity=plan, cohort=cohort, facilitator=facilitator)
    services.begin(session=session)
    return session


def results(session: Session) -> str:
    return reverse("session_results", args=[session.public_id])


@pytest.mark.parametrize("path", [TOPIC, SECTION])
def test_results_stand_where_the_activity_does_once_it_has_ended(small, meeting, cohort, as_ben, as_ada, path):
    assert results(meeting) not in as_ben.get(path).text
    services.end_session(session=meeting)

    for client in (as_ben, as_ada):
        page = client.get(path).text
        assert results(meeting) in page
        assert f"<bdi>{cohort.name}</bdi> held this on" in page


@pytest.mark.parametrize("path", [TOPIC, SECTION])
def test_other_cohorts_and_former_members_see_nothing_of_it(
    small, meeting, cleo, as_cleo, as_ben, bens_membership, path
):
    make_cohort(small.course, cleo, name="Elsewhere")
    services.end_session(session=meeting)
    assert results(meeting) not in as_cleo.get(path).text

    type(bens_membership).objects.filter(pk=bens_membership.pk).update(left_at=meeting.created_at)
    assert results(meeting) not in as_ben.get(path).text


@pytest.mark.parametrize("path", [TOPIC, SECTION])
@pytest.mark.parametrize("sessions_count", [1, 3])
def test_they_cost_one_query_however_many(
    small, meeting, cohort, ada, as_ben, path, sessions_count, django_assert_num_queries
):
    services.end_session(session=meeting)
    for _number in range(sessions_count - 1):
        services.end_session(session=open_session(small, cohort, ada))
    assert as_ben.get(path).text.count("held this on") == sessions_count

    with django_assert_num_queries(8):
        as_ben.get(path)
