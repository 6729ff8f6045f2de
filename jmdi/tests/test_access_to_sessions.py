"""Every URL of a live session as everybody who could try it."""

import pytest
from django.test import Client
from django.urls import reverse

from activities import services
from activities.tests.factories import make_case, make_session
from conftest import signed_in
from jmdi.tests.test_access_to_cohorts import (
    NOBODYS,
    POST_BY_FACILITATORS,
    POST_BY_MEMBERS,
    READ_BY_FACILITATORS,
    READ_BY_MEMBERS,
    ROLES,
    world,  # noqa: F401  a fixture
)

# name: (further arguments, method, data, statuses by ROLES); the session's own id is put first.
SESSION_ROWS = {
    "session": ((), "get", {}, READ_BY_MEMBERS),
    "session_mine": ((), "get", {}, READ_BY_MEMBERS),
    "session_arrive": ((), "post", {}, POST_BY_MEMBERS),
    "session_act": (("place",), "post", {"choice": "0", "colour": "a"}, (401, 404, 404, 404, 422, 422, 404)),
    "session_shared": (("host",), "get", {}, READ_BY_FACILITATORS),
    "session_events": (("host",), "get", {}, READ_BY_FACILITATORS),
    "session_host": ((), "get", {}, READ_BY_FACILITATORS),
    "session_screen": ((), "get", {}, READ_BY_FACILITATORS),
    "session_take": ((), "get", {}, READ_BY_FACILITATORS),
    "session_groups": ((), "get", {}, READ_BY_FACILITATORS),
    "session_groups_wish": ((), "post", {"forget": "0"}, POST_BY_FACILITATORS),
    "session_groups_move": ((), "post", {}, (401, 404, 404, 404, 403, 404, 404)),
    "session_groups_free": ((), "post", {}, POST_BY_FACILITATORS),
    # This session has no sheets.
    "session_sheet": ((1, 0), "get", {}, (302, 404, 404, 404, 404, 404, 404)),
    "session_write": ((1, 0, "why"), "post", {"text": "x"}, (401, 404, 404, 404, 404, 404, 404)),
    "session_correct": ((1, 0), "post", {"question": "why"}, (401, 404, 404, 404, 403, 404, 404)),
    "session_paper": ((), "get", {}, READ_BY_FACILITATORS),
    "session_paper_person": ((), "post", {"off": NOBODYS}, POST_BY_FACILITATORS),
    "session_paper_step": ((1,), "get", {}, READ_BY_FACILITATORS),
    "session_paper_take_back": ((1, NOBODYS), "post", {}, POST_BY_FACILITATORS),
    "session_kit": ((), "get", {}, READ_BY_FACILITATORS),
    "session_to_paper": ((), "get", {}, READ_BY_FACILITATORS),
    "session_verb": (("pause",), "post", {}, POST_BY_FACILITATORS),
    # It has begun: settings lead back to the console.
    "session_set_up": ((), "get", {}, (302, 404, 404, 404, 403, 302, 404)),
    "session_end": ((), "get", {}, READ_BY_FACILITATORS),
    "session_delete": ((), "post", {}, POST_BY_FACILITATORS),
    # Participants see the results once it has ended.
    "session_results": ((), "get", {}, READ_BY_FACILITATORS),
    "session_download": ((), "get", {}, READ_BY_FACILITATORS),
    "session_draft": ((1, "place"), "post", {"text": "x"}, POST_BY_MEMBERS),
    "session_draft_drop": ((NOBODYS,), "post", {}, POST_BY_MEMBERS),
}


@pytest.mark.parametrize("name", SESSION_ROWS)
def test_each_role_gets_what_its_row_says(world, small, name):  # noqa: F811
    cohort, people = world
    session = make_session(small, cohort, people["facilitator"])
    arguments, method, data, statuses = SESSION_ROWS[name]
    url = reverse(name, args=[session.public_id, *arguments])

    found = {
        role: getattr(signed_in(people[role]) if role in people else Client(), method)(url, data).status_code
        for role in ROLES
    }

    assert found == dict(zip(ROLES, statuses, strict=True))


@pytest.mark.parametrize("face", ["screen", "host"])
def test_what_facilitators_see_is_streamed_to_nobody_else(world, small, face):  # noqa: F811
    cohort, people = world
    session = make_session(small, cohort, people["facilitator"])

    assert signed_in(people["participant"]).get(f"{session.get_absolute_url()}{face}/events/").status_code == 403


@pytest.mark.parametrize("name", [name for name, row in SESSION_ROWS.items() if row[1] == "post"])
def test_what_changes_something_is_not_done_by_opening_a_link(world, small, name):  # noqa: F811
    cohort, people = world
    session = make_session(small, cohort, people["facilitator"])

    url = reverse(name, args=[session.public_id, *SESSION_ROWS[name][0]])

    assert signed_in(people["facilitator"]).get(url).status_code == 405


def test_members_see_the_results_once_it_has_ended(world, small):  # noqa: F811
    cohort, people = world
    session = make_session(small, cohort, people["facilitator"])
    services.end_session(session=session)

    for name in ("session_results", "session_download"):
        url = reverse(name, args=[session.public_id])
        assert signed_in(people["participant"]).get(url).status_code == 200
        for role in ("stranger", "other facilitator", "former member", "admin"):
            assert signed_in(people[role]).get(url).status_code == 404


# The same where a case is worked on, without groups: all write on one sheet.
CASE_ROWS = {
    "session_sheet": ((1, 0), "get", {}, READ_BY_MEMBERS),
    "session_write": ((1, 0, "why"), "post", {"text": "x"}, (401, 404, 404, 404, 302, 404, 404)),
    "session_correct": ((1, 0), "post", {"question": "why", "text": "x"}, POST_BY_FACILITATORS),
}


@pytest.mark.parametrize("name", CASE_ROWS)
def test_each_role_has_its_part_in_a_case(world, small, name):  # noqa: F811
    cohort, people = world
    case = make_case(small, cohort, people["facilitator"])
    services.begin(session=case)
    services.resume(session=case)
    signed_in(people["participant"]).post(reverse("session_arrive", args=[case.public_id]))
    arguments, method, data, statuses = CASE_ROWS[name]
    url = reverse(name, args=[case.public_id, *arguments])

    found = {
        role: getattr(signed_in(people[role]) if role in people else Client(), method)(url, data).status_code
        for role in ROLES
    }

    assert found == dict(zip(ROLES, statuses, strict=True))
