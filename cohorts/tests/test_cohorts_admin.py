"""Admins make cohorts and say who facilitates them; what people share there is not in the admin."""

import pytest
from django.urls import reverse

from cohorts import services
from cohorts.models import Cohort
from conftest import make_user, signed_in

FIELDS = {
    "name": "Lima",
    "starts_on": "2027-03-01",
    "ends_on": "2027-03-05",
    "mode": "remote",
    "time_zone": "America/Lima",
    "members_see": "names",
    "memberships-TOTAL_FORMS": 1,
    "memberships-INITIAL_FORMS": 0,
}


def inline(cohort, *rows, **fields):
    """Return the fields of a cohort's page with *rows*, each a membership or (user, role)."""
    stored = list(cohort.memberships.current().facilitators())
    data = {**FIELDS, "memberships-TOTAL_FORMS": len(stored), "memberships-INITIAL_FORMS": len(stored)}
    for place, row in enumerate(stored):
        data |= {f"memberships-{place}-id": row.pk, f"memberships-{place}-role": row.role}
    for user, role in rows:
        place = data["memberships-TOTAL_FORMS"]
        data |= {f"memberships-{place}-user": user.pk, f"memberships-{place}-role": role}
        data["memberships-TOTAL_FORMS"] += 1
    return data | fields


@pytest.fixture
def url(cohort):
    return reverse("admin:cohorts_cohort_change", args=[cohort.pk])


def test_a_cohort_is_made_with_its_facilitator(small, ada, as_dag):
    data = {**FIELDS, "course": small.course.pk, "memberships-0-user": ada.pk, "memberships-0-role": "facilitator"}

    as_dag.post(reverse("admin:cohorts_cohort_add"), data)

    assert Cohort.objects.get().memberships.get().is_facilitator


def test_somebody_added_as_participant_is_enrolled(cohort, ben, as_dag, url):
    as_dag.post(url, inline(cohort, (ben, "participant")))

    assert cohort.memberships.get(user=ben).enrolment.course == cohort.course


def test_who_has_left_is_let_in_again(cohort, ben, bens_membership, as_dag, url):
    services.leave(membership=bens_membership)

    as_dag.post(url, inline(cohort, (ben, "participant")))

    assert cohort.memberships.current().filter(user=ben).exists()


def test_removing_ends_the_membership_and_keeps_the_row(cohort, cleo, as_dag, url):
    services.add_facilitator(user=cleo, cohort=cohort)
    place = list(cohort.memberships.current().facilitators()).index(cohort.memberships.get(user=cleo))

    as_dag.post(url, inline(cohort, **{f"memberships-{place}-DELETE": "on"}))

    assert not cohort.memberships.current().filter(user=cleo).exists()
    assert cohort.memberships.filter(user=cleo).exists()


def test_a_cohort_of_many_is_changed_all_the_same(cohort, as_dag, url):
    for number in range(5):
        services.join(user=make_user(f"p{number}@example.org"), cohort=cohort)

    page = as_dag.get(url)
    as_dag.post(url, inline(cohort))

    assert "p1@example.org" not in page.text
    assert Cohort.objects.get().name == "Lima"


def test_the_last_facilitator_is_not_taken_away(cohort, ada, as_dag, url):
    for change in ({"memberships-0-DELETE": "on"}, {"memberships-0-role": "participant"}):
        response = as_dag.post(url, inline(cohort, **change), follow=True)
        assert "Somebody must facilitate" in response.text
    assert cohort.memberships.current().get(user=ada).is_facilitator


def test_the_list_costs_the_same_for_one_cohort_and_for_three(
    small, cohort, ada, as_dag, django_assert_max_num_queries
):
    page = reverse("admin:cohorts_cohort_changelist")
    as_dag.get(page)
    with django_assert_max_num_queries(10):
        as_dag.get(page)
    for name in ("Second", "Third"):
        services.make_cohort(
            facilitator=ada, course=small.course, name=name, starts_on=cohort.starts_on, ends_on=cohort.ends_on
        )
    with django_assert_max_num_queries(10):
        as_dag.get(page)


def test_staff_without_the_permission_does_not_look(cohort):
    client = signed_in(make_user("staff@example.org", is_staff=True))

    assert client.get(reverse("admin:cohorts_cohort_changelist")).status_code == 403
