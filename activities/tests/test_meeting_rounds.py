"""Rounds of meeting, over HTTP."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities import services, tools
from activities.live.state import state_of
from activities.models import Acquaintance, MeetingSeat, PaperEntry, RoundsOnPaper, Session
from activities.published import activities_of
from activities.tests.holding import do, hold, mine, seen, somebody
from cohorts.models import Cohort
from conftest import signed_in
from courses.published import read


@pytest.fixture
def session(small, cohort, ada):
    phase = {"title": "Meet", "tool": "meeting-rounds", "minutes": 3, "per": "round", "work": "pairs"}
    return hold(small, cohort, ada, [phase], {"work": "Where do you work?"})


@pytest.fixture
def as_ada(ada):
    return signed_in(ada)


@pytest.fixture
def people(session):
    return [somebody(session, name) for name in ("Ben", "Chipo", "Dina", "Eva")]


def of(session, name):
    return session.attendances.get(membership__user__name=name)


def make(client, session, rounds=3):
    return do(client, session, "plan-rounds", rounds=rounds, phase="1")


def begin(client, session, number):
    return do(client, session, "next-round", target=number, phase="1")


def tables(number):
    seats = MeetingSeat.objects.filter(round=number).select_related("attendance__membership__user")
    found = {}
    for seat in seats:
        found.setdefault(seat.table, set()).add(seat.attendance.membership.user.name)
    return list(found.values())


def test_all_meet_all_once_and_the_phase_lasts_as_long_as_its_rounds(session, people, as_ada):
    make(as_ada, session)

    pairs = {frozenset(table) for number in (1, 2, 3) for table in tables(number)}
    assert len(pairs) == 6
    assert session.phases.get().seconds in range(540, 560)


def test_a_round_lasts_as_long_as_was_set_before_the_session_began(session, people, as_ada):
    again = services.prepare_session(
        activity=activities_of(read(session.cohort.course)).activity("held"),
        cohort=session.cohort,
        facilitator=session.created_by,
    )
    services.set_up(session=again, minutes={again.phases.get().phase.key: 5}, with_names=set())
    for row in session.attendances.select_related("membership"):
        services.arrive(session=again, membership=row.membership)
    services.begin(session=again)
    services.resume(session=again)
    make(as_ada, again)
    begin(as_ada, again, 1)

    assert again.phases.get().seconds in range(900, 930)
    assert 'data-total="300"' in seen(as_ada, again, "screen")


def test_each_sees_whom_they_meet_now_next_and_have_met(session, people, as_ada):
    make(as_ada, session)
    begin(as_ada, session, 1)
    begin(as_ada, session, 1)

    partner = next(table - {"Ben"} for table in tables(1) if "Ben" in table).pop()
    page = mine(people[0], session)
    assert partner in page.split("Next:")[0]
    assert "Round 1 of 3" in seen(people[0], session, "participant")
    assert "Where do you work?" in seen(people[0], session, "participant")
    begin(as_ada, session, 2)
    assert partner in mine(people[0], session).split("Whom I met")[1].split("Whom do you know")[0]


def test_who_know_each_other_meet_later_and_nobody_else_sees_what_is_marked(session, people, as_ada):
    do(people[0], session, "know", knows=str(of(session, "Chipo").public_id), phase="1")
    make(as_ada, session, 2)

    assert Acquaintance.objects.count() == 1
    assert {"Ben", "Chipo"} not in [*tables(1), *tables(2)]
    assert "checked" in mine(people[0], session)
    assert "checked" not in mine(people[1], session)
    do(people[0], session, "know", phase="1")
    assert not Acquaintance.objects.exists()


def test_facilitators_mark_for_somebody_without_a_device_and_participants_only_for_themselves(session, people, as_ada):
    fields = {"who": of(session, "Dina").public_id, "knows": of(session, "Eva").public_id, "phase": "1"}
    do(as_ada, session, "know", **fields)
    do(people[0], session, "know", **fields)

    marked = Acquaintance.objects.values_list("attendance__membership__user__name", flat=True)
    assert sorted(marked) == ["Ben", "Dina"]


def test_who_comes_late_or_leaves_changes_the_next_round_alone(session, people, as_ada):
    make(as_ada, session)
    begin(as_ada, session, 1)
    first = tables(1)
    late = somebody(session, "Femi")
    assert "Came late" in seen(as_ada, session, "host")
    assert "from the next round on" in mine(late, session)
    begin(as_ada, session, 2)
    assert tables(1) == first
    assert sorted(len(table) for table in tables(2)) == [2, 3]
    membership = of(session, "Eva").membership
    membership.left_at = timezone.now()
    membership.save()
    begin(as_ada, session, 3)
    assert set().union(*tables(3)) == {"Ben", "Chipo", "Dina", "Femi"}


def test_two_people_change_places_by_hand(session, people, as_ada):
    make(as_ada, session)
    one, other = (sorted(table)[0] for table in tables(1))
    fields = {"one": of(session, one).public_id, "other": of(session, other).public_id, "round": 1, "phase": "1"}
    before = tables(1)

    do(as_ada, session, "swap", **fields)

    assert {frozenset(table) for table in tables(1)} != {frozenset(table) for table in before}
    assert do(as_ada, session, "swap", **{**fields, "other": fields["one"]}).status_code == 422
    assert do(people[0], session, "swap", **fields).status_code == 404


def test_where_names_are_not_shown_there_are_tables_alone(session, people, as_ada):
    Cohort.objects.update(members_see=Cohort.Visibility.NOTHING)
    make(as_ada, session)
    begin(as_ada, session, 1)

    pages = mine(people[0], session) + seen(as_ada, session, "screen")
    assert not any(name in pages for name in ("Chipo", "Dina", "Eva"))
    assert "Now: table" in pages
    assert do(people[0], session, "know", phase="1").status_code == 422


@pytest.mark.parametrize("rounds", ["", "0", "61", "x", "-1", "9" * 5000])
def test_what_is_no_number_of_rounds_is_refused(session, people, as_ada, rounds):
    assert make(as_ada, session, rounds).status_code == 422
    assert not MeetingSeat.objects.exists()


def test_rounds_can_be_added_when_all_are_over(session, people, as_ada):
    make(as_ada, session, 1)
    for number in (1, 2):
        begin(as_ada, session, number)
    assert "All rounds are over" in seen(people[0], session, "participant")

    make(as_ada, session, 2)

    assert "Round 1 of 2" in seen(people[0], session, "participant")
    begin(as_ada, session, 2)
    assert "Round 2 of 2" in seen(people[0], session, "participant")


def test_one_person_meets_nobody_and_two_meet(session, as_ada):
    somebody(session, "Ben")
    assert make(as_ada, session).status_code == 422
    somebody(session, "Chipo")
    make(as_ada, session, 1)
    assert tables(1) == [{"Ben", "Chipo"}]


def test_results_count_what_was_held_and_name_nobody(session, people, as_ada):
    make(as_ada, session)
    for number in (1, 2):
        begin(as_ada, session, number)
    services.end_session(session=session)

    page = as_ada.get(reverse("session_results", args=[session.public_id])).text
    assert "2 rounds were held." in page
    assert "4 meetings took place." in page
    state = state_of(Session.objects.with_course().get())
    figures = tools.tool_named("meeting-rounds").figures(state, state.steps[0])
    assert figures[1] == [2, 0, 4, 4]


def test_rounds_on_paper_are_printed_keyed_in_and_undone(session, people, as_ada):
    kit = reverse("session_kit", args=[session.public_id])
    assert "No schedule is made yet" in as_ada.get(kit).text
    make(as_ada, session)
    assert "Chipo" in as_ada.get(kit).text
    url = reverse("session_paper_step", args=[session.public_id, 1])
    for rounds, status in (("0", 422), ("3", 302)):
        reply = as_ada.post(url, {"ticket": uuid.uuid4(), "people": 4, "rounds": rounds})
        assert reply.status_code == status
    entry = PaperEntry.objects.get()
    assert (entry.summary, RoundsOnPaper.objects.get().rounds) == ("3 rounds", 3)
    as_ada.post(reverse("session_paper_take_back", args=[session.public_id, 1, entry.public_id]))
    assert not RoundsOnPaper.objects.exists()


def test_a_state_costs_as_many_queries_for_many_as_for_few(session, people, as_ada):
    def count(client, url):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    urls = [(as_ada, reverse("session_shared", args=[session.public_id, "host"])),
            (people[0], session.get_absolute_url())]  # fmt: skip
    make(as_ada, session, 1)
    begin(as_ada, session, 1)
    before = [count(*url) for url in urls]
    for name in ("Femi", "Gus", "Hana"):
        somebody(session, name)
    make(as_ada, session, 5)
    begin(as_ada, session, 2)
    assert [count(*url) for url in urls] == before
    assert max(before) <= 10
