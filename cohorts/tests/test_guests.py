"""Guests: in with a name alone, and everything kept once they add an address."""

import uuid

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.guests import make_guest
from accounts.models import User
from accounts.tests.doors import code_mailed_to
from cohorts import services
from cohorts.models import Cohort, Membership
from cohorts.tests.conftest import make_code, uses
from conftest import make_cohort
from jmdi.tests.test_access import ANSWER


@pytest.fixture
def open_cohort(cohort):
    cohort.allows_guests = True
    cohort.save()
    return cohort


def enter(client, code, name="Maria Quispe"):
    return client.post(f"/join/{code.code}/guest/", {"name": name, "ticket": uuid.uuid4()})


@pytest.fixture
def maria(client, open_cohort, code):
    """Maria is in as a guest, at `client`."""
    assert enter(client, code).url == open_cohort.get_absolute_url()
    return User.objects.get(name="Maria Quispe")


def test_a_guest_is_a_participant_with_a_name_alone(client, maria, open_cohort, code):
    assert maria.is_guest
    assert not maria.has_usable_password()
    membership = Membership.objects.get(user=maria)
    assert (membership.role, membership.cohort, uses(code)) == ("participant", open_cohort, 1)
    assert client.get(open_cohort.get_absolute_url()).status_code == 200
    assert mail.outbox == []


def test_a_guest_is_shown_the_hours_of_the_cohort(client, open_cohort, code):
    Cohort.objects.filter(pk=open_cohort.pk).update(time_zone="Africa/Tunis")

    enter(client, code)

    assert User.objects.get(name="Maria Quispe").time_zone == "Africa/Tunis"


def test_the_placeholder_is_nowhere_to_be_seen(client, maria, as_dag, as_ada, open_cohort):
    paths = ["/", "/accounts/", "/accounts/email/", "/accounts/profile/", "/accounts/logout/", "/accounts/sessions/"]
    paths += [open_cohort.get_absolute_url(), "/my/answers/"]
    pages = [client.get(path) for path in paths]
    pages += [as_ada.get(open_cohort.get_absolute_url() + "invite/")]
    pages += [as_dag.get("/admin/accounts/user/"), as_dag.get(f"/admin/accounts/user/{maria.pk}/change/")]

    assert [page.status_code for page in pages] == [200] * len(pages)
    assert [page.request["PATH_INFO"] for page in pages if "guest.invalid" in page.text] == []
    assert "guest" in pages[-2].text


def test_looking_at_my_address_writes_nothing(client, maria):
    before = list(maria.emailaddress_set.values_list())

    client.get("/accounts/email/")

    assert list(maria.emailaddress_set.values_list()) == before


def test_a_cohort_without_guests_offers_and_takes_none(client, cohort, code):
    assert "Join as a guest" not in client.get(f"/join/{code.code}/").text

    assert enter(client, code).url == f"/join/{code.code}/"
    assert not User.objects.filter(name="Maria Quispe").exists()


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\u202eb", "\u200b", "x" * 151])
def test_a_name_must_be_one_that_others_can_read(client, open_cohort, code, name):
    response = enter(client, code, name)

    assert response.status_code == 422
    assert 'id="id_name_error"' in response.text
    assert uses(code) == 0


def test_a_page_left_open_does_not_let_the_next_person_in_as_the_one_before(client, open_cohort, code, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    form = {"name": "Maria", "ticket": uuid.uuid4()}
    client.post(f"/join/{code.code}/guest/", form)

    Client().post(f"/join/{code.code}/guest/", {**form, "name": "Juan"})
    time_machine.shift(61)
    Client().post(f"/join/{code.code}/guest/", form)

    assert sorted(User.objects.filter(email__endswith="guest.invalid").values_list("name", flat=True)) == [
        "Juan",
        "Maria",
        "Maria",
    ]


def test_a_guest_who_adds_an_address_keeps_everything_and_signs_in_by_code(client, maria, small, open_cohort):
    client.post(reverse("answer_save", args=ANSWER), {"text": "Olive harvest", "version": 0})
    assert "Keep what you write" in client.get("/accounts/").text

    asked = client.post("/accounts/email/", {"email": "maria@example.org", "action_add": ""})
    assert asked.url == "/accounts/confirm-email/"
    maria.refresh_from_db()
    assert maria.is_guest
    client.post(asked.url, {"code": code_mailed_to("maria@example.org")})

    maria.refresh_from_db()
    assert (maria.email, maria.is_guest, maria.name) == ("maria@example.org", False, "Maria Quispe")
    assert [row.email for row in maria.emailaddress_set.all()] == ["maria@example.org"]
    assert [message.to for message in mail.outbox] == [["maria@example.org"]]
    assert "Keep what you write" not in client.get("/accounts/").text
    elsewhere = Client()
    elsewhere.post("/accounts/login/code/", {"email": "maria@example.org"})
    elsewhere.post("/accounts/login/code/confirm/", {"code": code_mailed_to("maria@example.org")})
    assert "Olive harvest" in elsewhere.get("/my/answers/").text
    assert elsewhere.get(open_cohort.get_absolute_url()).status_code == 200


def test_the_address_of_somebody_else_does_not_make_a_guest_that_person(client, maria, ben):
    client.post("/accounts/email/", {"email": ben.email, "action_add": ""}, follow=True)
    client.post("/accounts/confirm-email/", {"code": "BCDF-GHJK"})

    maria.refresh_from_db()
    assert maria.is_guest


@pytest.mark.parametrize(
    "path", ["password/set/", "password/change/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/add/"]
)
def test_what_guards_an_account_asks_for_an_address_first(client, maria, path):
    for method in (client.get, client.post):
        page = method(f"/accounts/{path}", follow=True)
        assert page.request["PATH_INFO"] == "/accounts/email/"
        assert "Please add an e-mail address first" in page.text


def test_nobody_signs_in_or_gets_mail_by_a_placeholder(client, maria):
    visitor = Client()
    visitor.post("/accounts/login/code/", {"email": maria.email})
    visitor.post("/accounts/password/reset/", {"email": maria.email})
    refused = visitor.post(
        "/accounts/signup/", {"name": "X", "email": "x@guest.invalid", "password1": "correct horse battery"}
    )

    assert mail.outbox == []
    assert "No mail can reach that address." in refused.text


def test_signing_out_says_first_what_it_costs(client, maria):
    menu = client.get("/").text
    assert '<a href="/accounts/logout/">' in menu
    assert "there is no way back" in client.get("/accounts/logout/").text


def test_a_guest_of_one_cohort_needs_an_address_for_one_without_guests(client, maria, small, ada):
    strict = make_code(make_cohort(small.course, ada, name="Strict"))

    assert "for people with an e-mail address" in client.get(f"/join/{strict.code}/").text
    assert client.post(f"/join/{strict.code}/").url == f"/join/{strict.code}/"
    assert Membership.objects.filter(user=maria).count() == 1


def test_guests_facilitate_nothing_and_have_no_rights(maria, cohort):
    with pytest.raises(services.GuestFacilitatesError):
        services.add_facilitator(user=maria, cohort=cohort)
    with pytest.raises(IntegrityError, match="guests_have_no_rights"):
        User.objects.filter(pk=maria.pk).update(is_staff=True)


def test_an_admin_gives_a_guest_an_address_but_no_rights_before(as_dag, maria):
    url = f"/admin/accounts/user/{maria.pk}/change/"
    form = {"name": "Maria", "email": "", "is_active": "on", "is_facilitator": "on"}
    form |= {f"authenticator_set-{key}": "0" for key in ("TOTAL_FORMS", "INITIAL_FORMS")}

    assert "Guests have no rights" in as_dag.post(url, form).text
    assert as_dag.post(url, {**form, "is_facilitator": ""}).status_code == 302
    maria.refresh_from_db()
    assert maria.is_guest
    assert as_dag.post(url, {**form, "email": "Maria@example.org"}).status_code == 302
    maria.refresh_from_db()
    assert (maria.email, maria.is_facilitator) == ("maria@example.org", True)


def test_the_same_ticket_makes_the_same_guest_and_is_not_stored(db):
    ticket = uuid.uuid4()

    first, second = make_guest(name="Maria", ticket=ticket), make_guest(name="Maria", ticket=ticket)

    assert first == second
    assert ticket.hex not in first.email
