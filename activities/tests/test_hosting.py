"""What facilitators do with a session: prepare it, walk through it, end it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from activities import services
from activities.live.state import state_of
from activities.models import Session, SessionPhase
from activities.published import activities_of
from activities.tests.factories import make_session
from cohorts import services as cohort_services
from conftest import make_user, signed_in
from courses.published import read


@pytest.fixture
def vote(small, cohort, ada, ben, bens_membership) -> Session:
    session = make_session(small, cohort, ada)
    services.arrive(session=session, membership=bens_membership)
    return session


@pytest.fixture
def prepared(small, cohort, ada, vote) -> Session:
    """A session that has not begun."""
    plan = activities_of(read(small.course)).activity("sectors")
    return services.prepare_session(activity=plan, cohort=cohort, facilitator=ada)


def press(client, session, verb, query="", **data):
    return client.post(reverse("session_verb", args=[session.public_id, verb]) + query, data)


def here(session):
    """Return the position everybody is at."""
    return Session.objects.select_related("current").get(pk=session.pk).current.position


def console(client, session):
    return client.get(reverse("session_host", args=[session.public_id])).text


def test_two_who_press_next_at_once_move_everybody_once(vote, cohort, as_ada, small):
    eve = make_user("eve@example.org", is_facilitator=True)
    cohort_services.add_facilitator(user=eve, cohort=cohort)
    small_activity = vote.activity
    small_activity.phases.create(
        key="end", title="End", minutes=1, work="plenary", position=3, instructions="x", body="x"
    )
    SessionPhase.objects.create(session=vote, phase=small_activity.phases.get(key="end"), position=3, seconds=60)

    for client in (as_ada, signed_in(eve)):
        press(client, vote, "go", "?from=1", to=2)

    assert here(vote) == 2


def test_a_slip_is_undone_as_if_nothing_had_been(vote, as_ada):
    with time_machine.travel(timezone.now() + timedelta(seconds=30), tick=False) as clock:
        press(as_ada, vote, "go", "?from=1", to=2)
        clock.shift(timedelta(seconds=20))
        assert "Undo, back to: Vote" in console(as_ada, vote)
        press(as_ada, vote, "go", "?from=2", to=1)
        step = state_of(Session.objects.with_course().get(pk=vote.pk)).step

    assert step.clock.is_running
    assert step.clock.total - step.clock.left in {49, 50}


def test_whoever_goes_back_later_finds_the_clock_where_it_stood(vote, as_ada):
    start = vote.phases.get(position=1).started_at
    with time_machine.travel(start + timedelta(seconds=100), tick=False) as clock:
        press(as_ada, vote, "pause")
        clock.shift(timedelta(seconds=50))
        press(as_ada, vote, "go", "?from=1", to=2)
        clock.shift(timedelta(minutes=10))
        press(as_ada, vote, "go", "?from=2", to=1)
        step = state_of(Session.objects.with_course().get(pk=vote.pk)).step
        assert (step.clock.left, step.clock.is_running) == (500, False)
        press(as_ada, vote, "resume")
        clock.shift(timedelta(seconds=10))
        assert state_of(Session.objects.with_course().get(pk=vote.pk)).step.clock.left == 490


def test_the_console_says_how_time_goes(vote, as_ada):
    start = Session.objects.get(pk=vote.pk).started_at

    def says(minutes):
        with time_machine.travel(start + timedelta(minutes=minutes, seconds=2), tick=False):
            return console(as_ada, vote)

    assert "On plan" in says(5)
    assert "3 minutes behind the plan" in says(13)
    with time_machine.travel(start + timedelta(minutes=6), tick=False):
        press(as_ada, vote, "go", "?from=1", to=2)
    assert "3 minutes ahead of the plan" in says(6)


def test_the_console_says_who_has_not_been_in_touch(vote, as_ada):
    version = Session.objects.get(pk=vote.pk).version
    with time_machine.travel(timezone.now() + timedelta(seconds=200), tick=False):
        assert "last in touch 3 minutes ago" in console(as_ada, vote)
        ben = vote.attendances.get().membership.user
        signed_in(ben).post(reverse("session_arrive", args=[vote.public_id]))
        assert "last in touch" not in console(as_ada, vote)

    assert Session.objects.get(pk=vote.pk).version == version


def test_extra_time_is_one_persons_own(vote, cohort, as_ada, as_ben):
    other = cohort_services.join(user=make_user("other@example.org"), cohort=cohort)
    services.arrive(session=vote, membership=other)
    who = vote.attendances.get(membership__user__email="ben@example.org").public_id

    press(as_ada, vote, "extra", "?minutes=5", who=who)
    assert "You have 5:00 more than the others." in as_ben.get(vote.get_absolute_url()).text
    assert "more than the others" not in signed_in(other.user).get(vote.get_absolute_url()).text

    choice = vote.phases.first().choices.first().pk
    act = reverse("session_act", args=[vote.public_id, "place"])
    late = vote.phases.get(position=1).started_at + timedelta(minutes=12)
    with time_machine.travel(late, tick=False):
        statuses = [c.post(act, {"choice": choice, "colour": "a"}).status_code for c in (as_ben, signed_in(other.user))]
    assert statuses == [302, 422]


@pytest.mark.parametrize("wrong", [{"who": "nobody"}, {}, {"who": "00000000-0000-0000-0000-000000000001"}])
def test_extra_time_for_nobody_changes_nothing(vote, as_ada, wrong):
    version = Session.objects.get(pk=vote.pk).version

    press(as_ada, vote, "extra", "?minutes=5", **wrong)

    assert Session.objects.get(pk=vote.pk).version == version


def test_settings_hold_from_the_beginning_and_cannot_be_changed_afterwards(prepared, as_ada):
    url = reverse("session_set_up", args=[prepared.public_id])
    assert as_ada.get(url).status_code == 200

    assert as_ada.post(url, {"minutes-vote": "0", "minutes-talk": "5"}).status_code == 422
    as_ada.post(url, {"minutes-vote": "7", "minutes-talk": "3"})
    assert list(prepared.phases.values_list("seconds", "has_names")) == [(420, False), (180, True)]

    press(as_ada, prepared, "begin")
    as_ada.post(url, {"minutes-vote": "9", "minutes-talk": "3", "names-vote": "on"})
    assert list(prepared.phases.values_list("seconds", "has_names")) == [(420, False), (180, True)]


def test_what_is_without_names_is_said_before_anybody_writes(prepared, as_ada, as_ben):
    as_ada.post(reverse("session_set_up", args=[prepared.public_id]), {"minutes-vote": "7", "minutes-talk": "3"})
    press(as_ada, prepared, "begin")

    assert "Without names" in as_ben.get(prepared.get_absolute_url()).text


MINUTES = {"minutes-vote": "7", "minutes-talk": "3", "names-vote": "on"}


def test_phases_come_in_another_order_before_the_session_begins_and_nothing_typed_is_lost(prepared, as_ada, as_ben):
    url = reverse("session_set_up", args=[prepared.public_id])

    moved = as_ada.post(url, {**MINUTES, "earlier": "talk"})

    assert moved.url == f"{url}#phase-talk"
    rows = prepared.phases.values_list("position", "phase__key", "seconds", "has_names")
    assert list(rows) == [(1, "talk", 180, True), (2, "vote", 420, True)]
    press(as_ada, prepared, "begin")
    assert "<h1" in as_ben.get(prepared.get_absolute_url()).text
    assert prepared.phases.get(pk=Session.objects.get(pk=prepared.pk).current_id).phase.key == "talk"


def test_a_phase_is_left_out_and_comes_back_where_it_was_planned(prepared, as_ada):
    url = reverse("session_set_up", args=[prepared.public_id])

    as_ada.post(url, {**MINUTES, "without": "vote"})
    assert list(prepared.phases.values_list("position", "phase__key")) == [(1, "talk")]
    page = as_ada.get(url).text
    assert "Left out" in page
    # The last phase can't be left out.
    assert 'name="without"' not in page
    as_ada.post(url, {**MINUTES, "without": "talk"})
    as_ada.post(url, {**MINUTES, "with": "vote"})

    assert list(prepared.phases.values_list("position", "phase__key")) == [(1, "vote"), (2, "talk")]


def test_phases_are_arranged_no_more_once_the_session_has_begun(vote, as_ada):
    url = reverse("session_set_up", args=[vote.public_id])

    as_ada.post(url, {**MINUTES, "without": "vote"})
    plan = activities_of(read(vote.cohort.course)).activity("sectors")
    services.arrange(session=vote, activity=plan, keys=["talk"])

    assert vote.phases.count() == 2


@pytest.mark.parametrize("button", ["earlier", "later", "without", "with"])
def test_a_button_for_a_phase_that_is_not_there_changes_nothing(prepared, as_ada, button):
    url = reverse("session_set_up", args=[prepared.public_id])

    as_ada.post(url, {**MINUTES, button: "no/such"})
    as_ada.post(url, {**MINUTES, "earlier": "vote"})
    as_ada.post(url, {**MINUTES, "later": "talk"})

    assert list(prepared.phases.values_list("position", "phase__key")) == [(1, "vote"), (2, "talk")]


def test_a_phase_into_which_paper_was_keyed_stays(prepared, as_ada, ada):
    services.key_in(
        session=prepared,
        membership=ada.memberships.get(cohort=prepared.cohort),
        position=1,
        ticket=uuid4(),
        people=2,
        data=QueryDict("a-1=1"),
    )

    kept = as_ada.post(
        reverse("session_set_up", args=[prepared.public_id]), {**MINUTES, "without": "vote"}, follow=True
    )

    assert "keyed in from paper for this phase, so it stays" in kept.text
    assert prepared.phases.count() == 2


def test_phases_are_arranged_although_one_of_them_is_no_longer_in_the_plan(prepared, small):
    prepared.phases.filter(position=2).update(position=3)
    plan = activities_of(read(small.course)).activity("sectors")

    services.arrange(session=prepared, activity=plan, keys=["talk", "vote"])

    assert list(prepared.phases.values_list("position", "phase__key")) == [(1, "talk"), (2, "vote")]


@pytest.mark.parametrize("button", [{}, {"later": "vote"}])
def test_settings_that_come_after_the_end_are_answered_in_words(prepared, as_ada, button):
    services.end_session(session=prepared)

    late = as_ada.post(reverse("session_set_up", args=[prepared.public_id]), {**MINUTES, **button}, follow=True)

    assert "This session has ended: its results stay as they are." in late.text


def test_only_a_session_that_nobody_has_joined_is_deleted(prepared, vote, bens_membership, as_ada):
    def delete(session):
        as_ada.post(reverse("session_delete", args=[session.public_id]))
        return not Session.objects.filter(pk=session.pk).exists()

    services.arrive(session=prepared, membership=bens_membership)
    assert not delete(prepared)
    prepared.attendances.all().delete()
    assert delete(prepared)
    assert not delete(vote)


def test_the_end_asks_first_and_leads_everybody_to_the_results(vote, as_ada, as_ben):
    ask = as_ada.get(reverse("session_end", args=[vote.public_id]))
    assert Session.objects.get(pk=vote.pk).is_running
    assert reverse("session_verb", args=[vote.public_id, "end"]) in ask.text

    ended = press(as_ada, vote, "end")

    assert ended.url == reverse("session_results", args=[vote.public_id])
    assert ended.url in as_ben.get(vote.get_absolute_url()).text


def test_whoever_opens_a_session_after_its_end_was_not_in_it(vote, cohort, as_ada):
    press(as_ada, vote, "end")
    late = cohort_services.join(user=make_user("late@example.org"), cohort=cohort)

    signed_in(late.user).post(reverse("session_arrive", args=[vote.public_id]))

    assert not vote.attendances.filter(membership=late).exists()


def test_the_projector_always_says_how_to_join(vote, cohort, ada, as_ada):
    url = reverse("session_screen", args=[vote.public_id])
    assert "No code is open for others." in as_ada.get(url).text

    code = cohort_services.make_code(cohort=cohort, by=ada, days=1, uses_max=40)
    page = as_ada.get(url).text
    assert code.shown in page
    assert 'class="qr"' in page
    press(as_ada, vote, "go", "?from=1", to=2)
    assert code.shown in as_ada.get(url).text


def test_facilitators_are_led_to_the_console_and_participants_to_the_session(vote, as_ada, as_ben):
    assert reverse("session_host", args=[vote.public_id]) in as_ada.get("/").text
    page = as_ben.get("/").text
    assert f'href="{vote.get_absolute_url()}"' in page
    assert "/host/" not in page


def test_sessions_are_listed_for_members_alone(vote, prepared, cohort, as_ada, as_ben, as_cleo):
    press(as_ada, vote, "end")
    url = reverse("sessions")

    for client in (as_ada, as_ben):
        page = client.get(url, {"cohort": cohort.public_id}).text
        assert reverse("session_results", args=[vote.public_id]) in page
        assert prepared.public_id in page
    assert "There is no session yet." in as_cleo.get(url).text
    assert "There is no session yet." in as_ada.get(url, {"cohort": "another"}).text


def test_the_list_costs_the_same_for_any_number(vote, prepared, as_ada, ada, small, cohort, django_assert_num_queries):
    for _time in range(2):
        with django_assert_num_queries(4):
            as_ada.get(reverse("sessions"))
        plan = activities_of(read(small.course)).activity("sectors")
        for _number in range(3):
            services.prepare_session(activity=plan, cohort=cohort, facilitator=ada)
