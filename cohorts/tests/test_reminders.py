"""Reminding: whom a filter means, who gets a mail and who does not, and what is in it."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.guests import make_guest
from cohorts import services
from cohorts.mails.reminders import mute_token
from cohorts.models import Membership, Reminder, ReminderMail
from cohorts.reminding import select
from cohorts.tests.people import (
    be_quiet_for,
    facilitators_desk,
    make_guest_participant,
    people,
    plan_reading,
    read_section,
    write_answer,
)
from cohorts.tests.reminders import addresses, preview, send
from conftest import make_cohort, make_user, signed_in


@pytest.fixture
def url(cohort):
    return reverse("cohort_reminders", args=[cohort.public_id])


# --- Whom a filter means ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("everybody", ["done", "new", "reads"]),
        ("not-started", ["new"]),
        ("stalled", ["reads"]),
        ("not-finished", ["new", "reads"]),
        ("group:North", ["reads"]),
    ],
)
def test_a_filter_means_whom_it_says(cohort, small, as_ada, url, who, expected):
    done, reads, _new = (
        services.join(user=make_user(f"{n}@example.org"), cohort=cohort) for n in ("done", "reads", "new")
    )
    services.leave(membership=services.join(user=make_user("left@example.org"), cohort=cohort))
    for place in range(4):
        read_section(small, done, place)
        write_answer(small, done, place % 2, "So")
    read_section(small, reads, 0, done=False)
    be_quiet_for(reads, days=5)
    Membership.objects.filter(pk=reads.pk).update(group="North")

    response = preview(as_ada, url, who=who)

    assert [row.user.email.split("@")[0] for row in response.context["selection"].recipients] == expected


def test_people_ticked_on_another_page_are_handed_over(cohort, as_ada, url):
    first, second, _third = people(cohort, 3)

    page = as_ada.get(url, {"member": [str(first.public_id), str(second.public_id), "nonsense"]})
    assert "2 people you chose" in page.text
    send(as_ada, url, who="chosen", members=page.context["form"]["members"].value())

    assert addresses() == [first.user.email, second.user.email]


def test_people_of_another_cohort_cannot_be_chosen(cohort, small, cleo, as_ada, url):
    (elsewhere,) = people(make_cohort(small.course, cleo), 1)

    response = preview(as_ada, url, who="chosen", members=elsewhere.public_id.hex)

    assert response.context["selection"].recipients == []
    assert elsewhere.user.name not in response.text


# --- Preview and sending ------------------------------------------------------------------------------------


def test_the_preview_shows_names_and_words_as_text(cohort, as_ada, url):
    services.join(user=make_user("eve@example.org", name="<b hx-get=/ hx-trigger=load>"), cohort=cohort)

    page = preview(as_ada, url, text="<script>alert(1)</script>\nSecond line").text

    assert "<b hx-get" not in page
    assert "<script>alert" not in page
    assert "Hello &lt;b hx-get=/ hx-trigger=load&gt;," in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>Second line" in page


def test_a_guest_has_no_address_and_gets_no_mail(cohort, as_ada, url):
    guest = services.join(user=make_guest(name="Gus", ticket=uuid.uuid4()), cohort=cohort)

    assert "without an e-mail address" in preview(as_ada, url).text
    as_ada.post(url, {"who": "everybody", "text": "Please read on.", "step": "send", "seen": guest.public_id.hex})

    assert mail.outbox == []
    assert not ReminderMail.objects.exists()


def test_the_preview_names_who_gets_it_and_who_does_not_and_sends_nothing(cohort, as_ada, url):
    gets, mutes, closed, had = people(cohort, 4)
    guest = make_guest_participant(cohort, "Maria")
    services.mute_reminders(membership=mutes, mutes=True)
    closed.user.is_active = False
    closed.user.save()
    send(as_ada, url, who="chosen", members=had.public_id.hex)
    mail.outbox.clear()

    response = preview(as_ada, url)

    assert [row.pk for row in response.context["selection"].recipients] == [gets.pk]
    assert {row.membership.pk: row.reason for row in response.context["selection"].left_out} == {
        mutes.pk: "wants no reminders",
        closed.pk: "this account is closed",
        had.pk: "had a reminder today",
        guest.pk: "joined as a guest, without an e-mail address",
    }
    assert "1 person gets this reminder" in response.text
    assert "Send to 1 person" in response.text
    assert mail.outbox == []
    assert Reminder.objects.count() == 1


def test_the_preview_shows_the_mail_but_not_the_link_that_mutes_it(cohort, small, as_ada, url):
    (ben,) = people(cohort, 1)

    shown = preview(as_ada, url, text="<b>Read</b> on").context["mail"].body

    assert f"Hello {ben.user.name}," in shown
    assert "<b>Read</b> on" in shown
    assert small.sections[0].title in shown
    assert mute_token(ben) not in preview(as_ada, url).text
    assert "&lt;b&gt;Read&lt;/b&gt; on" in preview(as_ada, url, text="<b>Read</b> on").text


def test_a_guest_never_gets_a_mail(cohort, ada, as_ada, url):
    guest = make_guest_participant(cohort, "Maria")

    assert preview(as_ada, url, who="everybody").context["selection"].recipients == []
    reminder = services.send_reminder(
        cohort=cohort, facilitator=ada, text="Read on", chosen_by="x", recipients=[guest], site="http://testserver/"
    )

    assert mail.outbox == []
    assert reminder.mails.get().state == "failed"
    assert (
        "guest.invalid" not in as_ada.get(reverse("cohort_reminder", args=[cohort.public_id, reminder.public_id])).text
    )


def test_only_whom_the_preview_named_gets_a_mail(cohort, as_ada, url):
    named, _joins_later = people(cohort, 2)
    data = {"who": "everybody", "text": "Read on", "step": "send", "seen": named.public_id.hex}

    as_ada.post(url, data)

    assert addresses() == [named.user.email]


def test_who_caught_up_after_the_preview_gets_none(cohort, small, as_ada, url):
    quick, slow = people(cohort, 2)
    plan_reading(small, cohort, 0, cohort.today - timedelta(days=1))
    seen = preview(as_ada, url, who="behind").context["seen"]
    read_section(small, quick, 0)

    as_ada.post(url, {"who": "behind", "text": "Read on", "step": "send", "seen": seen})

    assert addresses() == [slow.user.email]


def test_each_gets_a_mail_of_their_own_with_their_own_next_step(cohort, small, as_ada, url):
    first, second = people(cohort, 2)
    read_section(small, first, 0)

    response = send(as_ada, url, text="See you on Monday.")

    by_address = {message.to[0]: message for message in mail.outbox}
    to_first, to_second = by_address[first.user.email], by_address[second.user.email]
    assert to_first.subject == "Sfax 2026: a reminder"
    assert to_first.from_email == "Ada <learning@localhost>"
    assert to_first.recipients() == [first.user.email]
    assert f"Hello {first.user.name},\n\nSee you on Monday." in to_first.body
    assert "http://testserver/courses/core/challenges/section-2/" in to_first.body
    assert "http://testserver/courses/core/challenges/\n" in to_second.body
    assert second.user.name not in to_first.body
    page = as_ada.get(response.url)
    assert "2 of 2 sent" in page.text
    assert page.text.count("<td>Sent</td>") == 2


def test_nothing_that_somebody_answered_is_in_a_mail_or_on_a_page(cohort, small, as_ada, url):
    (ben,) = people(cohort, 1)
    as_ben = signed_in(ben.user)
    for number, audience in ((1, "private"), (2, "cohort")):
        place = reverse("answer_save", args=["core", "challenges", "context", f"question-{number}"])
        as_ben.post(place, {"text": "Canary", "version": 0, "audience": audience})

    pages = [as_ada.get(url).text, preview(as_ada, url).text, as_ada.get(send(as_ada, url).url).text]

    assert len(mail.outbox) == 1
    assert "Canary" not in mail.outbox[0].message().as_string()
    assert not any("Canary" in page for page in pages)


def test_a_second_reminder_on_one_day_goes_to_nobody(cohort, as_ada, url):
    people(cohort, 2)
    send(as_ada, url)
    mail.outbox.clear()

    assert "Nobody: choose other people." in preview(as_ada, url).text
    assert (
        "Nothing was sent"
        in as_ada.post(url, {"who": "everybody", "text": "x", "step": "send", "seen": ""}, follow=True).text
    )
    assert mail.outbox == []
    assert Reminder.objects.count() == 1


def test_one_who_is_reminded_by_two_at_once_gets_one_mail(cohort, ada, as_ada):
    both, only_second = people(cohort, 2)
    chosen = select(facilitators_desk(cohort), "everybody").recipients
    arguments = {"cohort": cohort, "facilitator": ada, "text": "x", "chosen_by": "x", "site": "http://testserver/"}

    services.send_reminder(recipients=[both], **arguments)
    services.send_reminder(recipients=chosen, **arguments)
    with pytest.raises(services.NobodyLeftError):
        services.send_reminder(recipients=chosen, **arguments)

    assert addresses() == [both.user.email, only_second.user.email]
    assert Reminder.objects.count() == 2


def test_the_next_day_begins_where_the_cohort_is(cohort, ada, time_machine):
    cohort.time_zone = "Pacific/Auckland"
    cohort.save()
    (ben,) = people(cohort, 1)
    time_machine.move_to("2026-05-01 11:30Z")
    arguments = {"cohort": cohort, "facilitator": ada, "text": "x", "chosen_by": "x", "site": "http://testserver/"}
    services.send_reminder(recipients=[ben], **arguments)

    time_machine.move_to("2026-05-01 11:59Z")
    assert select(facilitators_desk(cohort), "everybody").recipients == []
    time_machine.move_to("2026-05-01 12:00Z")
    assert select(facilitators_desk(cohort), "everybody").recipients == [ben]


@pytest.mark.parametrize("count", [1, 3])
def test_choosing_and_sending_take_the_same_queries_for_any_number(cohort, as_ada, ada, url, count):
    people(cohort, count)

    with CaptureQueriesContext(connection) as asked:
        preview(as_ada, url)
    with CaptureQueriesContext(connection) as shown:
        as_ada.get(url)

    # The session, the person, the desk, groups, the plan, selection; progress of the first for the mail shown.
    assert len(asked) == 9
    assert len(shown) == 5


def test_an_empty_message_is_refused_and_what_was_chosen_stays(cohort, as_ada, url):
    response = preview(as_ada, url, who="not-finished", text="  ")

    assert response.status_code == 422
    assert "Write what you want to say." in response.text
    assert re.search(r'value="not-finished"[^>]*checked', response.text)


def test_a_name_cannot_write_into_the_head_of_a_mail(cohort, ada, as_ada, url):
    people(cohort, 1)
    cohort.name = "Sfax\r\nBcc: everybody@example.org"
    cohort.save()
    ada.name = "Ada\nBcc: somebody@example.org"
    ada.save()

    send(as_ada, url)

    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert message["Subject"] == "Sfax Bcc: everybody@example.org: a reminder"


def test_an_archived_cohort_reminds_nobody(cohort, as_ada, as_ben, url, bens_membership):
    cohort.archived_at = timezone.now()
    cohort.save()

    assert as_ada.get(url).status_code == 200
    assert "nobody can be reminded any more" in as_ada.get(url).text
    assert preview(as_ada, url).status_code == 403
    assert as_ben.post(reverse("cohort_mute", args=[cohort.public_id]), {"mutes": "1"}).status_code == 403


def test_another_cohorts_reminder_is_not_found_through_ones_own(cohort, small, cleo, as_ada, as_cleo, url):
    people(cohort, 1)
    page = send(as_ada, url).url
    other = make_cohort(small.course, cleo)
    elsewhere = page.replace(cohort.public_id, other.public_id)

    assert as_cleo.get(page).status_code == 404
    assert as_cleo.get(elsewhere).status_code == 404
    assert as_cleo.post(elsewhere + "again/").status_code == 404
