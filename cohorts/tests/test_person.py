"""A person's page for the facilitators of their cohort: what they have done, and what they share."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from cohorts import services
from cohorts.models import Reminder, ReminderMail
from cohorts.tests.people import make_guest_participant, make_participant, plan_reading, read_section, write_answer
from cohorts.tests.sharing import QUESTION
from conftest import make_cohort, make_user
from courses import services as courses

CANARY = "canary-of-a-private-text"


def url(membership, name="cohort_person"):
    return reverse(name, args=[membership.cohort.public_id, membership.public_id])


def words(client, membership):
    page = client.get(url(membership)).text
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<main")[1]).split())


def test_each_question_says_whether_it_is_answered_and_never_what(as_ada, small, bens_membership):
    write_answer(small, bens_membership, 0, CANARY)
    read_section(small, bens_membership, 0)

    page = words(as_ada, bens_membership)

    assert "What about 1? Answered" in page
    assert "What about 2? Not answered" in page
    assert "1.1 Section 1 of challenges Done" in page
    assert "1.2 Section 2 of challenges Not started" in page
    assert CANARY not in as_ada.get(url(bens_membership)).text
    assert CANARY not in as_ada.get(reverse("cohort_progress", args=[bens_membership.cohort.public_id])).text


@pytest.mark.parametrize(("audience", "shared"), [("private", False), ("facilitators", True), ("cohort", True)])
def test_an_answer_that_is_shared_is_here_to_read_and_leads_to_the_others(
    as_ada, small, bens_membership, audience, shared
):
    write_answer(small, bens_membership, 0, CANARY, audience=audience)

    page = words(as_ada, bens_membership)

    assert ("What about 1? Answered · shared with you" in page) == shared
    assert (CANARY in page) == shared
    question = reverse("cohort_question", args=[bens_membership.cohort.public_id, *QUESTION])
    assert (f'href="{question}"' in as_ada.get(url(bens_membership)).text) == shared


def test_objectives_are_rated_or_not_but_how_is_their_authors(as_ada, small, bens_membership):
    topic, objective = small.topics[0], small.topics[0].objectives.get()
    courses.rate_objectives(
        enrolment=bens_membership.enrolment, topic_id=topic.pk, moment="before", levels={objective.pk: 4}
    )

    page = words(as_ada, bens_membership)

    assert "explain challenges Rated before" in page
    assert "explain gender Not rated" in page
    assert "could teach" not in page


def test_what_is_due_and_not_done_is_marked(as_ada, small, cohort, bens_membership):
    for place in (0, 1):
        plan_reading(small, cohort, place, cohort.today - dt.timedelta(days=1))
    read_section(small, bens_membership, 0)

    assert words(as_ada, bens_membership).count("Behind the plan") == 1
    assert "Section 2 of challenges Not started Behind the plan" in words(as_ada, bens_membership)


def test_a_facilitator_sees_the_profile(as_ada, ben, bens_membership):
    ben.organization, ben.country, ben.function = "City of Sfax", "TN", "<b>Clerk</b>"
    ben.save()

    page = as_ada.get(url(bens_membership)).text

    for text in ("City of Sfax", "Tunisia", "ben@example.org", "&lt;b&gt;Clerk"):
        assert text in page


def test_a_guest_is_shown_by_name_alone(as_ada, cohort):
    guest = make_guest_participant(cohort, "Maria")

    page = as_ada.get(url(guest)).text

    assert "mailto:" not in page
    assert "guest.invalid" not in page
    assert "Maria" in page


def test_reminders_that_were_sent_are_listed(as_ada, cohort, bens_membership):
    reminder = Reminder.objects.create(cohort=cohort, text="Please go on")
    ReminderMail.objects.create(
        reminder=reminder, membership=bens_membership, day=dt.date(2026, 3, 5), state=ReminderMail.State.SENT
    )

    assert "5 March 2026: Sent" in words(as_ada, bens_membership)


def test_the_group_is_changed(as_ada, bens_membership):
    response = as_ada.post(url(bens_membership, "cohort_person_group"), {"group": "  Blue "})

    assert response.status_code == 302
    assert response.url == url(bens_membership)
    bens_membership.refresh_from_db()
    assert bens_membership.group == "Blue"


@pytest.mark.parametrize("group", ["x" * 61, "two\nlines"])
def test_a_group_that_cannot_be_is_refused_and_kept_in_the_box(as_ada, bens_membership, group):
    response = as_ada.post(url(bens_membership, "cohort_person_group"), {"group": group})

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    bens_membership.refresh_from_db()
    assert bens_membership.group == ""


def test_in_an_archived_cohort_the_group_stays(as_ada, cohort, bens_membership):
    cohort.archived_at = dt.datetime.now(dt.UTC)
    cohort.save()

    assert as_ada.post(url(bens_membership, "cohort_person_group"), {"group": "Blue"}).status_code == 403
    assert "group-form" not in as_ada.get(url(bens_membership)).text
    bens_membership.refresh_from_db()
    assert bens_membership.group == ""


def test_only_who_learns_in_the_cohort_now_has_a_page(as_ada, cohort, small, ada, cleo, bens_membership):
    services.leave(membership=bens_membership)
    other = make_participant(make_cohort(small.course, cleo, name="Elsewhere"), "Eve")
    facilitator = services.add_facilitator(user=make_user("fay@example.org"), cohort=cohort)

    for membership in (bens_membership, other, facilitator):
        for name in ("cohort_person", "cohort_person_group"):
            path = reverse(name, args=[cohort.public_id, membership.public_id])
            assert as_ada.post(path, {"group": "x"}).status_code in (404, 405)
            assert as_ada.get(path).status_code in (404, 405)
    assert as_ada.get(reverse("cohort_person", args=[cohort.public_id, other.public_id])).status_code == 404


def test_a_person_costs_twelve_queries(as_ada, small, bens_membership, django_assert_num_queries):
    as_ada.get(url(bens_membership))
    write_answer(small, bens_membership, 0, "Words")
    read_section(small, bens_membership, 0)

    # session, user, cohort, person, plan, sections, counters, answered, shared, rated, groups, mails
    with django_assert_num_queries(12):
        as_ada.get(url(bens_membership))
