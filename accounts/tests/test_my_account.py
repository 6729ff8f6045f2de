"""My own account: profile, address, password, devices."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.templatetags.plain_browser import plain_browser
from accounts.tests.doors import PASSWORD, code_mailed_to, newest_mail_to, set_up_app, show_it_is_me, sign_in
from conftest import signed_in

PROFILE = "/accounts/profile/"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


def is_in(client):
    return client.get("/my/answers/").status_code == 200


# --- Overview and profile -----------------------------------------------------------------------------------


def test_the_account_leads_to_each_of_its_parts(as_ben):
    text = as_ben.get("/accounts/").text

    for part in ("profile", "email", "password/change", "2fa", "sessions"):
        assert f'href="/accounts/{part}/"' in text
    assert "You can add an authenticator app or a passkey." in text
    set_up_app(as_ben)
    assert "An authenticator app guards your account." in as_ben.get("/accounts/").text


def test_only_the_name_is_needed(as_ben, ben):
    assert as_ben.post(PROFILE, {"name": "Ben Okri"}).url == PROFILE
    ben.refresh_from_db()
    assert ben.name == "Ben Okri"

    refused = as_ben.post(PROFILE, {"name": " "})
    assert refused.status_code == 422
    assert 'id="id_name_error"' in refused.text


def test_a_whole_profile_is_kept(as_ben, ben):
    profile = {
        "name": "Ben",
        "organization": "مدينة صفاقس",
        "government_level": "local",
        "function": "Planner",
        "territory": "Sfax",
        "country": "TN",
        "languages": ["ar", "fr", "qu"],
        "time_zone": "Africa/Tunis",
    }

    assert "Your profile is saved." in as_ben.post(PROFILE, profile, follow=True).text

    ben.refresh_from_db()
    assert {name: getattr(ben, name) for name in profile} == profile


def test_chosen_languages_come_first(as_ben, ben):
    ben.languages = ["wo", "qu"]
    ben.save()

    text = as_ben.get(PROFILE).text

    assert [text.index(f'value="{code}"') for code in ("qu", "wo", "ar")] == sorted(
        text.index(f'value="{code}"') for code in ("qu", "wo", "ar")
    )
    assert "2 chosen" in text


@pytest.mark.parametrize("field", ["name", "organization", "function", "territory"])
@pytest.mark.parametrize("text", ["a\u202eb", "a\u2066b", "a\x07b", "a\u2028b", "a\nb", "x" * 10_000])
def test_what_would_disturb_a_page_is_refused_at_its_field(as_ben, ben, field, text):
    response = as_ben.post(PROFILE, {"name": "Ben", field: text})

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.text
    before = ben.name
    ben.refresh_from_db()
    assert ben.name == before


@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "Mars/Olympus"), ("country", "XX"), ("languages", "klingon"), ("name", "a\x00b")]
)
def test_nonsense_is_refused(as_ben, field, value):
    assert as_ben.post(PROFILE, {"name": "Ben", field: value}).status_code == 422


def test_times_are_shown_in_the_persons_zone(ben, client, time_machine):
    time_machine.move_to("2026-07-01 22:30:00Z", tick=False)
    sign_in(client, ben.email)
    assert "1 July 2026, 22:30" in client.get("/accounts/sessions/").text

    client.post(PROFILE, {"name": "Ben", "time_zone": "Africa/Tunis"})

    assert "1 July 2026, 23:30" in client.get("/accounts/sessions/").text


def test_saving_a_profile_grants_nothing(as_ben, ben):
    as_ben.post(PROFILE, {"name": "Ben", "is_staff": "on", "is_superuser": "on", "email": "dag@example.org"})

    ben.refresh_from_db()
    assert (ben.is_staff, ben.is_superuser, ben.email) == (False, False, "ben@example.org")


# --- Address ------------------------------------------------------------------------------------------------


def test_a_new_address_is_confirmed_by_a_code_and_the_old_one_is_told(as_ben, ben):
    new = "ben@work.example.org"
    asked = as_ben.post("/accounts/email/", {"email": new, "action_add": ""})
    assert asked.url.startswith("/accounts/reauthenticate/")
    assert mail.outbox == []

    as_ben.post(asked.url, {"password": PASSWORD, "next": "/accounts/email/"})
    ben.refresh_from_db()
    assert ben.email == "ben@example.org"
    as_ben.post("/accounts/confirm-email/", {"code": code_mailed_to(new)})

    ben.refresh_from_db()
    assert ben.email == new
    assert [address.email for address in ben.emailaddress_set.all()] == [new]
    told = newest_mail_to("ben@example.org")
    assert "no longer belongs to your account" in told.body
    assert "tell whoever runs this site" in told.body
    assert sign_in(Client(), "ben@example.org").status_code == 200
    assert sign_in(Client(), new).status_code == 302


def test_the_address_of_somebody_else_is_not_to_be_had(as_ben, ben, cleo):
    show_it_is_me(as_ben)

    as_ben.post("/accounts/email/", {"email": "CLEO@example.org", "action_add": ""}, follow=True)
    refused = as_ben.post("/accounts/confirm-email/", {"code": code_mailed_to(cleo.email)})

    assert refused.status_code == 200
    ben.refresh_from_db()
    assert ben.email == "ben@example.org"


# --- Password -----------------------------------------------------------------------------------------------


def test_a_new_password_ends_the_other_sessions_and_returns_to_the_account(as_ben, ben):
    elsewhere = signed_in(ben)
    form = {"oldpassword": PASSWORD, "password1": "a brand new one", "password2": "a brand new one"}

    response = as_ben.post("/accounts/password/change/", form)

    assert response.url == "/accounts/"
    assert is_in(as_ben)
    assert not is_in(elsewhere)
    assert "Your password was changed." in newest_mail_to(ben.email).body


def test_the_old_password_is_asked_for(as_ben, ben):
    form = {"oldpassword": "wrong", "password1": "a brand new one", "password2": "a brand new one"}

    assert "is not your current password" in as_ben.post("/accounts/password/change/", form).text
    assert sign_in(Client(), ben.email).status_code == 302


def test_a_new_password_touches_nothing_else(as_ben, ben):
    form = {"oldpassword": PASSWORD, "password1": "a brand new one", "password2": "a brand new one"}
    with CaptureQueriesContext(connection) as queries:
        as_ben.post("/accounts/password/change/", form)

    written = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "accounts_user"')]
    assert len(written) == 1
    assert "is_staff" not in written[0].split("WHERE")[0]


def test_somebody_without_a_password_sets_one(as_ben, ben):
    ben.set_unusable_password()
    ben.save()
    client = signed_in(ben)
    assert client.get("/accounts/password/change/").url == "/accounts/password/set/"

    client.post("/accounts/password/set/", {"password1": "a brand new one", "password2": "a brand new one"})

    assert sign_in(Client(), ben.email, "a brand new one").status_code == 302


# --- Devices ------------------------------------------------------------------------------------------------


def test_my_devices_are_listed_and_one_of_them_is_ended_at_once(ben, client):
    phone = Client(headers={"user-agent": FIREFOX})
    sign_in(phone, ben.email)
    sign_in(client, ben.email)
    text = client.get("/accounts/sessions/").text
    assert text.count("This one") == 1
    assert "Firefox on Android" in text

    session = ben.usersession_set.get(user_agent=FIREFOX)
    client.post("/accounts/sessions/end/", {"session": session.pk})

    assert not is_in(phone)
    assert is_in(client)
    assert "Firefox on Android" not in client.get("/accounts/sessions/").text


def test_all_others_are_ended_together(ben, client):
    others = [Client(), Client()]
    for each in (*others, client):
        sign_in(each, ben.email)

    client.post("/accounts/sessions/")

    assert [is_in(each) for each in (*others, client)] == [False, False, True]


@pytest.mark.parametrize("number", ["", "x", "²", "99999999999999999999", "9" * 5000, None])
def test_sessions_of_others_are_not_there(as_ben, cleo, number):
    theirs = Client()
    sign_in(theirs, cleo.email)
    session = cleo.usersession_set.get()

    response = as_ben.post("/accounts/sessions/end/", {"session": session.pk if number is None else number})

    assert response.status_code == 404
    assert is_in(theirs)
    assert theirs.get("/accounts/sessions/").text.count("This one") == 1


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.0", "Another program"),
        ("", "Another program"),
    ],
)
def test_browsers_have_plain_names(user_agent, words):
    assert plain_browser(user_agent) == words
