"""Facilitators make, change, archive and copy cohorts."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cohorts import services
from cohorts.models import Cohort, Membership, PlanItem
from conftest import make_cohort, make_user, signed_in

FIELDS = {
    "name": "Sfax, spring",
    "starts_on": "2027-03-01",
    "ends_on": "2027-03-05",
    "mode": "in-person",
    "time_zone": "Africa/Tunis",
    "members_see": "names",
}


def test_whom_an_admin_named_a_facilitator_makes_a_cohort_and_facilitates_it(small, ada, as_ada):
    response = as_ada.post(reverse("cohort_new"), FIELDS)

    cohort = Cohort.objects.get()
    assert response.url == cohort.get_absolute_url()
    assert (cohort.name, cohort.course, cohort.starts_on) == ("Sfax, spring", small.course, date(2027, 3, 1))
    assert cohort.memberships.get().user == ada
    assert cohort.memberships.get().is_facilitator


def test_nobody_else_makes_one(small, as_ben, as_dag):
    for client in (as_ben, as_dag):
        assert client.post(reverse("cohort_new"), FIELDS).status_code == 403
    assert not Cohort.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "two\nlines"),
        ("ends_on", "2027-02-28"),
        ("ends_on", "9999-12-31"),
        ("time_zone", "Mars/Olympus"),
        ("mode", "x"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field_and_nothing_is_made(small, as_ada, field, value):
    response = as_ada.post(reverse("cohort_new"), {**FIELDS, field: value})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "2027-03-01" in response.text
    assert not Cohort.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_copy_in_another_age_is_refused(cohort, as_ada, day):
    response = as_ada.post(reverse("cohort_copy", args=[cohort.public_id]), {"name": "Again", "starts_on": day})

    assert response.status_code == 422
    assert Cohort.objects.get() == cohort


def test_settings_change_and_the_course_stays(cohort, as_ada):
    response = as_ada.post(reverse("cohort_edit", args=[cohort.public_id]), {**FIELDS, "course": "0", "place": "Hotel"})

    assert response.status_code == 302
    changed = Cohort.objects.get(pk=cohort.pk)
    assert (changed.name, changed.place, changed.course_id) == ("Sfax, spring", "Hotel", cohort.course_id)


def test_an_archived_cohort_is_read_and_not_changed_until_it_is_opened_again(cohort, bens_membership, as_ada, as_ben):
    archive = reverse("cohort_archive", args=[cohort.public_id])
    as_ada.post(archive, {"archived": "1"})

    assert "archived" in as_ben.get(cohort.get_absolute_url()).text
    assert as_ada.get(reverse("cohort_edit", args=[cohort.public_id])).status_code == 403
    refused = as_ada.post(reverse("plan_propose", args=[cohort.public_id]))
    assert refused.status_code == 403
    assert "archived" in refused.text

    as_ada.post(archive, {"archived": "0"})
    assert as_ada.get(reverse("cohort_edit", args=[cohort.public_id])).status_code == 200


def test_a_copy_has_settings_and_plan_and_nobody_but_who_made_it(small, cohort, bens_membership, ada, as_ada):
    Cohort.objects.filter(pk=cohort.pk).update(place="Hotel", allows_guests=True)
    section = small.sections[0]
    PlanItem.objects.create(cohort=cohort, kind="reading", on=cohort.starts_on, section=section)
    PlanItem.objects.create(cohort=cohort, kind="event", on=cohort.ends_on, at="09:30", title="Closing")

    as_ada.post(reverse("cohort_copy", args=[cohort.public_id]), {"name": "Again", "starts_on": "2027-03-01"})

    copy = Cohort.objects.get(name="Again")
    assert (copy.place, copy.allows_guests, copy.ends_on) == ("Hotel", True, date(2027, 3, 15))
    assert [(item.on, item.section, item.title) for item in copy.plan.all()] == [
        (date(2027, 3, 1), section, ""),
        (date(2027, 3, 15), None, "Closing"),
    ]
    assert [membership.user for membership in copy.memberships.all()] == [ada]


def test_the_list_shows_my_own_cohorts_alone(small, cohort, bens_membership, cleo, as_ben):
    make_cohort(small.course, cleo, name="Elsewhere")

    page = as_ben.get(reverse("cohorts")).text

    assert "Sfax 2026" in page
    assert "Elsewhere" not in page


def test_the_list_costs_the_same_for_one_cohort_and_for_three(
    small, cohort, bens_membership, ada, ben, as_ben, django_assert_num_queries
):
    with django_assert_num_queries(4):
        as_ben.get(reverse("cohorts"))
    for name in ("Second", "Third"):
        services.join(user=ben, cohort=make_cohort(small.course, ada, name=name))
    with django_assert_num_queries(4):
        as_ben.get(reverse("cohorts"))


def test_the_database_refuses_an_end_before_the_beginning_and_a_second_membership(cohort, ada):
    with pytest.raises(IntegrityError), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(ends_on=date(2000, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(cohort=cohort, user=ada, role="facilitator")


def test_names_are_shown_as_text(small, ada, as_ada):
    cohort = make_cohort(small.course, ada, name="<b>Bold</b>")

    page = as_ada.get(cohort.get_absolute_url()).text

    assert "<b>Bold" not in page
    assert "&lt;b&gt;Bold" in page


def test_a_stranger_learns_nothing_from_a_cohort_of_others(cohort):
    client = signed_in(make_user("eve@example.org", is_facilitator=True))

    there = client.get(cohort.get_absolute_url())
    nowhere = client.get(reverse("cohort", args=["0" * 12]))

    assert there.status_code == nowhere.status_code == 404
    assert "Sfax" not in there.text
    assert len(there.text) == len(nowhere.text)
