"""Mails on their way: a mail server that refuses or is away, and a worker that is killed between two of them."""

import os
import socketserver
import subprocess
import sys
import threading
from email import message_from_bytes
from email.policy import default
from urllib.parse import quote

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from cohorts import services
from cohorts.models import Invitation, ReminderMail
from cohorts.peoplelist import read_text
from conftest import make_user
from jmdi.tests.sites import wait_until

SITE = "http://testserver/"


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks SMTP as far as mails need it. Refuses who is in `refused`, and says nothing more at mail `silent_at`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Talk)
        self.port = self.server_address[1]
        self.refused = {}
        self.hangs_up_after = None
        self.silent_at = None
        self.is_silent = threading.Event()
        self.mails = []

    def addresses(self):
        return sorted(mail["To"] for mail in self.mails)


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        server, taken = self.server, 0
        self.say("220 hello")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                address = line.split("<")[1].split(">")[0]
                self.say(server.refused.get(address, "250 fine"))
            elif verb == "DATA":
                self.say("354 go on")
                lines = []
                while (text := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(text)
                if len(server.mails) == server.silent_at:
                    server.is_silent.set()
                    self.rfile.read()  # until the other side is gone
                    return
                server.mails.append(message_from_bytes(b"".join(lines), policy=default))
                self.say("250 taken")
                taken += 1
                if taken == server.hangs_up_after:
                    return
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mail_server(settings):
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
        server.shutdown()


def remind(cohort, ada, count):
    """Have *count* people reminded."""
    members = [services.join(user=make_user(f"p{n}@example.org"), cohort=cohort) for n in range(count)]
    return services.send_reminder(
        cohort=cohort, facilitator=ada, text="Read on", chosen_by="Everybody", recipients=members, site=SITE
    )


def states(reminder):
    return dict(reminder.mails.values_list("membership__user__email", "state"))


def test_mails_go_out_over_smtp_each_with_a_name_of_its_own(cohort, ada, mail_server):
    remind(cohort, ada, 3)

    assert mail_server.addresses() == ["p0@example.org", "p1@example.org", "p2@example.org"]
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 3
    assert all(mail["Message-ID"].endswith("@testserver>") for mail in mail_server.mails)


def test_a_refused_address_does_not_hold_up_the_others_and_is_said_without_it(cohort, ada, as_ada, mail_server):
    mail_server.refused = {"p0@example.org": "550 unknown p0@example.org", "p1@example.org": "450 busy"}

    reminder = remind(cohort, ada, 3)

    assert states(reminder) == {"p0@example.org": "failed", "p1@example.org": "failed", "p2@example.org": "sent"}
    page = as_ada.get(reverse("cohort_reminder", args=[cohort.public_id, reminder.public_id])).text
    assert "1 of 3 sent · 2 could not be sent" in page
    assert "The mail server does not take mail for this address." in page
    assert "The mail server asks to try again later." in page
    assert "@example.org" not in page


def test_what_failed_can_be_tried_again_and_what_was_sent_is_not(cohort, ada, as_ada, mail_server):
    mail_server.refused = {"p0@example.org": "450 busy"}
    reminder = remind(cohort, ada, 2)
    mail_server.refused = {}

    response = as_ada.post(reverse("cohort_reminder_again", args=[cohort.public_id, reminder.public_id]))

    assert mail_server.addresses() == ["p0@example.org", "p1@example.org"]
    page = as_ada.get(response.url).text
    assert "2 of 2 sent" in page
    assert "Try again" not in page


def test_what_failed_yesterday_is_not_sent_to_who_had_another_reminder_today(cohort, ada, mail_server, time_machine):
    time_machine.move_to("2026-05-01 12:00Z")
    mail_server.refused = {"p0@example.org": "450 busy"}
    reminder = remind(cohort, ada, 1)
    mail_server.refused = {}
    time_machine.move_to("2026-05-02 12:00Z")
    services.send_reminder(
        cohort=cohort,
        facilitator=ada,
        text="Another",
        chosen_by="x",
        recipients=[reminder.mails.get().membership],
        site=SITE,
    )

    services.send_reminder_again(reminder=reminder, site=SITE)

    assert len(mail_server.mails) == 1
    assert "Another" in mail_server.mails[0].get_content()


def test_a_mail_server_that_hangs_up_now_and_then_is_called_again(cohort, ada, mail_server):
    mail_server.hangs_up_after = 2

    reminder = remind(cohort, ada, 5)

    assert set(states(reminder).values()) == {"sent"}
    assert len(mail_server.mails) == len(set(mail_server.addresses())) == 5


def test_a_mail_server_that_is_away_fails_all_at_once_and_is_said(cohort, ada, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    reminder = remind(cohort, ada, 3)

    assert set(reminder.mails.values_list("state", "failure")) == {("failed", "server")}
    assert "Reminders could not be sent: ConnectionRefusedError" in caplog.text
    assert "example.org" not in caplog.text


def test_mails_wait_until_a_worker_takes_them_and_the_page_asks_for_itself(cohort, ada, as_ada, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    reminder = remind(cohort, ada, 2)
    url = reverse("cohort_reminder", args=[cohort.public_id, reminder.public_id])

    whole, fragment = as_ada.get(url).text, as_ada.get(url, headers={"hx-request": "true"}).text

    assert fragment.strip() in whole
    assert "0 of 2 sent · 2 waiting" in fragment
    assert f'hx-get="{url}" hx-trigger="every 3s"' in fragment
    assert "probably no worker is running" not in fragment

    reminder.mails.update(state=ReminderMail.State.SENT)
    assert "hx-get" not in as_ada.get(url, headers={"hx-request": "true"}).text


def test_mails_that_wait_for_long_are_said_and_can_be_tried_again(cohort, ada, as_ada, settings, time_machine):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    time_machine.move_to("2026-05-01 12:00Z")
    reminder = remind(cohort, ada, 1)
    time_machine.move_to("2026-05-01 12:06Z")

    page = as_ada.get(reverse("cohort_reminder", args=[cohort.public_id, reminder.public_id])).text

    assert "probably no worker is running" in page
    assert "Try again" in page


def test_a_worker_killed_half_way_leaves_the_rest_to_the_next_and_everybody_gets_one(
    transactional_db, cohort, ada, settings, mail_server
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    reminder = remind(cohort, ada, 5)
    # What a task keeps of people is nothing.
    assert DBTaskResult.objects.get().args_kwargs == {"args": [reminder.pk, SITE], "kwargs": {}}
    mail_server.silent_at = 2

    first = worker(mail_server)
    assert mail_server.is_silent.wait(30)
    first.kill()
    first.wait()
    assert sorted(states(reminder).values()) == ["sent", "sent", "waiting", "waiting", "waiting"]
    assert DBTaskResult.objects.get().status == "RUNNING"
    mail_server.silent_at = None
    assert worker(mail_server, "--once").wait(30) == 0

    assert set(states(reminder).values()) == {"sent"}
    assert mail_server.addresses() == [f"p{n}@example.org" for n in range(5)]
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_worker_sends_the_invitations_that_wait(transactional_db, cohort, ada, settings, mail_server):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    mail_server.refused = {"bad@example.org": "550 unknown"}
    people = read_text("good@example.org\nbad@example.org").people
    services.invite(cohort=cohort, by=ada, people=people, site=SITE)
    assert {frozenset(done.args_kwargs["args"]) for done in DBTaskResult.objects.all()} == {
        frozenset({invitation.pk, SITE}) for invitation in Invitation.objects.all()
    }
    assert mail_server.mails == []

    assert worker(mail_server, "--once").wait(30) == 0

    invitation = Invitation.objects.get(email="good@example.org")
    (sent,) = mail_server.mails
    assert sent["To"] == "good@example.org"
    assert f"{SITE}join/{invitation.token}/" in sent.get_content()
    assert invitation.times_sent == 1
    assert Invitation.objects.get(email="bad@example.org").failure == "The mail server does not accept this address."


def test_a_living_worker_takes_up_what_another_was_killed_in(transactional_db, cohort, ada, settings, mail_server):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    mail_server.silent_at = 1
    remind(cohort, ada, 2)
    killed = worker(mail_server)
    assert mail_server.is_silent.wait(30)
    mail_server.silent_at = None
    lives = worker(mail_server)
    killed.kill()
    killed.wait()

    try:
        wait_until(lambda: len(mail_server.mails) == 2)
        wait_until(lambda: DBTaskResult.objects.get().status == "SUCCESSFUL")
    finally:
        lives.terminate()
    assert lives.wait(30) == 0
    assert mail_server.addresses() == ["p0@example.org", "p1@example.org"]


def worker(mail_server, *options):
    """Start a worker on the test's own database and mail server."""
    database = connection.settings_dict
    # Its host may be a folder, of the embedded server.
    host = f"{quote(database['HOST'], safe='')}:{database['PORT'] or 5432}"
    address = f"postgres://{database['USER']}:{database['PASSWORD']}@{host}/{database['NAME']}"
    return subprocess.Popen(
        [sys.executable, "manage.py", "worker", *options],
        cwd=site_settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": address, "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}"},
    )
