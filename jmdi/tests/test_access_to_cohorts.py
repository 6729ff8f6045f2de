"""Every URL of a cohort as everybody who could try it. Strangers of all kinds get 404, as for a cohort that is not."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.guests import make_guest
from cohorts import services
from cohorts.models import Membership
from conftest import make_cohort, make_user, signed_in

NOBODYS = UUID(int=1)
ROLES = ["visitor", "stranger", "other facilitator", "former member", "participant", "facilitator", "admin"]

# name: (further arguments, method, data, {role: status}); the cohort's own id is put first.
READ_BY_MEMBERS = (302, 404, 404, 404, 200, 200, 404)
READ_BY_FACILITATORS = (302, 404, 404, 404, 403, 200, 404)
POST_BY_MEMBERS = (401, 404, 404, 404, 302, 302, 404)
POST_BY_FACILITATORS = (401, 404, 404, 404, 403, 302, 404)
# As by facilitators, about somebody who is not there.
POST_TO_NOBODY = (401, 404, 404, 404, 403, 404, 404)


def a_code(cohort):
    """Make a code of the cohort."""
    return (cohort.join_codes.create(uses_max=1, expires_at=timezone.now() + timedelta(days=1)).code,)


TODAY = str(timezone.localdate())


def a_plan_item(cohort):
    """Return the keys of a point of the cohort's plan."""
    item, _created = cohort.plan.get_or_create(kind="event", title="Opening", on=cohort.starts_on)
    return (item.public_id,)


def a_member(cohort):
    """Return the keys of a participant of the cohort."""
    return (cohort.memberships.current().participants().first().public_id,)


def _bens(cohort):
    """Name the membership of the participant."""
    return [cohort.memberships.get(user__email="ben@example.org").public_id]


QUESTION = ("challenges", "context", "question-1")

COHORT_ROWS = {
    "cohort": ((), "get", {}, READ_BY_MEMBERS),
    "cohort_edit": ((), "get", {}, READ_BY_FACILITATORS),
    "cohort_copy": ((), "get", {}, READ_BY_FACILITATORS),
    "cohort_leave": ((), "get", {}, READ_BY_MEMBERS),
    # plan
    "cohort_plan": ((), "get", {}, READ_BY_MEMBERS),
    "plan_add": ((), "post", {"kind": "event", "title": "Lunch", "on": TODAY}, POST_BY_FACILITATORS),
    "plan_propose": ((), "post", {}, POST_BY_FACILITATORS),
    "plan_item": (a_plan_item, "get", {}, READ_BY_FACILITATORS),
    "plan_delete": (a_plan_item, "post", {}, POST_BY_FACILITATORS),
    "cohort_agenda": ((), "get", {}, READ_BY_MEMBERS),
    "cohort_agenda_propose": ((), "get", {}, READ_BY_FACILITATORS),
    # members
    "cohort_members": ((), "get", {}, READ_BY_MEMBERS),
    "facilitator_add": ((), "post", {"email": "stranger@example.org"}, POST_BY_FACILITATORS),
    "cohort_member": (a_member, "get", {}, READ_BY_FACILITATORS),
    "member_role": (a_member, "post", {"role": "participant"}, POST_BY_FACILITATORS),
    "member_move": (a_member, "post", {"cohort": "0"}, (401, 404, 404, 404, 403, 422, 404)),
    "member_remove": (a_member, "post", {}, POST_BY_FACILITATORS),
    "cohort_archive": ((), "post", {"archived": "1"}, POST_BY_FACILITATORS),
    # invite
    "cohort_invite": ((), "get", {}, READ_BY_FACILITATORS),
    "cohort_invite_screen": ((), "get", {}, READ_BY_FACILITATORS),
    "cohort_invite_code": ((), "post", {"days": 1, "uses_max": 1}, POST_BY_FACILITATORS),
    "cohort_invite_revoke": (a_code, "post", {}, POST_BY_FACILITATORS),
    "cohort_invite_people": ((), "post", {"text": "new@example.org"}, POST_BY_FACILITATORS),
    "cohort_invitation_send": ((), "post", {"email": "nobody@example.org"}, POST_TO_NOBODY),
    "cohort_invitation_withdraw": ((), "post", {"email": "nobody@example.org"}, POST_TO_NOBODY),
    # progress
    "cohort_progress": ((), "get", {}, READ_BY_FACILITATORS),
    "cohort_questions_left": ((), "get", {}, READ_BY_FACILITATORS),
    "cohort_person": (_bens, "get", {}, READ_BY_FACILITATORS),
    "cohort_person_group": (_bens, "post", {"group": "Blue"}, POST_BY_FACILITATORS),
    # answers
    "cohort_answers": ((), "get", {}, READ_BY_FACILITATORS),
    "cohort_plenary": ((), "get", {}, READ_BY_FACILITATORS),
    "cohort_screen": ((), "get", {}, READ_BY_FACILITATORS),
    "cohort_question": (QUESTION, "get", {}, READ_BY_FACILITATORS),
    "cohort_reply": ((*QUESTION, NOBODYS), "post", {"text": "x"}, (401, 404, 404, 404, 403, 404, 404)),
    "cohort_pick": ((*QUESTION, NOBODYS), "post", {"action": "show"}, (401, 404, 404, 404, 403, 404, 404)),
    "cohort_reply_edit": ((NOBODYS,), "get", {}, (302, 404, 404, 404, 403, 404, 404)),
    "cohort_reply_delete": ((NOBODYS,), "post", {}, (401, 404, 404, 404, 403, 404, 404)),
    # What is for participants leads facilitators to their own page.
    "cohort_peers": (QUESTION, "get", {}, (302, 404, 404, 404, 200, 302, 404)),
    "cohort_replies": ((), "get", {}, (302, 404, 404, 404, 200, 302, 404)),
    "cohort_replies_seen": ((), "post", {}, POST_BY_MEMBERS),
    "cohort_consent": ((NOBODYS,), "post", {"consent": "given"}, (401, 404, 404, 404, 404, 404, 404)),
    # reminders; of one that is not there, a facilitator too learns no more
    "cohort_reminders": ((), "get", {}, READ_BY_FACILITATORS),
    "cohort_reminder": ((NOBODYS,), "get", {}, (302, 404, 404, 404, 403, 404, 404)),
    "cohort_reminder_again": ((NOBODYS,), "post", {}, (401, 404, 404, 404, 403, 404, 404)),
    "cohort_mute": ((), "post", {"mutes": "1"}, POST_BY_MEMBERS),
    # report
    "cohort_report": ((), "get", {}, READ_BY_FACILITATORS),
    "cohort_report_download": (("people", "csv"), "get", {}, READ_BY_FACILITATORS),
}


@pytest.fixture
def world(cohort, small, ada, ben, cleo):
    """Return the cohort and everybody by role. Cleo facilitates another cohort of the same course."""
    services.join(user=ben, cohort=cohort)
    make_cohort(small.course, cleo, name="Elsewhere")
    former = make_user("former@example.org")
    services.leave(membership=services.join(user=former, cohort=cohort))
    return cohort, {
        "stranger": make_user("stranger@example.org", is_facilitator=True),
        "other facilitator": cleo,
        "former member": former,
        "participant": ben,
        "facilitator": ada,
        "admin": make_user("admin@example.org", is_staff=True, is_superuser=True),
    }


@pytest.mark.parametrize("name", COHORT_ROWS)
def test_each_role_gets_what_its_row_says(world, name):
    cohort, people = world
    arguments, method, data, statuses = COHORT_ROWS[name]
    if callable(arguments):
        arguments = arguments(cohort)
    url = reverse(name, args=[cohort.public_id, *arguments])
    found = {}

    # Who may do it comes last: what a post changes does not stand in the way of others.
    for role in ROLES:
        client = signed_in(people[role]) if role in people else Client()
        found[role] = getattr(client, method)(url, data).status_code

    assert found == dict(zip(ROLES, statuses, strict=True))


@pytest.mark.parametrize("name", COHORT_ROWS)
def test_a_guest_of_another_cohort_is_a_stranger_here(world, small, cleo, name):
    cohort, _people = world
    guest = make_guest(name="Gabi", ticket=uuid4())
    services.join(user=guest, cohort=make_cohort(small.course, cleo, name="With guests", allows_guests=True))
    arguments, method, data, statuses = COHORT_ROWS[name]
    if callable(arguments):
        arguments = arguments(cohort)

    response = getattr(signed_in(guest), method)(reverse(name, args=[cohort.public_id, *arguments]), data)

    assert response.status_code == dict(zip(ROLES, statuses, strict=True))["stranger"]


@pytest.mark.parametrize("name", [name for name, row in COHORT_ROWS.items() if row[1] == "post"])
def test_what_changes_something_is_not_done_by_opening_a_link(world, name):
    cohort, people = world
    arguments = COHORT_ROWS[name][0]
    if callable(arguments):
        arguments = arguments(cohort)

    response = signed_in(people["facilitator"]).get(reverse(name, args=[cohort.public_id, *arguments]))

    assert response.status_code == 405


def test_a_facilitator_who_is_removed_loses_sight_at_once(cohort, ada, cleo):
    services.add_facilitator(user=cleo, cohort=cohort)
    as_ada = signed_in(ada)
    assert as_ada.get(cohort.get_absolute_url()).status_code == 200

    services.leave(membership=Membership.objects.get(cohort=cohort, user=ada))

    assert as_ada.get(cohort.get_absolute_url()).status_code == 404
