"""Signing in: by password, by a code, by a link that was forgotten; and what keeps guessers out."""

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.tests.doors import PASSWORD, code_mailed_to, link_mailed_to, newest_mail_to, sign_in, sign_up
from conftest import signed_in

WRONG = "wrong horse battery"
RESET = "/accounts/password/reset/"


def is_in(client):
    return client.get("/my/answers/").status_code == 200


def test_a_password_lets_in_whatever_the_case_of_the_address(ben, client):
    response = sign_in(client, " BEN@Example.org ")

    assert response.url == "/"
    assert is_in(client)


def test_the_session_is_a_new_one_after_signing_in(ben, client):
    client.get("/accounts/login/")
    sign_up(client, "fatou@example.org")
    before = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    sign_in(client, ben.email)
    after = client.cookies["sessionid"].value

    assert before != after
    planted = Client()
    planted.cookies["sessionid"] = before
    assert not is_in(planted)


@pytest.mark.parametrize(
    "place", ["//evil.example/", "https://evil.example/", r"\\evil.example", "javascript:alert(1)"]
)
@pytest.mark.parametrize("door", ["login", "code", "logout"])
def test_nobody_is_sent_to_another_site(ben, client, door, place):
    if door == "login":
        response = client.post("/accounts/login/", {"login": ben.email, "password": PASSWORD, "next": place})
    elif door == "code":
        client.post("/accounts/login/code/", {"email": ben.email, "next": place})
        code = {"code": code_mailed_to(ben.email), "next": place}
        response = client.post("/accounts/login/code/confirm/", code)
    else:
        response = signed_in(ben).post("/accounts/logout/", {"next": place})

    assert response.status_code == 302
    assert response.url == "/"


def test_signing_in_leads_to_where_one_wanted_to_go(ben, client):
    wanted = client.get("/my/answers/").url
    assert wanted == "/accounts/login/?next=/my/answers/"

    response = client.post(wanted, {"login": ben.email, "password": PASSWORD, "next": "/my/answers/"})

    assert response.url == "/my/answers/"


def test_a_code_by_mail_lets_in_once(ben, client):
    client.post("/accounts/login/code/", {"email": ben.email})
    code = code_mailed_to(ben.email)
    assert "15 minutes" in newest_mail_to(ben.email).body

    client.post("/accounts/login/code/confirm/", {"code": code})
    assert is_in(client)

    client.post("/accounts/logout/")
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert not is_in(client)


def test_a_code_is_good_only_where_it_was_asked_for(ben, client):
    client.post("/accounts/login/code/", {"email": ben.email})
    elsewhere = Client()
    elsewhere.post("/accounts/login/code/", {"email": "who@example.org"})

    elsewhere.post("/accounts/login/code/confirm/", {"code": code_mailed_to(ben.email)})

    assert not is_in(elsewhere)


def test_a_code_is_good_for_fifteen_minutes(ben, client, time_machine):
    time_machine.move_to("2026-11-24 10:00:00Z", tick=False)
    client.post("/accounts/login/code/", {"email": ben.email})
    time_machine.shift(15 * 60 + 1)

    client.post("/accounts/login/code/confirm/", {"code": code_mailed_to(ben.email)})

    assert not is_in(client)


def test_a_new_code_can_be_asked_for_and_replaces_the_old(ben, client):
    client.post("/accounts/login/code/", {"email": ben.email})
    old = code_mailed_to(ben.email)
    client.post("/accounts/login/code/confirm/", {"action": "resend"})
    new = code_mailed_to(ben.email)

    assert "not right" in client.post("/accounts/login/code/confirm/", {"code": old}).text
    client.post("/accounts/login/code/confirm/", {"code": new})
    assert is_in(client)


def test_a_forgotten_password_is_replaced_by_a_link(ben, client):
    elsewhere = Client()
    sign_in(elsewhere, ben.email)
    client.post(RESET, {"email": ben.email})
    link = link_mailed_to(ben.email)
    page = client.get(link, follow=True)
    assert "Choose a new password" in page.text

    client.post(page.request["PATH_INFO"], {"password1": "a brand new one", "password2": "a brand new one"})

    assert "by the link that we sent you" in newest_mail_to(ben.email).body
    assert not is_in(elsewhere)
    assert sign_in(Client(), ben.email, PASSWORD).status_code == 200
    assert sign_in(Client(), ben.email, "a brand new one").status_code == 302
    assert "This link is used up" in Client().get(link).text


def test_a_closed_account_stays_closed(ben, client):
    User.objects.update(is_active=False)

    sign_in(client, ben.email)
    client.post(RESET, {"email": ben.email})

    assert not is_in(client)
    assert [message.subject for message in mail.outbox] == ["JMDI Learning: No account for this address"]


def test_forty_people_of_one_room_sign_in_within_a_minute():
    password = make_password(PASSWORD)
    people = User.objects.bulk_create(
        User(email=f"person{number}@example.org", name="Person", password=password) for number in range(40)
    )
    for person in people:
        person.emailaddress_set.create(email=person.email, verified=True, primary=True)

    for number, person in enumerate(people):
        if number % 4 == 0:
            sign_in(Client(), person.email, WRONG)
        assert sign_in(Client(), person.email).status_code == 302


@pytest.mark.parametrize("disguise", ["none", "host", "forwarded"])
def test_the_sixth_wrong_password_for_an_account_closes_it_for_a_while(ben, time_machine, disguise):
    time_machine.move_to("2026-11-24 10:00:00Z", tick=False)
    headers = {"none": {}, "host": {"host": "testserver:%d"}, "forwarded": {"x-forwarded-for": "192.0.2.%d"}}[disguise]
    tries = [
        sign_in(Client(), ben.email, WRONG, headers={name: value % number for name, value in headers.items()}).text
        for number in range(1, 7)
    ]

    assert ["Too many tries" in text for text in tries] == [False] * 5 + [True]
    assert "Too many tries" in sign_in(Client(), ben.email).text
    time_machine.shift(301)
    assert sign_in(Client(), ben.email).status_code == 302


def test_limits_are_counted_where_every_process_sees_them(ben):
    sign_in(Client(), ben.email, WRONG)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone() == (2,)


def test_nobody_pushes_a_count_out_by_trying_many_names(ben):
    for _ in range(5):
        sign_in(Client(), ben.email, WRONG)
    for number in range(310):
        cache.set(f"z{number}", 1)  # the first in the alphabet go first

    assert "Too many tries" in sign_in(Client(), ben.email).text


def test_too_many_mails_to_one_address_are_refused(ben):
    answers = [Client().post(RESET, {"email": ben.email}).status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_editors_come_in_by_the_same_door(dag, client):
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/").url == "/accounts/login/?next=%2Fadmin%2F"

    response = client.post("/accounts/login/", {"login": dag.email, "password": PASSWORD, "next": "/admin/"})

    assert response.url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_admins_own_form_takes_no_password(dag, client):
    response = client.post("/admin/login/", {"username": dag.email, "password": PASSWORD})

    assert response.status_code == 302
    assert client.get("/admin/").status_code == 302


def test_signing_out_leaves_nothing_behind(ben, client):
    sign_in(client, ben.email)
    session = client.cookies["sessionid"].value
    assert client.get("/my/answers/")["Cache-Control"] == "private, no-store"

    assert "You are signed out." in client.post("/accounts/logout/", follow=True).text

    stolen = Client()
    stolen.cookies["sessionid"] = session
    assert not is_in(stolen)
