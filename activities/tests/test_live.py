"""A session walks through its phases, for everybody at once."""

import pytest
from django.urls import reverse
from django.utils import timezone

from activities import services
from activities.models import Dot, Session
from activities.tests.factories import make_session
from cohorts import services as cohort_services
from cohorts.models import Cohort
from conftest import make_user, signed_in


@pytest.fixture
def vote(small, cohort, ada, ben, bens_membership) -> Session:
    """Ada's session of a vote with dots; Ben is in it and the clock runs."""
    session = make_session(small, cohort, ada)
    services.arrive(session=session, membership=bens_membership)
    return session


def place(client, session, choice, colour):
    return client.post(reverse("session_act", args=[session.public_id, "place"]), {"choice": choice, "colour": colour})


def choices(session):
    return list(session.phases.first().choices.values_list("pk", flat=True))


def test_a_facilitator_starts_a_session_and_it_ends_after_its_phases(small, cohort, vote, as_ada, as_ben):
    started = as_ada.post(reverse("session_prepare", args=["core", "sectors"]), {"cohort": cohort.public_id})
    session = Session.objects.exclude(pk=vote.pk).get()
    assert started.url == reverse("session_host", args=[session.public_id])

    def press(verb, **data):
        return as_ada.post(reverse("session_verb", args=[session.public_id, verb]), data)

    press("begin")
    assert "Vote" in as_ben.get(session.get_absolute_url()).text
    press("go", to=2, **{"from": 1})
    assert "Talk" in as_ben.get(session.get_absolute_url()).text
    press("end")
    assert "has ended" in as_ben.get(session.get_absolute_url()).text


def test_nobody_has_more_than_three_dots_of_a_colour(vote, as_ben):
    for choice in choices(vote):
        place(as_ben, vote, choice, "a")
    refused = place(as_ben, vote, choices(vote)[3], "a")

    assert refused.status_code == 422
    assert "take one back first" in refused.text
    assert Dot.objects.count() == 3


def test_the_facilitator_does_not_vote(vote, as_ada):
    assert place(as_ada, vote, choices(vote)[0], "a").status_code == 422
    assert not Dot.objects.exists()


def test_the_result_is_hidden_until_it_is_revealed(vote, as_ada, as_ben):
    place(as_ben, vote, choices(vote)[0], "a")
    url = reverse("session_shared", args=[vote.public_id, "screen"])
    assert "f-bar" not in as_ada.get(url).text

    as_ada.post(reverse("session_verb", args=[vote.public_id, "reveal"]))

    assert "f-bar" in as_ada.get(url).text


def test_strangers_find_no_session_and_participants_no_console(vote, as_ben):
    stranger = signed_in(make_user("eve@example.org", is_facilitator=True))
    for name, keys in (("session", []), ("session_host", []), ("session_screen", []), ("session_shared", ["host"])):
        url = reverse(name, args=[vote.public_id, *keys])
        assert stranger.get(url).status_code == 404
        assert as_ben.get(url).status_code == (200 if name == "session" else 403)


def test_the_state_costs_the_same_for_one_person_and_for_twenty(vote, cohort, as_ada, django_assert_num_queries):
    url = reverse("session_shared", args=[vote.public_id, "host"])
    as_ada.get(url)
    with django_assert_num_queries(9):
        as_ada.get(url)
    for number in range(20):
        membership = cohort_services.join(user=make_user(f"p{number}@example.org"), cohort=cohort)
        services.arrive(session=vote, membership=membership)
    with django_assert_num_queries(9):
        as_ada.get(url)


def test_nothing_changes_in_a_session_of_an_archived_cohort(vote, cohort, as_ada, as_ben):
    Cohort.objects.filter(pk=cohort.pk).update(archived_at=timezone.now())

    refused = [
        place(as_ben, vote, choices(vote)[0], "a"),
        as_ben.post(reverse("session_arrive", args=[vote.public_id])),
        as_ada.post(reverse("session_verb", args=[vote.public_id, "end"])),
    ]

    assert [response.status_code for response in refused] == [403, 403, 403]
    assert "archived" in refused[0].text
    assert not Dot.objects.exists()
    vote.refresh_from_db()
    assert vote.ended_at is None
    assert as_ben.get(vote.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("choice", ["²", "9" * 30, "9" * 5000, "\0", ""])
def test_what_no_page_sends_is_refused(vote, small, as_ben, choice):
    assert place(as_ben, vote, choice, "a").status_code == 422


def test_a_character_that_nothing_can_store_is_refused(vote, as_ada, as_ben):
    def post(client, action, **data):
        return client.post(reverse("session_act", args=[vote.public_id, action]), data).status_code

    assert post(as_ben, "take-back", choice=choices(vote)[0], colour="\0") == 404
    assert post(as_ada, "add-choice", text="Wa\0ter") == 422
    prepared = as_ada.post(reverse("session_prepare", args=["core", "sectors"]), {"cohort": "\0"})
    assert prepared.status_code == 404


@pytest.mark.browser
def test_what_one_person_does_is_seen_by_the_others_at_once(vote, visit, ada, ben):
    screen, phone, console = visit(ada, width=1280), visit(ben, width=360), visit(ada)
    screen.page.goto(screen.address + reverse("session_screen", args=[vote.public_id]))
    console.page.goto(console.address + reverse("session_host", args=[vote.public_id]))
    phone.page.goto(phone.address + vote.get_absolute_url())

    for choice in choices(vote)[:3]:
        for colour in "ab":
            phone.page.click(f"#dot-{colour}-{choice}")
            phone.page.wait_for_selector(f"#dot-{colour}-{choice}.is-placed")
    screen.page.wait_for_selector("text=1 of 1 person has placed all dots.")
    console.page.click("text=Show the result to everybody")
    phone.page.wait_for_selector(".dot-bars")
    screen.page.wait_for_selector(".dot-bars")

    console.page.click("text=Next: Talk")
    phone.page.wait_for_selector("h1:has-text('Talk')")
