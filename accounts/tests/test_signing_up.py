"""Signing up: a code shows that the address is one's own, and nobody learns who is here."""

import re
import threading

import pytest
from django.core import mail
from django.db import connection
from django.db.models.signals import pre_save
from django.test import Client

from accounts.models import User
from accounts.tests.doors import PASSWORD, code_mailed_to, newest_mail_to, sign_in, sign_up

CONFIRM = "/accounts/confirm-email/"


def test_somebody_new_confirms_the_address_by_a_code_and_is_in(client):
    page = sign_up(client, "Fatou@Example.org", name="Fatou Diop")
    assert page.request["PATH_INFO"] == CONFIRM
    assert "fatou@example.org" in page.text

    home = client.post(CONFIRM, {"code": code_mailed_to("fatou@example.org")}, follow=True)

    assert "Welcome, <bdi>Fatou</bdi>" in home.text
    user = User.objects.get()
    assert (user.email, user.name, user.is_staff) == ("fatou@example.org", "Fatou Diop", False)
    assert user.emailaddress_set.get().verified


def test_the_mail_is_plain_and_says_what_to_do(client):
    sign_up(client, "fatou+o'neil&co@example.org")

    message = newest_mail_to("fatou+o'neil&co@example.org")
    assert message.subject == "JMDI Learning: Your code to confirm this address"
    assert message.alternatives == []
    assert "fatou+o'neil&co@example.org" in message.body
    assert "15 minutes" in message.body
    assert "http://testserver/" in message.body


def test_a_code_may_be_typed_carelessly(client):
    sign_up(client, "fatou@example.org")
    code = code_mailed_to("fatou@example.org")

    response = client.post(CONFIRM, {"code": f" {code.lower().replace('-', ' ')} "})

    assert response.status_code == 302
    assert client.get("/my/answers/").status_code == 200


def test_guessing_codes_ends_after_three(client):
    sign_up(client, "fatou@example.org")
    code = code_mailed_to("fatou@example.org")

    assert "not right" in client.post(CONFIRM, {"code": "BBBB-BBBB"}).text
    client.post(CONFIRM, {"code": "BBBB-BBBB"})
    assert client.post(CONFIRM, {"code": "BBBB-BBBB"}).status_code == 302
    client.post(CONFIRM, {"code": code})

    assert client.get("/my/answers/").status_code == 302


def test_without_the_code_the_password_does_not_let_in(client, time_machine):
    time_machine.move_to("2026-11-24 10:00:00Z", tick=False)
    sign_up(client, "fatou@example.org")
    elsewhere = Client()
    time_machine.shift(11)

    response = sign_in(elsewhere, "fatou@example.org")

    assert response.url == CONFIRM
    assert elsewhere.get("/my/answers/").status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "Fatou\u202eDiop", "without control characters"),
        ("name", "Fatou\nDiop", "without control characters"),
        ("name", "\u200b", "a name that others can read"),
        ("name", "x" * 10_000, "at most 150 characters"),
        ("email", "not an address", "valid email address"),
        ("email", "a" * 10_000 + "@example.org", "valid email address"),
        ("password1", "short", "too short"),
        ("password1", "password123", "too common"),
        ("password1", "fatou@example.org", "too similar"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, field, value, words):
    form = {"name": "Fatou Diop", "email": "fatou@example.org", "password1": PASSWORD, field: value}

    text = client.post("/accounts/signup/", form).text

    tag = re.search(rf'<input[^>]*name="{field}"[^>]*>', text)[0]
    assert 'aria-invalid="true"' in tag
    assert f"id_{field}_error" in re.search(r'aria-describedby="([^"]*)"', tag)[1]
    assert words in re.search(rf'<div id="id_{field}_error".*?</div>', text, re.S)[0]
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_signing_up_twice_at_once_makes_one_account():
    together = threading.Barrier(2, timeout=10)
    statuses = []

    def wait(**kwargs):
        if kwargs["instance"].pk is None:
            together.wait()

    def post():
        form = {"name": "Fatou", "email": "fatou@example.org", "password1": PASSWORD}
        statuses.append(Client().post("/accounts/signup/", form).status_code)
        connection.close()

    pre_save.connect(wait, sender=User)
    try:
        threads = [threading.Thread(target=post) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        pre_save.disconnect(wait, sender=User)

    assert statuses == [302, 302]
    assert User.objects.count() == 1


def answer(path, form, email):
    """Return what a new visitor gets for *form*, without what differs from visitor to visitor."""
    client = Client()
    first = client.post(path, form)
    second = client.get(first["Location"])
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", second.text).replace(email, "ADDRESS")
    return first.status_code, first["Location"], second.status_code, text


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/accounts/signup/", {"name": "Ben", "password1": PASSWORD}),
        ("/accounts/password/reset/", {}),
        ("/accounts/login/code/", {}),
    ],
)
def test_nobody_learns_who_has_an_account_here(ben, path, more):
    known = answer(path, {"email": ben.email, **more}, ben.email)
    unknown = answer(path, {"email": "who@example.org", **more}, "who@example.org")

    assert known == unknown
    assert [message.to for message in mail.outbox] == [[ben.email], ["who@example.org"]]


def test_nobody_learns_it_from_a_wrong_password_either(ben):
    texts = [sign_in(Client(), email, "wrong").text for email in (ben.email, "who@example.org")]

    assert ["or the password is wrong" in text for text in texts] == [True, True]


def test_nobody_learns_it_from_asking_for_a_new_code_either(ben, time_machine):
    time_machine.move_to("2026-11-24 10:00:00Z", tick=False)
    statuses = []
    for email in (ben.email, "who@example.org"):
        client = Client()
        sign_up(client, email)
        for seconds in (1, 11, 11, 11):
            time_machine.shift(seconds)
            statuses.append(client.post(CONFIRM, {"action": "resend"}).status_code)

    assert statuses[:4] == statuses[4:]
    assert statuses[:2] == [429, 302]


def test_somebody_here_already_is_told_by_mail_and_stays_as_they_are(ben, client):
    sign_up(client, "BEN@example.org", name="Mallory")

    assert User.objects.get().name == ben.name
    assert "an account for this address already" in newest_mail_to(ben.email).body
