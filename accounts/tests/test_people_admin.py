"""People in the admin: who may change whom, and what nobody sees."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from accounts.tests.doors import code_mailed_to, give_passkey, set_up_app, sign_in
from conftest import make_user, signed_in

PEOPLE = "/admin/accounts/user/"


def form_of(person, **changes):
    """Return what the admin's form posts for *person*."""
    form = {name: getattr(person, name) for name in ("name", "email", "organization", "government_level", "function")}
    form |= {"territory": person.territory, "country": "", "time_zone": "", "is_active": "on", **changes}
    for inline in ("authenticator_set",):
        count = person.authenticator_set.count()
        form |= {f"{inline}-TOTAL_FORMS": count, f"{inline}-INITIAL_FORMS": count}
        for number, factor in enumerate(person.authenticator_set.order_by("pk")):
            form |= {f"{inline}-{number}-id": factor.pk, f"{inline}-{number}-user": person.pk}
    return form


@pytest.fixture
def clerk(db):
    """Somebody on the staff who may edit people, but not everything."""
    person = make_user("clerk@example.org", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    return person


@pytest.fixture
def as_clerk(clerk):
    return signed_in(clerk)


def test_a_clerk_edits_a_profile(as_clerk, ben):
    page = as_clerk.get(f"{PEOPLE}{ben.pk}/change/")
    assert page.status_code == 200

    as_clerk.post(f"{PEOPLE}{ben.pk}/change/", form_of(ben, name="Ben Okri"))

    ben.refresh_from_db()
    assert ben.name == "Ben Okri"


@pytest.mark.parametrize("whom", ["ben", "clerk"])
def test_a_clerk_gives_no_rights_neither_to_others_nor_to_themselves(as_clerk, clerk, ben, whom):
    person = {"ben": ben, "clerk": clerk}[whom]
    rights = {"is_superuser": "on", "is_staff": "on", "user_permissions": [Permission.objects.first().pk]}
    before = set(person.user_permissions.all())

    as_clerk.post(f"{PEOPLE}{person.pk}/change/", form_of(person, name="Changed", **rights))

    person.refresh_from_db()
    assert person.name == "Changed"
    assert not person.is_superuser
    assert person.is_staff is (whom == "clerk")
    assert set(person.user_permissions.all()) == before


def test_a_clerk_may_not_touch_somebody_with_all_rights(as_clerk, dag):
    give_passkey(dag)

    assert as_clerk.post(f"{PEOPLE}{dag.pk}/change/", form_of(dag, email="clerk2@example.org")).status_code == 403
    assert as_clerk.post(f"{PEOPLE}{dag.pk}/delete/", {"post": "yes"}).status_code == 403
    as_clerk.post(PEOPLE, {"action": "delete_selected", "_selected_action": [dag.pk], "post": "yes"})

    dag.refresh_from_db()
    assert dag.email == "dag@example.org"
    assert dag.authenticator_set.count() == 1


def test_staff_without_the_permission_see_nobody(ben):
    client = signed_in(make_user("editor@example.org", is_staff=True))

    assert client.get(PEOPLE).status_code == 403
    assert client.get(f"{PEOPLE}{ben.pk}/change/").status_code == 403


def test_somebody_added_comes_in_by_a_code(as_dag, client):
    as_dag.post(f"{PEOPLE}add/", {"name": "Grace", "email": "Grace@Example.org"})
    grace = User.objects.get(email="grace@example.org")
    assert not grace.has_usable_password()

    client.post("/accounts/login/code/", {"email": grace.email})
    home = client.post("/accounts/login/code/confirm/", {"code": code_mailed_to(grace.email)}, follow=True)

    assert "Welcome, <bdi>Grace</bdi>" in home.text


def test_a_corrected_address_is_the_one_to_sign_in_with(as_dag, ben):
    as_dag.post(f"{PEOPLE}{ben.pk}/change/", form_of(ben, email="Ben.Okri@example.org"))

    assert sign_in(Client(), "ben.okri@example.org").status_code == 302
    assert sign_in(Client(), "ben@example.org").status_code == 200


@pytest.mark.parametrize("email", ["cleo@example.org", "CLEO@example.org"])
def test_an_address_belongs_to_one_person(as_dag, ben, cleo, email):
    text = as_dag.post(f"{PEOPLE}{ben.pk}/change/", form_of(ben, email=email)).text

    assert "Somebody with this address is here already." in text
    ben.refresh_from_db()
    assert ben.email == "ben@example.org"


def test_names_that_would_disturb_a_page_are_refused_here_too(as_dag, ben):
    text = as_dag.post(f"{PEOPLE}{ben.pk}/change/", form_of(ben, name="Ben\u202e")).text

    assert "without control characters" in text


def test_secrets_are_not_shown_and_a_lost_phone_is_helped(as_ben, as_dag, ben):
    secret = set_up_app(as_ben)
    text = as_dag.get(f"{PEOPLE}{ben.pk}/change/").text
    assert secret not in text
    assert "argon2" not in text and ben.password not in text

    form = form_of(ben)
    for number in range(ben.authenticator_set.count()):
        form[f"authenticator_set-{number}-DELETE"] = "on"
    as_dag.post(f"{PEOPLE}{ben.pk}/change/", form)

    assert sign_in(Client(), ben.email).url == "/"


def test_what_allauth_would_show_is_not_in_the_admin(as_dag):
    for page in ("account/emailaddress", "mfa/authenticator", "usersessions/usersession"):
        assert as_dag.get(f"/admin/{page}/").status_code == 404


def test_in_the_demo_people_are_only_looked_at(as_dag, ben, settings):
    settings.DEMO = True

    assert as_dag.get(PEOPLE).status_code == 200
    assert as_dag.get(f"{PEOPLE}add/").status_code == 403
    assert as_dag.post(f"{PEOPLE}{ben.pk}/change/", form_of(ben, name="Changed")).status_code == 403
    assert as_dag.post(f"{PEOPLE}{ben.pk}/delete/", {"post": "yes"}).status_code == 403
