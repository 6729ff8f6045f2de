"""Facilitators send in rescue files for the people of their cohorts, and for nobody else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts import services
from conftest import make_cohort
from courses.models import Answer
from courses.tests.test_rescue import CODE, content, send

FIELD = "E-mail address of the author"


def hand_in_for(author, client):
    """Send in a file of *author*; return whether it was taken."""
    response = send(client, content(author), email=author.email)
    assert "from the file" not in response.text
    if response.status_code == 422:
        assert "This rescue file was not written by" in response.text
        assert not Answer.objects.exists()
        return False
    assert f"Rescue file {CODE} has arrived, with 1 text." in response.text
    return True


def test_for_somebody_who_learns_with_them(small, as_ada, ben, bens_membership):
    assert FIELD in as_ada.get(reverse("rescue")).text

    assert hand_in_for(ben, as_ada)

    assert Answer.objects.get().enrolment == bens_membership.enrolment


@pytest.mark.parametrize("why_not", ["elsewhere", "left", "facilitates", "archived", "facilitator removed"])
def test_for_nobody_else(small, cohort, as_ada, ada, ben, cleo, bens_membership, why_not):
    services.add_facilitator(user=cleo, cohort=cohort)
    if why_not == "elsewhere":
        services.move(membership=bens_membership, cohort=make_cohort(small.course, cleo))
    elif why_not == "left":
        services.leave(membership=bens_membership)
    elif why_not == "facilitates":
        services.change_role(membership=bens_membership, role="facilitator")
    elif why_not == "archived":
        cohort.archived_at = timezone.now()
        cohort.save()
    else:
        services.leave(membership=cohort.memberships.get(user=ada))

    assert not hand_in_for(ben, as_ada)


def test_participants_do_so_for_themselves_alone(small, as_ben, ben, bens_membership, cleo, cohort):
    services.join(user=cleo, cohort=cohort)

    assert FIELD not in as_ben.get(reverse("rescue")).text
    assert not hand_in_for(cleo, as_ben)
