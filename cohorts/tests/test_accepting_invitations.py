"""Accepting an invitation: one person, once, and knowingly if it was sent to another address."""

import pytest
from django.test import Client

from accounts.tests.doors import link_mailed_to
from cohorts import services
from cohorts.models import Membership
from cohorts.tests.conftest import words
from cohorts.tests.test_joining_by_code import at_once
from conftest import make_user, signed_in


def test_an_invitation_lets_one_person_in_once(invitation, cohort, as_ada, on):
    path = f"/join/{invitation.token}/"
    fatou = make_user("fatou@example.org")
    assert signed_in(fatou).post(path).url == cohort.get_absolute_url()
    invitation.refresh_from_db()
    assert invitation.membership.user == fatou
    assert "Accepted by Fatou" in words(as_ada.get(on()))

    assert signed_in(fatou).post(path).url == cohort.get_absolute_url()
    for client in (Client(), signed_in(make_user("thief@example.org"))):
        assert "accepted already" in client.get(path).text
        assert client.post(path, {"knowingly": "1"}).status_code == 410
    assert Membership.objects.participants().count() == 1


def test_an_accepted_invitation_is_no_way_back_after_leaving(invitation):
    fatou = make_user("fatou@example.org")
    services.leave(membership=services.join_by_invitation(user=fatou, invitation=invitation, knowingly=False))

    assert signed_in(fatou).post(f"/join/{invitation.token}/").status_code == 410


def test_who_was_invited_and_left_is_invited_again(post, invitation, cohort, as_ada, on):
    fatou = make_user("fatou@example.org")
    services.leave(membership=services.join_by_invitation(user=fatou, invitation=invitation, knowingly=False))
    assert "Accepted, and left since" in words(as_ada.get(on()))

    post("people/send/", {"email": invitation.email})

    assert signed_in(fatou).post(link_mailed_to(invitation.email)).url == cohort.get_absolute_url()


def test_a_visitor_sees_the_address_only_as_its_owner_knows_it(client, invitation):
    page = client.get(f"/join/{invitation.token}/").text

    assert "f…@example.org" in page
    assert "fatou@example.org" not in page


def test_somebody_with_another_address_is_told_and_joins_knowingly(as_cleo, cleo, invitation, cohort):
    path = f"/join/{invitation.token}/"
    page = as_cleo.get(path).text
    assert "fatou@example.org" in page
    assert cleo.email in page

    assert as_cleo.post(path).url == path
    assert not Membership.objects.filter(user=cleo).exists()
    assert as_cleo.post(path, {"knowingly": "1"}).url == cohort.get_absolute_url()
    assert Membership.objects.get(user=cleo).role == "participant"


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_invitation_at_once_are_one(invitation, ben, cleo):
    answers = at_once(
        [
            lambda client=client: client.post(f"/join/{invitation.token}/", {"knowingly": "1"})
            for client in (signed_in(ben), signed_in(cleo))
        ]
    )

    assert sorted(answer.status_code for answer in answers) == [302, 410]
    assert Membership.objects.participants().count() == 1


def test_an_invitation_takes_no_guest_even_if_the_cohort_does(client, invitation, cohort):
    cohort.allows_guests = True
    cohort.save()

    assert "as a guest" not in client.get(f"/join/{invitation.token}/").text
    client.post(f"/join/{invitation.token}/guest/", {"name": "Maria"})
    assert Membership.objects.participants().count() == 0


def test_who_comes_by_the_code_has_accepted_the_invitation_too(invitation, code, as_ada, on):
    signed_in(make_user("fatou@example.org")).post(f"/join/{code.code}/")

    assert "Accepted by Fatou" in words(as_ada.get(on()))
