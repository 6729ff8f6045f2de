"""Phases of the course's own activities in an order that nobody planned: facilitators may choose one."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from activities import services
from activities.models import Session
from activities.published import activities_of
from activities.tests.factories import seat_people
from activities.tests.room import COURSE
from conftest import make_cohort, make_user, signed_in
from courses.models import Course
from courses.published import read

PAGES = (
    "session",
    "session_host",
    "session_screen",
    "session_results",
    "session_download",
    "session_paper",
    "session_kit",
    "session_to_paper",
)


@pytest.fixture
def course(db):
    call_command("import_course", COURSE, stdout=StringIO())
    return Course.objects.get()


def walk(session: Session, ada, aya) -> None:
    """Enter every phase; all pages of who facilitates and of a participant are there in each."""
    services.begin(session=session)
    for position in range(1, session.phases.count() + 1):
        services.go_to(session=session, position=position, from_position=position - 1)
        services.resume(session=session)
        for name in PAGES:
            assert ada.get(reverse(name, args=[session.public_id])).status_code == 200, (session, position, name)
        for name in ("session", "session_mine"):
            assert aya.get(reverse(name, args=[session.public_id])).status_code == 200, (session, position, name)
    services.end_session(session=session)
    assert aya.get(reverse("session_results", args=[session.public_id])).status_code == 200


def test_every_activity_is_held_from_its_last_phase_to_its_first(course):
    ada = make_user("ada@example.org", is_facilitator=True)
    cohort = make_cohort(course, ada)
    people = None
    for activity in activities_of(read(course)).activities:
        session = services.prepare_session(activity=activity, cohort=cohort, facilitator=ada)
        services.arrange(session=session, activity=activity, keys=[phase.key for phase in reversed(activity.phases)])
        if people is None:
            people = seat_people(session, "Aya", "Bilal", "Chedi", "Dior")
        for membership in people:
            services.arrive(session=session, membership=membership)
        services.form_groups(session=session, number=2)
        walk(session, signed_in(ada), signed_in(people[0].user))
