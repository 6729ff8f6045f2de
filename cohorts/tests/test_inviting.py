"""Inviting: codes for a room, mails one by one; nobody twice, and every state is told."""

import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tests.doors import link_mailed_to, newest_mail_to
from cohorts import services
from cohorts.models import Invitation, JoinCode
from cohorts.peoplelist import read_text
from cohorts.tasks import deliver_invitation
from cohorts.tests.conftest import SITE, make_code, words
from cohorts.tests.test_joining_by_code import at_once
from conftest import make_cohort, make_user

# --- Codes --------------------------------------------------------------------------------------------------


def test_a_code_is_made_shown_and_revoked(as_ada, post, on, cohort):
    assert post("code/", {"days": "3", "uses_max": "25"}).url == on()
    code = JoinCode.objects.get()
    assert (code.uses_max, (code.expires_at - timezone.now()).days, code.created_by.name) == (25, 2, "Ada")
    page = as_ada.get(on())
    assert f"{SITE}join/{code.code}/" in page.text
    assert code.shown in page.text
    assert "0 of 25 people" in words(page)

    post(f"code/{code.code}/revoke/", {})

    assert code.shown not in as_ada.get(on()).text
    assert "was taken back" in Client().get(f"/join/{code.code}/").text


def test_the_projector_shows_the_newest_code_or_the_one_asked_for(as_ada, on, cohort):
    assert "No code is open." in as_ada.get(on("screen/")).text
    older, newest = make_code(cohort), make_code(cohort)

    assert newest.shown in as_ada.get(on("screen/")).text
    assert older.shown in as_ada.get(on(f"screen/?code={older.code}")).text
    assert newest.shown in as_ada.get(on("screen/?code=222222222")).text
    assert "testserver/join/" in as_ada.get(on("screen/")).text


def test_no_more_codes_are_open_than_one_can_know(post, cohort):
    for _code in range(4):
        post("code/", {"days": "3", "uses_max": "25"})

    assert JoinCode.objects.open().count() == 3
    JoinCode.objects.filter(pk=JoinCode.objects.first().pk).update(expires_at=timezone.now())
    post("code/", {"days": "3", "uses_max": "25"})
    assert JoinCode.objects.open().count() == 3


@pytest.mark.parametrize("form", [{"days": "0", "uses_max": "5"}, {"days": "91", "uses_max": "5"}, {"days": "1"}])
def test_nonsense_is_refused_and_said(post, form):
    response = post("code/", form)

    assert response.status_code == 422
    assert "aria-invalid" in response.text
    assert not JoinCode.objects.exists()


def test_the_code_of_another_cohort_is_not_there(post, small, cleo):
    elsewhere = make_code(make_cohort(small.course, cleo))

    assert post(f"code/{elsewhere.code}/revoke/", {}).status_code == 404
    assert JoinCode.objects.get().revoked_at is None


# --- Inviting people ----------------------------------------------------------------------------------------


def test_each_person_gets_a_mail_of_their_own(post, on, cohort):
    cohort.place = "Sfax, Tunisia"
    cohort.save()

    assert post("people/", {"text": "Fatou Diop <fatou@example.org>\nben@example.org"}).url == on()

    assert [message.to for message in mail.outbox] == [["ben@example.org"], ["fatou@example.org"]]
    message = newest_mail_to("fatou@example.org")
    assert message.subject == "Ada invites you to Sfax 2026"
    assert message.reply_to == ["ada@example.org"]
    assert message.body.startswith("Hello Fatou Diop,")
    assert "Sfax, Tunisia" in message.body
    invitation = Invitation.objects.get(email="fatou@example.org")
    assert link_mailed_to("fatou@example.org") == f"/join/{invitation.token}/"
    assert (invitation.times_sent, invitation.failure, invitation.sent_at is None) == (1, "", False)


def test_good_lines_are_kept_and_the_others_said_with_number_and_reason(post, as_ben, bens_membership, as_ada, on):
    post("people/", {"text": "old@example.org"})

    text = "new@example.org\nnonsense <b>\nBEN@example.org\nold@example.org\nnew@example.org"
    response = post("people/", {"text": text})

    said = words(response)
    assert response.status_code == 422
    assert "1 invitation is on its way." in said
    assert "Line 2: nonsense &lt;b&gt; – There is no e-mail address in this line." in said
    assert "In the cohort already: ben@example.org" in said
    assert "not again (see the list further down): old@example.org" in said
    assert "new@example.org (line 5)" in said
    assert re.search(r"<textarea[^>]*>\s*nonsense &lt;b&gt;\s*</textarea>", response.text)
    assert [invitation.email for invitation in Invitation.objects.all()] == ["new@example.org", "old@example.org"]


def test_a_file_does_the_same(post):
    file = SimpleUploadedFile("list.csv", "Nom;Courriel\nFátou;fatou@example.org\n;nix\n".encode("cp1252"))

    response = post("people/", {"text": "", "file": file})

    assert "Line 3: ;nix" in words(response)
    assert newest_mail_to("fatou@example.org").body.startswith("Hello Fátou,")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": " "}, "Write whom to invite"),
        ({"file": SimpleUploadedFile("x.csv", b"")}, "This file is empty"),
        ({"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04\x00")}, "This is no CSV file"),
        ({"file": SimpleUploadedFile("x.csv", b"a@b.org\n" * 70_000)}, "at most 512 KB"),
        ({"text": "a@b.org", "file": SimpleUploadedFile("x.csv", b"c@d.org")}, "not both at once"),
    ],
)
def test_what_cannot_be_read_is_refused_with_words(post, data, said):
    for upload in data.values():
        if hasattr(upload, "seek"):
            upload.seek(0)

    response = post("people/", data)

    assert response.status_code == 422
    assert said in response.text
    assert not Invitation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_invite_the_same_people_at_once_invite_them_once(cohort, ada):
    people = read_text("\n".join(f"p{number}@example.org" for number in range(30))).people
    backwards = dict(reversed(people.items()))

    results = at_once(
        [
            lambda people=people: services.invite(cohort=cohort, by=ada, people=people, site=SITE)
            for people in (people, backwards, people)
        ]
    )

    assert sum(len(result.new) for result in results) == Invitation.objects.count() == len(mail.outbox) == 30


def test_a_name_cannot_add_a_header_to_the_mail(ada, cohort):
    ada.name = cohort.name = "Ada\r\nBcc: all@example.org"
    ada.save()
    cohort.save()
    invitation = Invitation.objects.create(cohort=cohort, created_by=ada, email="f@example.org", name="F\nCc: x@y.org")

    deliver_invitation.call(invitation.pk, SITE)

    message = mail.outbox[0].message()
    assert set(message.keys()) & {"Bcc", "Cc"} == set()
    assert "\n" not in mail.outbox[0].subject


# --- Sending ------------------------------------------------------------------------------------------------


def test_sending_twice_sends_one_mail(invitation):
    deliver_invitation.call(invitation.pk, SITE)
    deliver_invitation.call(invitation.pk, SITE)

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_sending_twice_at_once_sends_one_mail(invitation):
    at_once([lambda: deliver_invitation.call(invitation.pk, SITE)] * 3)

    invitation.refresh_from_db()
    assert (len(mail.outbox), invitation.times_sent) == (1, 1)


@pytest.mark.parametrize("change", [{"withdrawn_at": timezone.now()}, {"accepted_at": timezone.now()}])
def test_what_is_over_before_its_mail_went_out_is_not_sent(invitation, change):
    Invitation.objects.update(**change)

    deliver_invitation.call(invitation.pk, SITE)
    deliver_invitation.call(invitation.pk + 1, SITE)

    assert mail.outbox == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (smtplib.SMTPRecipientsRefused({"f": (550, b"secret words")}), "does not accept this address"),
        (smtplib.SMTPDataError(554, b"secret words"), "refused the mail (error 554)"),
        (ConnectionRefusedError("secret words"), "could not be reached"),
    ],
)
def test_a_mail_that_does_not_go_out_is_said_and_can_be_sent_again(
    post, as_ada, on, invitation, monkeypatch, error, said
):
    def fail(*args):
        raise error

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
        deliver_invitation.call(invitation.pk, SITE)
    page = words(as_ada.get(on()))
    assert "Not sent" in page
    assert said in page
    assert "secret" not in page

    post("people/send/", {"email": invitation.email})

    assert "Sent, no answer yet" in words(as_ada.get(on()))
    assert len(mail.outbox) == 1


def test_sending_again_waits_a_little_and_ends_after_five_mails(post, invitation, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    for _time in range(7):
        post("people/send/", {"email": invitation.email})
        post("people/send/", {"email": invitation.email})
        time_machine.shift(601)

    invitation.refresh_from_db()
    assert (len(mail.outbox), invitation.times_sent) == (5, 5)


def test_a_page_names_the_first_of_very_many_bad_lines_and_gives_all_back(post):
    page = post("people/", {"text": "quux\n" * 1000}).text

    assert page.count("There is no e-mail address in this line.") == 200
    assert "And more lines like these." in page
    assert page.count("quux") == 1200


def test_withdrawing_between_does_not_make_it_quicker(post, invitation):
    for _time in range(3):
        post("people/send/", {"email": invitation.email})
        post("people/withdraw/", {"email": invitation.email})

    assert len(mail.outbox) == 1


def test_one_withdrawn_is_invited_again_with_a_new_link(post, as_ada, on, invitation):
    old = f"/join/{invitation.token}/"
    post("people/withdraw/", {"email": invitation.email})
    assert "was withdrawn" in Client().get(old).text
    assert "Withdrawn" in words(as_ada.get(on()))

    post("people/send/", {"email": invitation.email})

    assert Client().get(old).status_code == 404
    assert Client().get(link_mailed_to(invitation.email)).status_code == 200


@pytest.mark.parametrize("path", ["send/", "withdraw/"])
@pytest.mark.parametrize("email", ["", "a\0b", "nobody@example.org", "elsewhere@example.org"])
def test_invitations_that_are_not_of_this_cohort_are_not_there(post, small, cleo, path, email):
    Invitation.objects.create(cohort=make_cohort(small.course, cleo), email="elsewhere@example.org")

    assert post(f"people/{path}", {"email": email}).status_code == 404


def test_an_archived_cohort_invites_nobody(post, as_ada, on, cohort, invitation, code):
    cohort.archived_at = timezone.now()
    cohort.save()

    for path in ("code/", f"code/{code.code}/revoke/", "people/", "people/send/", "people/withdraw/"):
        assert post(path, {"days": 1, "uses_max": 1, "text": "x@y.org", "email": invitation.email}).status_code == 403
    page = as_ada.get(on()).text
    assert "is archived" in page
    assert '<form method="post" action="/cohorts/' not in page


def test_the_list_takes_as_many_queries_for_three_as_for_one(as_ada, on, cohort, code):
    def count():
        with CaptureQueriesContext(connection) as queries:
            as_ada.get(on())
        return len(queries)

    def accept(number):
        invitation = Invitation.objects.create(cohort=cohort, email=f"p{number}@example.org")
        user = make_user(f"p{number}@example.org")
        services.join_by_invitation(user=user, invitation=invitation, knowingly=False)

    as_ada.get(on())
    accept(1)
    first = count()
    for number in (2, 3):
        accept(number)
        make_code(cohort)

    assert (first, count()) == (5, 5)


def test_what_facilitators_see_of_waiting_mails(invitation, as_ada, on):
    assert "On its way" in words(as_ada.get(on()))
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=1), times_sent=2)
    assert "2 times" in words(as_ada.get(on()))


def test_nobody_mails_a_town_in_a_day(cohort, as_ada, monkeypatch):
    monkeypatch.setattr("cohorts.services.inviting.INVITATIONS_A_DAY", 2)
    url = reverse("cohort_invite_people", args=[cohort.public_id])

    as_ada.post(url, {"text": "a@example.org\nb@example.org"})
    refused = as_ada.post(url, {"text": "c@example.org"})

    assert "Nobody was invited" in refused.text
    assert "c@example.org" in refused.text
    assert cohort.invitations.count() == 2


def test_a_web_address_is_no_name(cohort, as_ada):
    url = reverse("cohort_invite_people", args=[cohort.public_id])

    page = as_ada.post(url, {"text": "Win at http://evil.example <v@example.org>"})

    assert "holds a web address" in page.text
    assert not cohort.invitations.exists()
