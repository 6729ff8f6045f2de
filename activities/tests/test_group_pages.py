"""Groups in a session: made on the console, changed by hand, joined late, with a reporter and a call for help."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from activities import services
from activities.models import Attendance, Group, Seat
from activities.tests.factories import make_case, seat_people
from cohorts import services as cohort_services
from cohorts.tests.people import make_participant
from conftest import signed_in


@pytest.fixture
def case(small, cohort, ada):
    """Ada's session of a case; nobody has come yet."""
    return make_case(small, cohort, ada)


@pytest.fixture
def page(case):
    return reverse("session_groups", args=[case.public_id])


def act(client, session, action, **data):
    return client.post(reverse("session_act", args=[session.public_id, action]), data)


def tables(session):
    """Return who sits in which group."""
    seats = Seat.objects.filter(group__session=session)
    names = {}
    for number, name in seats.values_list("group__number", "attendance__membership__user__name"):
        names.setdefault(number, set()).add(name)
    return names


def test_a_facilitator_makes_groups_and_everybody_sees_theirs_and_why(case, page, as_ada):
    for country, names in (("TN", ["Aya", "Bilal", "Chedi"]), ("SN", ["Dior", "Elhadj", "Fatou"])):
        seat_people(case, *names, country=country, languages=["fr"], government_level="local")

    made = as_ada.post(page, {"how": "number", "number": "2"})

    assert made.url == page
    assert sorted(map(len, tables(case).values())) == [3, 3]
    services.begin(session=case)
    mine = signed_in(Attendance.objects.get(membership__user__name="Aya").membership.user).get(case.get_absolute_url())
    number = next(number for number, names in tables(case).items() if "Aya" in names)
    assert f"You are in group {number}" in mine.text
    assert "Mixed on purpose: 2 countries. You all speak: français." in mine.text
    assert set(re.findall(r"<li><bdi>(\w+)</bdi>", mine.text)) == tables(case)[number]


def test_a_wish_to_keep_people_apart_is_kept_and_shown_to_facilitators_alone(case, page, as_ada):
    one, other = seat_people(case, "Aya", "Bilal")
    wish = reverse("session_groups_wish", args=[case.public_id])
    as_ada.post(wish, {"one": one.public_id, "kind": "apart", "other": other.public_id})
    as_ada.post(page, {"how": "number", "number": "2"})
    assert sorted(map(len, tables(case).values())) == [1, 1]
    assert "given up" not in as_ada.get(page).text

    as_ada.post(page, {"how": "number", "number": "1"})

    assert "given up" in as_ada.get(page).text
    services.begin(session=case)
    assert "apart" not in signed_in(one.user).get(case.get_absolute_url()).text
    as_ada.post(wish, {"forget": case.wishes.get().pk})
    assert not case.wishes.exists()


def test_a_wish_about_one_person_or_about_strangers_is_refused(case, as_ada, small):
    one, _other = seat_people(case, "Aya", "Bilal")
    wish = reverse("session_groups_wish", args=[case.public_id])

    same = as_ada.post(wish, {"one": one.public_id, "kind": "apart", "other": one.public_id})
    nobody = as_ada.post(
        wish, {"one": one.public_id, "kind": "apart", "other": case.created_by.memberships.get().public_id}
    )

    assert (same.status_code, nobody.status_code) == (422, 422)
    assert "Choose two people." in same.text
    assert not case.wishes.exists()


def test_a_number_of_groups_is_asked_for(case, page, as_ada):
    refused = as_ada.post(page, {"how": "number", "number": ""})

    assert refused.status_code == 422
    assert "Say how many groups." in refused.text


def test_somebody_is_moved_by_hand_to_another_group_and_to_none(case, page, as_ada):
    seat_people(case, "Aya", "Bilal", "Chedi", "Dior")
    services.form_groups(session=case, number=2)
    aya = Attendance.objects.get(membership__user__name="Aya")
    here = aya.seat.group
    Group.objects.filter(pk=here.pk).update(reporter=aya)
    move = reverse("session_groups_move", args=[case.public_id])

    as_ada.post(move, {"person": aya.membership.public_id, "to": 3 - here.number})
    assert sorted(map(len, tables(case).values())) == [1, 3]
    here.refresh_from_db()
    assert here.reporter is None

    as_ada.post(move, {"person": aya.membership.public_id, "to": 0})
    assert "In no group" in as_ada.get(page).text
    assert not Seat.objects.filter(attendance=aya).exists()
    assert as_ada.post(move, {"person": aya.membership.public_id, "to": 9}).status_code == 404
    as_ada.post(move, {"person": aya.membership.public_id, "to": 3})
    assert tables(case)[3] == {"Aya"}


def test_the_same_groups_as_last_time(case, small, cohort, ada, as_ada, page):
    assert "the same as last time" not in as_ada.get(page).text
    people = seat_people(case, "Aya", "Bilal", "Chedi", "Dior")
    services.form_groups(session=case, number=2)
    plan_again = services.prepare_session(activity=case_plan(small), cohort=cohort, facilitator=ada)
    for membership in (*people, make_participant(cohort, "Late")):
        services.arrive(session=plan_again, membership=membership)

    as_ada.post(reverse("session_groups", args=[plan_again.public_id]), {"how": "same"})

    assert tables(plan_again) == tables(case)
    assert "The same groups as last time" in plan_again.groups.first().reason


def test_nobody_sits_together_again_as_far_as_possible(case, small, cohort, ada):
    people = seat_people(case, "Aya", "Bilal", "Chedi", "Dior")
    services.form_groups(session=case, number=2)
    again = services.prepare_session(activity=case_plan(small), cohort=cohort, facilitator=ada)
    for membership in people:
        services.arrive(session=again, membership=membership)

    services.form_groups(session=again, number=2, anew=True)
    assert all(len(now & before) == 1 for now in tables(again).values() for before in tables(case).values())

    services.form_groups(session=again, number=1, anew=True)
    assert "it could not be avoided" in again.groups.get().reason


def case_plan(small):
    from activities.published import activities_of
    from courses.published import read

    return activities_of(read(small.course)).activity("case")


def test_groups_made_again_keep_the_sheets_that_were_written(case, as_ada, page):
    people = seat_people(case, *["Aya", "Bilal", "Chedi", "Dior"])
    services.form_groups(session=case, number=4)
    services.begin(session=case)
    services.resume(session=case)
    writer = people[0]
    number = Seat.objects.get(attendance__membership=writer).group.number
    url = reverse("session_write", args=[case.public_id, 1, number, "why"])
    signed_in(writer.user).post(url, {"text": "Drought.", "version": 0})

    as_ada.post(page, {"how": "number", "number": "1"})

    sheet = as_ada.get(reverse("session_sheet", args=[case.public_id, 1, number]))
    assert "Drought." in sheet.text
    assert set(case.groups.values_list("number", flat=True)) == {1, number}


def test_whoever_comes_late_is_placed_and_a_full_room_opens_another_group(case):
    seat_people(case, *["Aya", "Bilal", "Chedi", "Dior"])
    services.form_groups(session=case, most=4)

    seat_people(case, "Late")
    assert {number: len(names) for number, names in tables(case).items()} == {1: 4, 2: 1}
    seat_people(case, "Later")
    assert {number: len(names) for number, names in tables(case).items()} == {1: 4, 2: 2}


def test_facilitators_sit_in_no_group(case, ada):
    seat_people(case, "Aya")
    services.form_groups(session=case, number=1)

    services.arrive(session=case, membership=case.cohort.memberships.get(user=ada))

    assert tables(case) == {1: {"Aya"}}


@pytest.mark.django_db(transaction=True)
def test_a_hundred_people_who_come_at_once_fill_groups_of_five(case, cohort):
    seat_people(case, "First")
    services.form_groups(session=case, most=5)
    people = [make_participant(cohort, f"P{number}") for number in range(99)]

    def come(membership):
        try:
            services.arrive(session=case, membership=membership)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(come, people * 2))

    sizes = Counter(Seat.objects.values_list("group__number", flat=True))
    assert max(sizes.values()) == 5
    assert sum(sizes.values()) == Attendance.objects.count() == 100


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_to_report_at_once_one_does(case):
    people = seat_people(case, "Aya", "Bilal")
    services.form_groups(session=case, number=1)
    services.begin(session=case)
    clients = [signed_in(membership.user) for membership in people]

    def take(client):
        try:
            return act(client, case, "take-reporter").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(take, clients))

    assert sorted(statuses) == [302, 422]
    reporter = Group.objects.get().reporter.membership.user.name
    refused = act(clients[statuses.index(422)], case, "take-reporter")
    assert f"{reporter} was quicker" in refused.text


def test_a_call_for_help_is_seen_on_the_console_and_answered(case, as_ada):
    aya, _bilal = seat_people(case, "Aya", "Bilal")
    services.form_groups(session=case, number=1)
    services.begin(session=case)
    console = reverse("session_host", args=[case.public_id])
    assert "calls for help" not in as_ada.get(console).text

    act(signed_in(aya.user), case, "call")
    assert "Group 1 calls for help" in as_ada.get(console).text

    answered = as_ada.post(f"{reverse('session_verb', args=[case.public_id, 'answer-call'])}?group=1")
    assert answered.url == console
    assert "calls for help" not in as_ada.get(console).text
    assert "Call for help" in signed_in(aya.user).get(case.get_absolute_url()).text


def kept(session):
    """Return for whom a seat is kept in which group."""
    rows = session.kept_seats.select_related("group", "membership__user")
    return {row.membership.user.name: row.group.number for row in rows}


def test_groups_prepared_before_anybody_comes_are_sat_in_by_whoever_comes(case, page, as_ada):
    names = ["Aya", "Bilal", "Chedi", "Dior", "Elhadj", "Fatou"]
    members = {name: make_participant(case.cohort, name) for name in names}
    assert "checked" in as_ada.get(page).text.split('id="id_expected"')[1][:10]

    as_ada.post(page, {"how": "number", "number": "2", "expected": "on"})

    planned = kept(case)
    assert sorted(planned) == names
    assert sorted(planned.values()) == [1, 1, 1, 2, 2, 2]
    shown = as_ada.get(page).text
    assert shown.count("(not here yet)") == 6
    # Making them again counts on the same people unless one says otherwise.
    assert "checked" in shown.split('id="id_expected"')[1][:10]
    for name in ("Fatou", "Aya"):
        services.arrive(session=case, membership=members[name])
    guest = make_participant(case.cohort, "Guest")
    services.arrive(session=case, membership=guest)
    sitting = {name: number for number, people in tables(case).items() for name in people}
    assert {name: sitting[name] for name in ("Fatou", "Aya")} == {name: planned[name] for name in ("Fatou", "Aya")}
    assert "Guest" in sitting
    assert sorted(kept(case)) == ["Bilal", "Chedi", "Dior", "Elhadj"]


def test_a_kept_seat_is_moved_given_up_and_freed(case, page, as_ada):
    aya, bilal, _chedi = (make_participant(case.cohort, name) for name in ("Aya", "Bilal", "Chedi"))
    services.form_groups(session=case, number=1, expected=True)
    move = reverse("session_groups_move", args=[case.public_id])

    as_ada.post(move, {"person": aya.public_id, "to": 2})
    as_ada.post(move, {"person": bilal.public_id, "to": 0})
    assert kept(case) == {"Aya": 2, "Chedi": 1}
    services.arrive(session=case, membership=aya)
    as_ada.post(reverse("session_groups_free", args=[case.public_id]))

    assert kept(case) == {}
    # Nobody sits in group 1 or is to come to it any more.
    assert tables(case) == {2: {"Aya"}}
    assert [group.number for group in case.groups.all()] == [2]


def test_whoever_comes_without_a_device_takes_the_seat_that_was_kept(case):
    aya = make_participant(case.cohort, "Aya")
    services.form_groups(session=case, number=1, expected=True)

    services.seat_on_paper(session=case, membership=aya)

    assert tables(case) == {1: {"Aya"}}
    assert kept(case) == {}


def test_wishes_count_for_those_who_are_still_to_come(case, page, as_ada):
    one, other = make_participant(case.cohort, "Aya"), make_participant(case.cohort, "Bilal")
    wish = reverse("session_groups_wish", args=[case.public_id])
    as_ada.post(wish, {"one": one.public_id, "kind": "apart", "other": other.public_id})

    services.form_groups(session=case, number=2, expected=True)
    assert sorted(kept(case).values()) == [1, 2]
    services.form_groups(session=case, number=1, expected=True)

    assert "given up" in as_ada.get(page).text


def test_no_seat_is_kept_for_who_has_left_the_cohort(case, page, as_ada):
    aya = make_participant(case.cohort, "Aya")
    make_participant(case.cohort, "Bilal")
    services.form_groups(session=case, number=1, expected=True)

    cohort_services.leave(membership=aya)

    assert "Aya" not in as_ada.get(page).text
    services.form_groups(session=case, number=1, expected=True)
    assert kept(case) == {"Bilal": 1}


def test_groups_of_nobody_are_refused_in_words(case, page, as_ada):
    make_participant(case.cohort, "Aya")

    refused = as_ada.post(page, {"how": "5"})

    assert refused.status_code == 422
    assert "Nobody is here yet." in refused.text
    assert not case.groups.exists()


def test_whoever_has_no_group_can_neither_report_nor_call(case):
    seat_people(case, "Aya")
    services.form_groups(session=case, number=1)
    services.begin(session=case)
    bob = make_participant(case.cohort, "Bob")
    services.arrive(session=case, membership=bob)
    services.move_person(session=case, membership=bob, number=None)

    assert act(signed_in(bob.user), case, "call").status_code == 422
    assert "You are in no group yet" in signed_in(bob.user).get(case.get_absolute_url()).text


def test_the_room_sees_names_only_where_the_cohort_shows_them(case, cohort, as_ada):
    seat_people(case, "Aya")
    services.form_groups(session=case, number=1)
    services.begin(session=case)
    screen = reverse("session_screen", args=[case.public_id])
    assert "Aya" in as_ada.get(screen).text

    cohort.members_see = "nothing"
    cohort.save()

    assert "Aya" not in as_ada.get(screen).text
    assert "1 person" in as_ada.get(screen).text


def test_who_sits_where_is_not_in_what_is_broadcast_to_participants(case):
    (aya,) = seat_people(case, "Aya")
    services.form_groups(session=case, number=1)
    services.begin(session=case)

    shared = signed_in(aya.user).get(reverse("session_shared", args=[case.public_id, "participant"]))

    assert "Aya" not in shared.text
    assert "data-stamps" in shared.text


def test_groups_change_no_more_once_the_session_has_ended(case, page, as_ada):
    seat_people(case, "Aya")
    services.end_session(session=case)

    as_ada.post(page, {"how": "5"})

    assert not case.groups.exists()


def test_making_and_showing_groups_costs_the_same_for_few_and_for_many(case, page, as_ada, django_assert_num_queries):
    seat_people(case, "Aya", "Bilal")
    services.form_groups(session=case, most=5)
    as_ada.get(page)
    with django_assert_num_queries(13):
        as_ada.get(page)
    seat_people(case, *(f"P{number}" for number in range(12)))
    with django_assert_num_queries(13):
        as_ada.get(page)
