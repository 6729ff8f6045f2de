"""Joining by a code: typed as one likes, by so many people, for so long, and never as more than a participant."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.doors import code_mailed_to, sign_in, sign_up
from cohorts import services
from cohorts.constants import WRONG_CODES
from cohorts.models import JoinCode, Membership
from cohorts.tests.conftest import make_code, uses
from conftest import make_user, signed_in

CONFIRM = "/accounts/confirm-email/"


def path(code):
    return f"/join/{code.code}/"


def guest_form(name="Maria"):
    return {"name": name, "ticket": uuid.uuid4()}


# --- With an account ----------------------------------------------------------------------------------------


def test_somebody_signed_in_sees_what_it_is_and_joins(as_cleo, cleo, cohort, code):
    page = as_cleo.get(path(code)).text
    assert (cohort.name in page, "Ada" in page, "unless you share it" in page) == (True, True, True)
    assert not Membership.objects.filter(user=cleo).exists()

    response = as_cleo.post(path(code), follow=True)

    assert response.request["PATH_INFO"] == cohort.get_absolute_url()
    assert "You are in. Welcome!" in response.text
    membership = Membership.objects.get(user=cleo)
    assert (membership.role, membership.enrolment.course, uses(code)) == ("participant", cohort.course, 1)


@pytest.mark.parametrize("change", ["abc-def-ghi", "abc def ghi", " ABCDEFGHI ", "aBc-dEfghi"])
def test_a_code_may_be_typed_carelessly(client, cohort, change):
    code = make_code(cohort, code="BCDFGHJKM")
    typed = change.translate(str.maketrans("abcdefghiABCDEFGHI", "bcdfghjkmBCDFGHJKM"))

    assert client.post("/join/", {"code": typed}).url == path(code)
    assert client.get(f"/join/{typed.strip()}/").status_code == 200


def test_joining_twice_counts_once_and_leads_to_the_cohort(as_cleo, cohort, code):
    other = make_code(cohort)

    urls = [as_cleo.post(path(each)).url for each in (code, code, other)]

    assert urls == [cohort.get_absolute_url()] * 3
    assert (uses(code), uses(other)) == (1, 0)
    assert as_cleo.get(path(code)).url == cohort.get_absolute_url()


def test_a_facilitator_who_follows_the_code_stays_one_and_uses_nothing_up(as_ada, ada, cohort, code):
    as_ada.post(path(code))

    assert (Membership.objects.get(user=ada).role, uses(code)) == ("facilitator", 0)


def test_the_code_gives_no_role_whatever_is_posted(as_cleo, cleo, code):
    as_cleo.post(f"{path(code)}?role=facilitator", {"role": "facilitator", "is_facilitator": "1"})

    assert Membership.objects.get(user=cleo).role == "participant"


def test_somebody_who_left_comes_back_by_a_code_with_all_their_work(cohort, bens_membership, as_ben, code):
    services.leave(membership=bens_membership)

    as_ben.post(path(code))

    again = Membership.objects.get(user=bens_membership.user)
    assert (again.left_at, again.enrolment_id, uses(code)) == (None, bens_membership.enrolment_id, 1)


ENDED = {
    "has expired": {"expires_at": timezone.now() - timedelta(hours=1)},
    "was taken back": {"revoked_at": timezone.now()},
    "As many people": {"uses_max": 3, "uses": 3},
}


@pytest.mark.parametrize("words", ENDED)
@pytest.mark.parametrize("name", ["as_cleo", "client"])
def test_a_code_that_has_ended_says_why_and_lets_nobody_in(request, cohort, words, name):
    code, someone = make_code(cohort, **ENDED[words]), request.getfixturevalue(name)
    cohort.allows_guests = True
    cohort.save()

    answers = [someone.get(path(code)), someone.post(path(code))]
    answers.append(someone.post(f"{path(code)}guest/", guest_form()))

    assert words in answers[0].text
    assert answers[0].status_code == 410
    assert cohort.name not in answers[0].text
    assert Membership.objects.participants().count() == 0
    assert not User.objects.filter(name="Maria").exists()


def test_an_archived_cohort_takes_nobody_in(as_cleo, cohort, code):
    cohort.archived_at = timezone.now()
    cohort.save()

    assert "is over" in as_cleo.post(path(code)).text
    assert uses(code) == 0


def test_a_code_that_ends_between_page_and_click_lets_nobody_in(cleo, code):
    JoinCode.objects.filter(pk=code.pk).update(revoked_at=timezone.now())

    with pytest.raises(services.WayInEndedError):
        services.join_by_code(user=cleo, code=code)


def test_the_database_itself_refuses_one_too_many(code):
    with pytest.raises(IntegrityError, match="a_code_is_not_used_up_beyond"):
        JoinCode.objects.filter(pk=code.pk).update(uses=51)


# --- Without one --------------------------------------------------------------------------------------------


def test_somebody_new_signs_up_confirms_the_address_and_is_back_at_the_door(client, cohort, code):
    page = client.get(path(code)).text
    assert f'href="/accounts/signup/?next={path(code)}"' in page
    form = {"name": "Fatou", "email": "fatou@example.org", "password1": "correct horse battery", "next": path(code)}
    client.post("/accounts/signup/", form)

    back = client.post(CONFIRM, {"code": code_mailed_to("fatou@example.org")})

    assert back.url == path(code)
    assert client.post(back.url).url == cohort.get_absolute_url()


def test_whoever_wanders_off_on_the_way_in_is_led_back_all_the_same(client, ben, code):
    client.get(path(code))
    sign_up(client, "fatou@example.org")
    assert client.post(CONFIRM, {"code": code_mailed_to("fatou@example.org")}).url == path(code)

    client = Client()
    client.get(path(code))
    assert sign_in(client, ben.email).url == path(code)
    client.post("/accounts/logout/")
    assert sign_in(client, ben.email).url == "/"


def test_a_visitors_click_on_join_asks_who_they_are(client, code):
    assert client.post(path(code)).url == path(code)
    assert Membership.objects.participants().count() == 0


# --- Many at once -------------------------------------------------------------------------------------------


def at_once(functions):
    """Call all *functions* at the same moment, each on a connection of its own; return what they gave or raised."""
    together = threading.Barrier(len(functions), timeout=60)
    results = [None] * len(functions)

    def call(place, function):
        together.wait()
        try:
            results[place] = function()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=item) for item in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_sixty_at_once_on_a_code_for_fifty_are_fifty(cohort):
    code = make_code(cohort, uses_max=50)
    people = [signed_in(make_user(f"p{number}@example.org")) for number in range(60)]

    answers = at_once([lambda client=client: client.post(path(code)) for client in people])

    assert sorted(answer.status_code for answer in answers) == [302] * 50 + [410] * 10
    assert Membership.objects.current().participants().filter(cohort=cohort).count() == uses(code) == 50


@pytest.mark.django_db(transaction=True)
def test_the_same_click_twice_at_once_counts_once(as_cleo, cohort, code):
    answers = at_once([lambda: as_cleo.post(path(code)) for _click in range(4)])

    assert [answer.status_code for answer in answers] == [302] * 4
    assert (Membership.objects.participants().count(), uses(code)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_guest_who_clicks_twice_is_one_guest(cohort, code):
    cohort.allows_guests = True
    cohort.save()
    form = guest_form()

    answers = at_once([lambda: Client().post(f"{path(code)}guest/", form) for _click in range(3)])

    assert [answer.status_code for answer in answers] == [302] * 3
    assert (User.objects.filter(name="Maria").count(), uses(code)) == (1, 1)


# --- Wrong codes --------------------------------------------------------------------------------------------


def test_forty_people_of_one_room_join_within_a_minute(cohort, code, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    cohort.allows_guests = True
    cohort.save()

    for _person in range(40):
        phone = Client()
        assert phone.post("/join/", {"code": "222-222-222"}).status_code == 404  # mistyped once
        page = phone.post("/join/", {"code": code.shown}).url
        assert phone.post(f"{page}guest/", guest_form()).url == cohort.get_absolute_url()

    assert uses(code) == 40


def test_wrong_codes_from_one_address_are_soon_too_many_and_stop_nobody_else(code, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    statuses = []
    for number in range(40):
        statuses.append(Client().post("/join/", {"code": f"22222{number:04}"}).status_code)
        statuses.append(Client().get(f"/join/33333{number:04}/").status_code)

    assert statuses == [404] * 60 + [429] * 20
    assert Client().get(path(code)).status_code == 200


def test_one_person_is_told_to_wait_sooner_than_their_room(as_cleo, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    statuses = [as_cleo.get("/join/222222222/").status_code for _try in range(16)]

    assert statuses == [404] * 15 + [429]
    assert Client().get("/join/222222222/").status_code == 404
    time_machine.shift(301)
    assert as_cleo.get("/join/222222222/").status_code == 404


def test_who_guesses_for_an_hour_is_not_answered_even_when_right(code, time_machine, monkeypatch):
    time_machine.move_to(timezone.now(), tick=False)
    monkeypatch.setitem(WRONG_CODES, "wrong_code_for_long", "20/h/ip")
    for number in range(21):
        assert Client().get(path(code)).status_code == 200
        Client().get(f"/join/22222{number:04}/")

    assert Client().get(path(code)).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").get(path(code)).status_code == 200
    time_machine.shift(60 * 60 + 1)
    assert Client().get(path(code)).status_code == 200


@pytest.mark.parametrize("typed", ["%00", "a%00b", "مرحبا", "<script>", "x" * 300, "--", "🦜"])
def test_nonsense_is_a_wrong_code(client, typed, db):
    assert client.get(f"/join/{typed}/").status_code == 404


def test_what_was_typed_wrong_stands_there_to_be_mended(client, db):
    page = client.post("/join/", {"code": "bcd-fgh-22x"})

    assert page.status_code == 404
    assert 'value="BCDFGH22X"' in page.text
    assert "no such code" in page.text
