"""Whoever wants no reminders gets none: by the link in a mail, or on the cohort's page."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cohorts import services
from cohorts.mails.reminders import mute_token
from cohorts.models import Membership, ReminderMail
from cohorts.tests.people import people
from cohorts.tests.reminders import send


@pytest.fixture
def url(cohort):
    return reverse("cohort_reminders", args=[cohort.public_id])


def test_a_mail_can_be_ended_from_a_mail_program_without_signing_in(cohort, as_ada, url):
    (ben,) = people(cohort, 1)
    send(as_ada, url)
    message = mail.outbox[0]
    link = message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in message.body

    response = Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"})

    ben.refresh_from_db()
    assert response.status_code == 204
    assert ben.mutes_reminders


def test_the_link_in_a_mail_asks_first_and_can_be_taken_back(cohort, bens_membership):
    visitor = Client(enforce_csrf_checks=True)
    link = reverse("reminders_mute", args=[mute_token(bens_membership)])

    page = visitor.get(link).text
    bens_membership.refresh_from_db()
    assert not bens_membership.mutes_reminders
    assert bens_membership.user.name not in page
    assert bens_membership.user.email not in page

    assert visitor.post(link, {"mutes": "1"}).url == link
    bens_membership.refresh_from_db()
    assert bens_membership.mutes_reminders
    assert "Send me reminders again" in visitor.get(link).text
    visitor.post(link, {"mutes": "0"})
    bens_membership.refresh_from_db()
    assert not bens_membership.mutes_reminders


def test_a_forged_link_ends_nothing(bens_membership):
    token = mute_token(bens_membership)

    for forged in (token[:-1] + ("x" if token[-1] != "x" else "y"), bens_membership.public_id.hex, "a:b"):
        assert Client().post(reverse("reminders_mute", args=[forged])).status_code == 404
    bens_membership.refresh_from_db()
    assert not bens_membership.mutes_reminders


def test_a_member_switches_reminders_off_and_on_for_themselves_alone(cohort, bens_membership, as_ben):
    (other,) = people(cohort, 1)
    place = reverse("cohort_mute", args=[cohort.public_id])

    as_ben.post(place, {"mutes": "1"})
    assert list(Membership.objects.filter(mutes_reminders=True)) == [bens_membership]
    as_ben.post(place, {"mutes": "0"})

    other.refresh_from_db()
    assert not Membership.objects.filter(mutes_reminders=True).exists()


def test_who_mutes_after_it_was_sent_off_gets_no_mail(cohort, ada, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    mutes, leaves = people(cohort, 2)
    reminder = services.send_reminder(
        cohort=cohort, facilitator=ada, text="x", chosen_by="x", recipients=[mutes, leaves], site="http://testserver/"
    )
    services.mute_reminders(membership=mutes, mutes=True)
    services.leave(membership=leaves)
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

    services.send_reminder_again(reminder=reminder, site="http://testserver/")

    assert mail.outbox == []
    assert set(reminder.mails.values_list("state", "failure")) == {("failed", "not wanted"), ("failed", "gone")}
    assert ReminderMail.objects.filter(done_at=None).count() == 0
