"""Every URL as every role. A URL without a row here fails: decide who may open it, then write it down.

A row: the URL's name, how to reach it, and what each role gets. `302` for a visitor is the way to sign in,
`401` a form given back to be sent again afterwards.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from activities.tests.factories import add_activity
from conftest import make_course, make_user, signed_in
from jmdi.tests.test_access_to_cohorts import COHORT_ROWS
from jmdi.tests.test_access_to_sessions import SESSION_ROWS

SECTION = ("core", "challenges", "section-1")
NOBODYS = UUID(int=1)
TOMORROW = str(timezone.localdate() + timedelta(days=1))
ANSWER = ("core", "challenges", "context", "question-1")

# name: (arguments, method, data, {role: status}); roles: visitor, participant, admin
ROWS = {
    "home": ((), "get", {}, (200, 200, 200)),
    "healthz": ((), "get", {}, (200, 200, 200)),
    "readyz": ((), "get", {}, (200, 200, 200)),
    "course": (("core",), "get", {}, (302, 200, 200)),
    "course_start": (("core",), "post", {}, (401, 302, 302)),
    "course_search": (("core",), "get", {"q": "local"}, (302, 200, 200)),
    "glossary": (("core",), "get", {}, (302, 200, 200)),
    "references": (("core",), "get", {}, (302, 200, 200)),
    "topic": (("core", "challenges"), "get", {}, (302, 200, 200)),
    "topic_print": (("core", "challenges"), "get", {"answers": "1"}, (302, 200, 200)),
    "section": (SECTION, "get", {}, (302, 200, 200)),
    "section_done": (SECTION, "post", {"done": "1"}, (401, 302, 302)),
    "section_visit": (SECTION, "post", {}, (401, 204, 204)),
    "answer_save": (ANSWER, "post", {"text": "x", "version": 0}, (401, 302, 302)),
    "objectives_rate": (("core", "challenges"), "post", {"moment": "before"}, (401, 302, 302)),
    "finish": (("core",), "get", {}, (302, 200, 200)),
    "next_step_add": (("core",), "post", {"text": "x", "due_on": TOMORROW}, (401, 302, 302)),
    "next_step": ((NOBODYS,), "get", {}, (302, 404, 404)),
    "next_step_done": ((NOBODYS,), "post", {"done": "1"}, (401, 404, 404)),
    "next_step_delete": ((NOBODYS,), "get", {}, (302, 404, 404)),
    "answer_earlier": (ANSWER, "get", {}, (302, 404, 404)),
    "note_save": (("core", "challenges"), "post", {"text": "x", "version": 0}, (401, 302, 302)),
    "note_earlier": (("core", "challenges"), "get", {}, (302, 404, 404)),
    "activities": ((), "get", {}, (302, 200, 200)),
    "activities_guide": (("core",), "get", {}, (302, 403, 200)),
    "activities_recalled": (("core",), "get", {}, (302, 200, 200)),
    "activity": (("core", "meeting"), "get", {}, (302, 200, 200)),
    "session_prepare": (("core", "meeting"), "post", {"cohort": "x"}, (401, 404, 404)),
    "sessions": ((), "get", {}, (302, 200, 200)),
    "activity_guide": (("core", "meeting"), "get", {}, (302, 403, 200)),
    "handout": (("core", "story"), "get", {}, (302, 200, 200)),
    "my_answers": ((), "get", {}, (302, 200, 200)),
    "answers_download": (("markdown",), "get", {}, (302, 200, 200)),
    "rescue": ((), "get", {}, (302, 200, 200)),
    "cohorts": ((), "get", {}, (302, 200, 200)),
    "cohort_new": ((), "get", {}, (302, 403, 403)),
    "cohort_calendar": (("made-up",), "get", {}, (404, 404, 404)),
    "join_typed": ((), "get", {}, (200, 200, 200)),
    "join": (("222222222",), "get", {}, (404, 404, 404)),
    "join_as_guest": (("222222222",), "post", {"name": "x"}, (404, 404, 404)),
    "reminders_mute": (("not-a-token",), "get", {}, (404, 404, 404)),
    # accounts
    "account_overview": ((), "get", {}, (302, 200, 200)),
    "whoami": ((), "get", {}, (200, 200, 200)),
    "account_back": ((), "get", {}, (302, 200, 200)),
    "account_profile": ((), "get", {}, (302, 200, 200)),
    "account_end_session": ((), "post", {}, (401, 404, 404)),
    "account_login": ((), "get", {}, (200, 302, 302)),
    "account_logout": ((), "get", {}, (302, 200, 200)),
    "account_signup": ((), "get", {}, (200, 302, 302)),
    "account_inactive": ((), "get", {}, (200, 200, 200)),
    "account_reauthenticate": ((), "get", {}, (302, 200, 200)),
    "account_email": ((), "get", {}, (302, 200, 200)),
    "account_email_verification_sent": ((), "get", {}, (302, 302, 302)),
    "account_change_password": ((), "get", {}, (302, 200, 200)),
    "account_set_password": ((), "get", {}, (302, 302, 302)),
    "account_reset_password": ((), "get", {}, (200, 200, 200)),
    "account_reset_password_done": ((), "get", {}, (200, 200, 200)),
    "account_reset_password_from_key": (("a", "b"), "get", {}, (200, 200, 200)),
    "account_reset_password_from_key_done": ((), "get", {}, (200, 200, 200)),
    "account_request_login_code": ((), "get", {}, (200, 302, 302)),
    "account_confirm_login_code": ((), "get", {}, (302, 302, 302)),
    "mfa_index": ((), "get", {}, (302, 200, 200)),
    "mfa_authenticate": ((), "get", {}, (302, 302, 302)),
    "mfa_reauthenticate": ((), "get", {}, (302, 302, 302)),
    "mfa_activate_totp": ((), "get", {}, (302, 302, 302)),
    "mfa_deactivate_totp": ((), "get", {}, (302, 404, 404)),
    "mfa_generate_recovery_codes": ((), "get", {}, (302, 302, 302)),
    "mfa_view_recovery_codes": ((), "get", {}, (302, 404, 404)),
    "mfa_download_recovery_codes": ((), "get", {}, (302, 404, 404)),
    "mfa_list_webauthn": ((), "get", {}, (302, 200, 200)),
    "mfa_add_webauthn": ((), "get", {}, (302, 302, 302)),
    "mfa_edit_webauthn": ((1,), "get", {}, (302, 302, 302)),
    "mfa_remove_webauthn": ((1,), "get", {}, (302, 302, 302)),
    "mfa_login_webauthn": ((), "get", {}, (302, 302, 302)),
    "mfa_reauthenticate_webauthn": ((), "get", {}, (302, 302, 302)),
    "usersessions_list": ((), "get", {}, (302, 200, 200)),
}


def named_urls(resolver=None, prefix=""):
    """Yield the name of every URL that is not the admin's own."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin":
                yield from named_urls(entry, prefix)
        elif isinstance(entry, URLPattern):
            yield entry.name or str(entry.pattern)


def test_every_url_has_a_row_and_every_row_a_url():
    assert set(named_urls()) == {*ROWS, *COHORT_ROWS, *SESSION_ROWS}


@pytest.fixture
def site(db):
    add_activity(make_course())


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("role", ["visitor", "participant", "admin"])
def test_each_role_gets_what_its_row_says(site, name, role):
    arguments, method, data, statuses = ROWS[name]
    client = Client()
    if role != "visitor":
        staff = role == "admin"
        client = signed_in(make_user("somebody@example.org", is_staff=staff, is_superuser=staff))
    status = dict(zip(["visitor", "participant", "admin"], statuses, strict=True))[role]

    response = getattr(client, method)(reverse(name, args=arguments), data)

    assert response.status_code == status
    if role == "visitor" and status == 302 and not name.startswith(("account_", "mfa_")):
        assert response.url.startswith(reverse(settings.LOGIN_URL))


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row[1] == "post"])
def test_what_changes_something_is_not_done_by_opening_a_link(site, name):
    client = signed_in(make_user("somebody@example.org"))

    assert client.get(reverse(name, args=ROWS[name][0])).status_code == 405


@pytest.mark.parametrize("role", ["visitor", "participant", "admin"])
def test_only_staff_enters_the_admin(site, role):
    client = Client()
    if role != "visitor":
        staff = role == "admin"
        client = signed_in(make_user("somebody@example.org", is_staff=staff, is_superuser=staff))

    for page in ("index", "courses_section_changelist", "accounts_user_changelist"):
        response = client.get(reverse(f"admin:{page}"))
        assert response.status_code == (200 if role == "admin" else 302)


def test_peoples_writing_is_nowhere_in_the_admin(site):
    client = signed_in(make_user("dag@example.org", is_staff=True, is_superuser=True))

    assert "/answer/" not in client.get(reverse("admin:index")).text
