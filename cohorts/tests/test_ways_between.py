"""The parts of a cohort lead to each other: the table to reminders, the first page to what there is to do."""

import datetime as dt
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cohorts import services
from cohorts.tests.people import make_participant, plan_reading, read_section
from cohorts.tests.sharing import make_sharers, reply, share, url
from conftest import make_cohort


def form_of(page):
    """Return where the form of ticked people goes, and the ids that can be ticked."""
    action = re.search(r'<form id="remind"[^>]* action="([^"]+)"', page)[1]
    return action, re.findall(r'name="member" value="([0-9a-f-]{36})" form="remind"', page)


def chosen(page):
    """Return what is chosen on the page of reminders, in words."""
    label = next(label for label in re.findall(r"<label.*?</label>", page, re.S) if "checked" in label)
    return unescape(re.sub(r"<[^>]+>", "", label)).strip()


# --- From the table to a reminder ---------------------------------------------------------------------------


def test_who_is_ticked_on_the_table_is_chosen_for_a_reminder(cohort, as_ada):
    people = [make_participant(cohort, name) for name in ("Ann", "Bob", "Cat")]
    action, ids = form_of(as_ada.get(url("cohort_progress", cohort)).text)
    assert ids == [str(each.public_id) for each in people]

    page = as_ada.post(action, {"step": "choose", "member": ids[1:]})

    assert page.status_code == 200
    assert chosen(page.text) == "2 people you chose"
    preview = {"who": "chosen", "members": page.context["form"]["members"].value(), "text": "x", "step": "preview"}
    found = as_ada.post(action, preview).context["selection"].recipients
    assert [row.user.name for row in found] == ["Bob", "Cat"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Everybody"),
        ("?state=behind", "Who is behind the plan"),
        ("?state=not-started", "Who has not started"),
        ("?group=Blue+%26+1", "Group Blue & 1"),
    ],
)
def test_a_filter_leads_to_a_reminder_to_the_same_people(cohort, small, as_ada, query, words):
    make_participant(cohort, "Ann", group="Blue & 1")
    make_participant(cohort, "Bob", group="Blue & 1")
    plan_reading(small, cohort, 0, cohort.today - dt.timedelta(days=1))

    page = as_ada.get(url("cohort_progress", cohort) + query).text
    link = re.search(r'href="([^"]+)">Remind all 2<', page)[1]

    assert chosen(as_ada.get(unescape(link)).text) == words


@pytest.mark.parametrize("query", ["?q=a", "?state=finished", "?state=not-started&group=Blue", "?group=-"])
def test_a_filter_without_a_name_hands_its_people_over(cohort, small, as_ada, query):
    small.questions[0].prompt.questions.update(archived_at=timezone.now())
    small.publish()
    for name in ("Ann", "Anna"):
        person = make_participant(cohort, name, group="" if query == "?group=-" else "Blue")
        for place in range(4) if "finished" in query else ():
            read_section(small, person, place)
    make_participant(cohort, "Bob", group="Red")
    page = as_ada.get(url("cohort_progress", cohort) + query).text
    listed = re.search(r'<button[^>]*name="member" value="([^"]+)">Remind all 2<', page)[1]

    page = as_ada.post(url("cohort_reminders", cohort), {"step": "choose", "member": listed})

    assert chosen(page.text) == "2 people you chose"


def test_the_list_of_who_needs_a_hand_leads_to_a_reminder(cohort, as_ada):
    make_participant(cohort, "Ann")

    page = as_ada.get(url("cohort_progress", cohort)).text

    assert f'href="{url("cohort_reminders", cohort)}?who=not-started"' in page


def test_in_an_archived_cohort_nobody_is_ticked(cohort, as_ada):
    make_participant(cohort, "Ann")
    cohort.archived_at = timezone.now()
    cohort.save()

    page = as_ada.get(url("cohort_progress", cohort)).text

    assert "Ann" in page
    assert 'id="remind"' not in page
    assert 'name="member"' not in page
    assert as_ada.post(url("cohort_reminders", cohort), {"step": "choose"}).status_code == 403


def test_a_person_leads_to_a_reminder_to_them(cohort, as_ada):
    ann = make_participant(cohort, "Ann")

    page = as_ada.get(url("cohort_person", cohort, ann.public_id)).text
    link = re.search(r'href="([^"]+)">Send a reminder<', page)[1]

    assert chosen(as_ada.get(link).text) == "1 person you chose"


def test_members_lead_to_their_pages_for_facilitators_alone(cohort, bens_membership, as_ada, as_ben):
    person = url("cohort_person", cohort, bens_membership.public_id)

    assert f'href="{person}"' in as_ada.get(url("cohort_members", cohort)).text
    assert person not in as_ben.get(url("cohort_members", cohort)).text


@pytest.mark.parametrize("name", ["cohort_progress", "cohort_members", "cohort_report"])
def test_where_nobody_has_joined_one_is_led_to_inviting(cohort, as_ada, name):
    page = as_ada.get(url(name, cohort)).text

    assert f'Nobody has joined yet. <a href="{url("cohort_invite", cohort)}">Invite people</a>' in page


# --- First pages --------------------------------------------------------------------------------------------


def test_a_facilitators_first_page_says_who_needs_a_hand_and_what_the_plenary_takes_up(cohort, small, as_ada):
    for membership in make_sharers(cohort, small, 3)[1:]:
        services.mark_for_plenary(cohort=cohort, answer=membership.enrolment.answers.get(), is_marked=True)
    make_participant(cohort, "Ann")
    plan_reading(small, cohort, 0, cohort.today - dt.timedelta(days=1))

    page = " ".join(as_ada.get(cohort.get_absolute_url()).text.split())

    progress = url("cohort_progress", cohort)
    assert f'<a href="{progress}?state=behind#progress">Behind the plan</a> 4 people' in page
    assert f'<a href="{progress}?state=not-started#progress">Not started</a> 1 person' in page
    assert "state=stalled" not in page
    assert f'<a href="{url("cohort_plenary", cohort)}">To take up in plenary</a> 2 answers' in page
    assert "Words of person" not in page


@pytest.mark.parametrize("count", [1, 6])
def test_a_facilitators_first_page_costs_the_same_for_any_number(
    cohort, small, as_ada, count, django_assert_num_queries
):
    plan_reading(small, cohort, 0, cohort.today - dt.timedelta(days=1))
    make_sharers(cohort, small, count)
    as_ada.get(cohort.get_absolute_url())

    # session, user, cohort; plan, what is due, figures, plenary, facilitators; what is live, what is held next (2)
    with django_assert_num_queries(11):
        as_ada.get(cohort.get_absolute_url())


def test_participants_are_told_of_replies_on_the_cohorts_page_and_at_home(
    cohort, small, bens_membership, as_ada, as_ben
):
    share(bens_membership.enrolment, small, "Ours")
    reply(as_ada, cohort, bens_membership, "Well seen")

    for page in (as_ben.get(cohort.get_absolute_url()).text, as_ben.get("/").text):
        assert f'<a href="{url("cohort_replies", cohort)}">1 new reply</a>' in page
    as_ben.post(url("cohort_replies_seen", cohort), {"replies": cohort.replies.get().public_id})
    assert "new reply" not in as_ben.get("/").text


def test_home_costs_the_same_for_one_cohort_and_for_three(
    small, ada, ben, cohort, bens_membership, as_ben, django_assert_num_queries
):
    as_ben.get("/")
    with django_assert_num_queries(15):
        as_ben.get("/")
    for name in ("Second", "Third"):
        services.join(user=ben, cohort=make_cohort(small.course, ada, name=name))
    with django_assert_num_queries(15):
        as_ben.get("/")


def test_participants_end_reminders_on_the_cohorts_page(cohort, bens_membership, as_ben):
    assert "Send me no reminders" in as_ben.get(cohort.get_absolute_url()).text

    page = as_ben.post(url("cohort_mute", cohort), {"mutes": "1"}, follow=True).text

    assert "Send me reminders again" in page


def test_whoever_is_in_no_cohort_can_type_a_code_at_home_and_among_cohorts(small, cohort, as_ben, ben):
    field = f'action="{reverse("join_typed")}"'
    for path in ("/", reverse("cohorts")):
        assert field in as_ben.get(path).text

    services.join(user=ben, cohort=cohort)

    for path in ("/", reverse("cohorts")):
        assert field not in as_ben.get(path).text
    assert field not in Client().get("/").text
