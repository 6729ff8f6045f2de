"""A cohort's report names the activities that were held with it."""

from django.urls import reverse

from activities import services
from activities.tests.factories import make_session
from cohorts.permissions import Desk
from cohorts.report import make_report
from conftest import make_cohort
from courses.published import read


def tables(cohort, user):
    membership = cohort.memberships.get(user=user)
    report = make_report(Desk(cohort, membership, read(cohort.course)))
    return {table.title: table for table in report.tables}


def test_what_was_held_stands_in_the_report_with_how_many_took_part(small, cohort, bens_membership, ada, as_ada):
    assert "Activities held live" not in tables(cohort, ada)
    session = make_session(small, cohort, ada)
    services.arrive(session=session, membership=bens_membership)
    services.arrive(session=session, membership=cohort.memberships.get(user=ada))
    services.end_session(session=session)
    small.course.refresh_from_db()
    cohort.refresh_from_db()

    ((activity, _day, people, minutes),) = tables(cohort, ada)["Activities held live"].rows

    assert (activity, people, minutes) == ("1. Sectors", 1, 0)
    assert "Activities held live" in as_ada.get(reverse("cohort_report", args=[cohort.public_id])).text


def test_what_another_cohort_did_is_not_in_it(small, cohort, ada):
    make_session(small, make_cohort(small.course, ada, name="Elsewhere"), ada)
    cohort.refresh_from_db()

    assert "Activities held live" not in tables(cohort, ada)
