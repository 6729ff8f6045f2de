"""Who is in a cohort: roles, moving, leaving. Whatever happens, people's work stays theirs."""

import pytest
from django.urls import reverse

from accounts.models import User
from cohorts import services
from cohorts.models import Cohort, Membership
from cohorts.tests.conftest import make_code
from conftest import make_cohort, make_user, signed_in
from courses import services as course_services
from courses.models import Answer


@pytest.fixture
def answer(small, bens_membership) -> Answer:
    """Ben shares an answer with his facilitators."""
    return course_services.save_answer(
        enrolment=bens_membership.enrolment,
        topic_id=small.topics[0].pk,
        section_id=small.sections[0].pk,
        question_id=small.questions[0].pk,
        revision=1,
        draft=course_services.Draft(text="Ours", version=0),
        audience="facilitators",
    )


def test_a_facilitator_is_added_by_address(cohort, as_ada):
    second = make_user("second@example.org", is_facilitator=True)

    as_ada.post(reverse("facilitator_add", args=[cohort.public_id]), {"email": "Second@Example.org"})

    assert signed_in(second).get(reverse("cohort_edit", args=[cohort.public_id])).status_code == 200


def test_who_is_no_facilitator_is_not_added_by_address(cohort, ben, as_ada):
    response = as_ada.post(reverse("facilitator_add", args=[cohort.public_id]), {"email": ben.email})

    assert response.status_code == 422
    assert "No facilitator has this address" in response.text
    assert not cohort.memberships.filter(user=ben).exists()


def test_a_cohort_is_handed_over(cohort, ada, cleo, as_ada):
    services.add_facilitator(user=cleo, cohort=cohort)

    as_ada.post(reverse("cohort_leave", args=[cohort.public_id]))

    assert as_ada.get(cohort.get_absolute_url()).status_code == 404
    assert signed_in(cleo).get(cohort.get_absolute_url()).status_code == 200


def test_the_only_facilitator_stays(cohort, ada, as_ada):
    membership = cohort.memberships.get(user=ada)
    urls = [
        reverse("cohort_leave", args=[cohort.public_id]),
        reverse("member_remove", args=[cohort.public_id, membership.public_id]),
    ]
    for url in urls:
        assert "Somebody must facilitate" in as_ada.post(url, follow=True).text
    role = reverse("member_role", args=[cohort.public_id, membership.public_id])
    assert "Somebody must facilitate" in as_ada.post(role, {"role": "participant"}, follow=True).text

    assert cohort.memberships.get(user=ada).is_facilitator


def test_a_facilitator_whose_account_is_closed_does_not_count(cohort, ada, cleo):
    services.add_facilitator(user=cleo, cohort=cohort)
    User.objects.filter(pk=cleo.pk).update(is_active=False)

    with pytest.raises(services.LastFacilitatorError):
        services.leave(membership=cohort.memberships.get(user=ada))
    services.leave(membership=cohort.memberships.get(user=cleo))


def test_a_participant_facilitates_and_is_a_participant_again(cohort, bens_membership, as_ada, as_ben):
    role = reverse("member_role", args=[cohort.public_id, bens_membership.public_id])
    edit = reverse("cohort_edit", args=[cohort.public_id])

    as_ada.post(role, {"role": "facilitator"})
    assert as_ben.get(edit).status_code == 200
    as_ada.post(role, {"role": "participant"})
    assert as_ben.get(edit).status_code == 403


def test_leaving_loses_nothing_of_the_persons_work_and_everything_of_the_facilitators_sight(
    cohort, bens_membership, answer, as_ada, as_ben
):
    as_ben.post(reverse("cohort_leave", args=[cohort.public_id]))

    assert "Ours" in as_ben.get(reverse("my_answers")).text
    assert as_ben.get(cohort.get_absolute_url()).status_code == 404
    assert "Ben" not in as_ada.get(reverse("cohort_members", args=[cohort.public_id])).text


def test_a_removed_participant_keeps_their_work_and_can_join_again(cohort, ben, bens_membership, answer, as_ada):
    as_ada.post(reverse("member_remove", args=[cohort.public_id, bens_membership.public_id]))
    again = services.join(user=ben, cohort=cohort)

    assert again == bens_membership
    assert again.enrolment.answers.get().text == "Ours"


def test_whoever_removes_somebody_is_warned_of_a_code_that_lets_them_back_in(cohort, ben, bens_membership, as_ada):
    member = reverse("cohort_member", args=[cohort.public_id, bens_membership.public_id])
    remove = reverse("member_remove", args=[cohort.public_id, bens_membership.public_id])
    warning, invite = "it lets them back in", f'href="{cohort.get_absolute_url()}invite/">Revoke it'
    make_code(cohort, days=-1)
    assert warning not in as_ada.get(member).text
    code = make_code(cohort)

    assert warning in as_ada.get(member).text
    page = as_ada.post(remove, follow=True).text
    assert warning in page
    assert invite in page

    services.join(user=ben, cohort=cohort)
    services.revoke_code(code=code)
    assert warning not in as_ada.post(remove, follow=True).text


def test_a_facilitator_who_left_comes_back_as_a_participant(cohort, ada, cleo):
    services.add_facilitator(user=cleo, cohort=cohort)
    services.leave(membership=cohort.memberships.get(user=ada))

    assert not services.join(user=ada, cohort=cohort).is_facilitator


def test_somebody_is_moved_to_another_cohort_of_the_same_facilitator(
    small, cohort, bens_membership, answer, ada, ben, as_ada, as_ben
):
    other = make_cohort(small.course, ada, name="Second run")

    as_ada.post(reverse("member_move", args=[cohort.public_id, bens_membership.public_id]), {"cohort": other.pk})

    assert as_ben.get(cohort.get_absolute_url()).status_code == 404
    assert as_ben.get(other.get_absolute_url()).status_code == 200
    assert other.memberships.get(user=ben).enrolment.answers.get().text == "Ours"


def test_nobody_is_moved_into_a_cohort_that_the_facilitator_does_not_facilitate(
    small, cohort, bens_membership, cleo, as_ada
):
    other = make_cohort(small.course, cleo, name="Cleo's")
    url = reverse("member_move", args=[cohort.public_id, bens_membership.public_id])

    assert as_ada.post(url, {"cohort": other.pk}).status_code == 422
    assert not other.memberships.participants().exists()


def test_a_member_of_another_cohort_is_not_found_here(small, cohort, bens_membership, cleo):
    make_cohort(small.course, cleo, name="Cleo's")
    cleos = Cohort.objects.get(name="Cleo's")

    url = reverse("cohort_member", args=[cleos.public_id, bens_membership.public_id])

    assert signed_in(cleo).get(url).status_code == 404


@pytest.mark.parametrize(("members_see", "status"), [("nothing", 403), ("names", 200), ("profiles", 200)])
def test_participants_see_of_each_other_what_the_cohort_says(cohort, bens_membership, as_ben, members_see, status):
    Cohort.objects.filter(pk=cohort.pk).update(members_see=members_see)
    services.join(user=make_user("mia@example.org", name="Mia", organization="City of Lima"), cohort=cohort)

    response = as_ben.get(reverse("cohort_members", args=[cohort.public_id]))

    assert response.status_code == status
    assert ("Mia" in response.text) is (status == 200)
    assert ("City of Lima" in response.text) is (members_see == "profiles")
    assert "mia@example.org" not in response.text


def test_the_list_costs_the_same_for_three_members_and_for_thirty(
    cohort, bens_membership, as_ada, django_assert_num_queries
):
    url = reverse("cohort_members", args=[cohort.public_id])
    as_ada.get(url)
    with django_assert_num_queries(4):
        as_ada.get(url)
    for number in range(30):
        services.join(user=make_user(f"p{number}@example.org"), cohort=cohort)
    with django_assert_num_queries(4):
        as_ada.get(url)
    assert Membership.objects.current().participants().count() == 31


def test_two_facilitators_who_move_somebody_at_once_move_them_once(small, cohort, bens_membership, ada, ben):
    first, second = (make_cohort(small.course, ada, name=name) for name in ("First", "Second"))
    services.move(membership=bens_membership, cohort=first)

    with pytest.raises(Membership.DoesNotExist):
        services.move(membership=bens_membership, cohort=second)

    assert first.memberships.current().filter(user=ben).exists()
    assert not second.memberships.filter(user=ben).exists()
