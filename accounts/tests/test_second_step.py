"""The second step of signing in: an authenticator app, and recovery codes for when it is lost."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.tests.doors import (
    code_mailed_to,
    give_passkey,
    link_mailed_to,
    newest_mail_to,
    number_shown,
    set_up_app,
    show_it_is_me,
    sign_in,
)
from conftest import signed_in

STEP = "/accounts/2fa/authenticate/"
CODES = "/accounts/2fa/recovery-codes/"
NOON = "2026-11-24 12:00:00Z"


def is_in(client):
    return client.get("/my/answers/").status_code == 200


@pytest.fixture
def app(as_ben, time_machine):
    """Ben has an authenticator app, and the clock stands still."""
    time_machine.move_to(NOON, tick=False)
    secret = set_up_app(as_ben)
    mail.outbox.clear()
    return secret


def recovery_codes(client):
    return re.findall(r"<li><code>(\d+)</code></li>", client.get(CODES).text)


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_shows_a_picture_and_a_key_and_then_the_recovery_codes(as_ben, ben, time_machine):
    time_machine.move_to(NOON, tick=False)
    show_it_is_me(as_ben)
    text = as_ben.get("/accounts/2fa/totp/activate/").text
    assert re.search(r'<img class="qr" src="data:image/svg\+xml;base64,[^"]+" [^>]*alt="QR code', text)

    assert "not right" in as_ben.post("/accounts/2fa/totp/activate/", {"code": "000000"}).text
    secret = re.search(r'<code class="key" dir="ltr">(\w+)</code>', text)[1]
    page = as_ben.post("/accounts/2fa/totp/activate/", {"code": number_shown(secret)}, follow=True)

    assert "The authenticator app is on." in page.text
    assert len(re.findall(r"<li><code>\d+</code></li>", page.text)) == 10
    assert "needs a code of your authenticator app" in newest_mail_to(ben.email).body


def test_with_an_app_the_password_alone_does_not_let_in(ben, app, client):
    assert sign_in(client, ben.email).url == STEP
    assert not is_in(client)

    assert "not right" in client.post(STEP, {"code": "123456"}).text
    assert client.post(STEP, {"code": number_shown(app)}).url == "/"
    assert is_in(client)


def test_a_number_counts_once(ben, app, client):
    number = number_shown(app)
    sign_in(client, ben.email)
    client.post(STEP, {"code": number})
    onlooker = Client()
    sign_in(onlooker, ben.email)

    assert "not right" in onlooker.post(STEP, {"code": number}).text
    assert not is_in(onlooker)


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_number_counts_in_its_half_minute(ben, app, client, time_machine, seconds):
    number = number_shown(app)
    sign_in(client, ben.email)
    time_machine.shift(seconds)

    client.post(STEP, {"code": number})

    assert not is_in(client)


def test_a_recovery_code_lets_in_once(as_ben, ben, app):
    codes = recovery_codes(as_ben)
    first, second = Client(), Client()
    sign_in(first, ben.email)
    sign_in(second, ben.email)

    first.post(STEP, {"code": codes[0]})
    second.post(STEP, {"code": codes[0]})

    assert is_in(first)
    assert not is_in(second)
    assert recovery_codes(as_ben) == codes[1:]
    second.post(STEP, {"code": codes[1]})
    assert is_in(second)


def test_recovery_codes_are_taken_home_as_a_text_file(as_ben, app):
    response = as_ben.get(CODES + "download/")

    assert response["Content-Type"].startswith("text/plain")
    assert "attachment" in response["Content-Disposition"]
    assert re.findall(r"^\d+$", response.text, re.M) == recovery_codes(as_ben)
    assert "ben@example.org" in response.text


def test_new_recovery_codes_end_the_old_ones(as_ben, ben, app, client):
    old = recovery_codes(as_ben)
    as_ben.post(CODES + "generate/")

    assert not set(old) & set(recovery_codes(as_ben))
    sign_in(client, ben.email)
    client.post(STEP, {"code": old[0]})
    assert not is_in(client)


def test_guessing_numbers_is_stopped(ben, app, client):
    sign_in(client, ben.email)
    texts = [client.post(STEP, {"code": "000000"}).text for _ in range(6)]

    assert ["Too many tries" in text for text in texts] == [False] * 5 + [True]
    client.post(STEP, {"code": number_shown(app)})
    assert not is_in(client)


def test_neither_a_code_by_mail_nor_a_new_password_goes_around_the_second_step(ben, app, client):
    client.post("/accounts/login/code/", {"email": ben.email})
    confirmed = client.post("/accounts/login/code/confirm/", {"code": code_mailed_to(ben.email)})
    assert confirmed.url == STEP
    assert not is_in(client)

    forgetful = Client()
    forgetful.post("/accounts/password/reset/", {"email": ben.email})
    page = forgetful.get(link_mailed_to(ben.email), follow=True)
    forgetful.post(page.request["PATH_INFO"], {"password1": "a brand new one", "password2": "a brand new one"})
    assert not is_in(forgetful)
    assert sign_in(forgetful, ben.email, "a brand new one").url == STEP


def test_editors_with_an_app_need_it_for_the_admin_too(as_dag, dag, client):
    secret = set_up_app(as_dag)

    sign_in(client, dag.email)
    assert client.get("/admin/").status_code == 302
    client.post(STEP, {"code": number_shown(secret)})
    assert client.get("/admin/").status_code == 200


def test_one_can_start_again_at_the_second_step(ben, app, client):
    sign_in(client, ben.email)

    assert client.post("/accounts/logout/", {"next": "/accounts/login/"}).url == "/accounts/login/"
    assert "Forgotten your password?" in client.get("/accounts/login/").text


def test_turning_the_app_off_asks_who_it_is_and_tells_by_mail(as_ben, ben, app, client, time_machine):
    time_machine.shift(600)
    assert as_ben.get("/accounts/2fa/totp/deactivate/").url.startswith("/accounts/reauthenticate/")
    show_it_is_me(as_ben)

    as_ben.post("/accounts/2fa/totp/deactivate/")

    assert "needs no code" in newest_mail_to(ben.email).body
    assert sign_in(client, ben.email).url == "/"


def test_a_passkey_is_offered_only_to_those_who_have_one(ben, app, client):
    sign_in(client, ben.email)
    assert "mfa_webauthn_authenticate" not in client.get(STEP).text

    give_passkey(ben)
    assert "mfa_webauthn_authenticate" in client.get(STEP).text


def test_other_peoples_passkeys_are_not_there(as_ben, cleo):
    key = give_passkey(cleo)
    show_it_is_me(as_ben)

    for page in ("edit", "remove"):
        assert as_ben.get(f"/accounts/2fa/webauthn/keys/{key.pk}/{page}/").status_code == 404
        assert as_ben.post(f"/accounts/2fa/webauthn/keys/{key.pk}/{page}/", {"name": "mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "My phone"


def test_changing_what_guards_an_account_asks_who_it_is(ben):
    client = signed_in(ben)

    for page in ("totp/activate", "webauthn/add", "recovery-codes/generate"):
        assert client.get(f"/accounts/2fa/{page}/").url.startswith("/accounts/reauthenticate/?next=")
    assert "is not your password" in client.post("/accounts/reauthenticate/", {"password": "wrong"}).text
