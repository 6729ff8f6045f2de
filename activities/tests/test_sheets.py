"""A group writes one sheet together: nothing is lost, nothing is read by other groups; then the groups present."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from activities import services
from activities.live.state import state_of
from activities.models import Correction, EarlierSheetText, SheetAnswer
from activities.tests.factories import make_case, seat_people
from activities.tools import tool_named
from conftest import signed_in


@pytest.fixture
def case(small, cohort, ada):
    """Ada's session of a case: Aya and Bilal write in group 1, Chedi and Dior in group 2, the clock runs."""
    session = make_case(small, cohort, ada)
    for number, names in ((1, ["Aya", "Bilal"]), (2, ["Chedi", "Dior"])):
        for membership in seat_people(session, *names):
            services.move_person(session=session, membership=membership, number=number)
    services.begin(session=session)
    services.resume(session=session)
    session.refresh_from_db()
    return session


def client_of(session, name):
    return signed_in(session.attendances.get(membership__user__name=name).membership.user)


@pytest.fixture
def as_aya(case):
    return client_of(case, "Aya")


@pytest.fixture
def as_bilal(case):
    return client_of(case, "Bilal")


@pytest.fixture
def as_chedi(case):
    return client_of(case, "Chedi")


def write(client, session, text, version=0, *, group=1, question="why", **data):
    url = reverse("session_write", args=[session.public_id, 1, group, question])
    headers = {"HX-Request": "true"} if data.pop("htmx", False) else {}
    return client.post(url, {"text": text, "version": version, **data}, headers=headers)


def go_to(session, position, from_position):
    services.go_to(session=session, position=position, from_position=from_position)


def texts():
    return {row.text for row in SheetAnswer.objects.all()} | {row.text for row in EarlierSheetText.objects.all()}


def test_what_one_writes_the_other_of_the_group_sees_and_no_other_group(case, as_aya, as_bilal, as_chedi, as_ada):
    saved = write(as_aya, case, "Drought.")

    assert saved.url == f"{case.get_absolute_url()}#sheet-why"
    assert "Drought." in as_bilal.get(case.get_absolute_url()).text
    assert "<bdi>Aya</bdi> is writing here" in as_bilal.get(case.get_absolute_url()).text
    assert "is writing here" not in as_aya.get(case.get_absolute_url()).text
    for url in (case.get_absolute_url(), reverse("session_shared", args=[case.public_id, "participant"])):
        assert "Drought." not in as_chedi.get(url).text
    assert "Drought." not in as_ada.get(reverse("session_screen", args=[case.public_id])).text
    assert "Drought." in as_ada.get(reverse("session_sheet", args=[case.public_id, 1, 1])).text


def test_the_story_stands_beside_its_questions(case, as_aya):
    page = as_aya.get(case.get_absolute_url()).text

    assert "Idriss left." in page
    assert page.index("The story") < page.index("Why did he leave?") < page.index("Your place")


def test_another_groups_sheet_is_not_there(case, as_chedi):
    assert as_chedi.get(reverse("session_sheet", args=[case.public_id, 1, 1])).status_code == 404
    assert as_chedi.get(reverse("session_sheet", args=[case.public_id, 1, 2])).status_code == 200
    assert as_chedi.get(reverse("session_sheet", args=[case.public_id, 2, 2])).status_code == 404
    assert write(as_chedi, case, "Mine.", group=1).status_code == 404
    assert write(as_chedi, case, "Mine.", group=0).status_code == 404
    assert write(as_chedi, case, "Mine.", group=2, question="nothing").status_code == 404
    assert not SheetAnswer.objects.exists()


def test_those_who_facilitate_do_not_write_for_a_group(case, as_ada):
    assert write(as_ada, case, "Mine.").status_code == 404


@pytest.mark.parametrize("htmx", [True, False])
def test_of_two_who_write_the_same_answer_both_texts_are_kept_and_shown(case, as_aya, as_bilal, htmx):
    write(as_aya, case, "Drought.")

    refused = write(as_bilal, case, "Debts.", htmx=htmx)

    assert refused.status_code == 409
    assert "Drought." in refused.text
    assert "Debts.</textarea>" in refused.text
    assert texts() == {"Drought.", "Debts."}


@pytest.mark.parametrize(
    ("choice", "answer"), [("join", "Drought.\n\nDebts."), ("mine", "Debts."), ("other", "Drought.")]
)
def test_whoever_comes_second_chooses_and_neither_text_goes(case, as_aya, as_bilal, choice, answer):
    write(as_aya, case, "Drought.")
    write(as_bilal, case, "Debts.")

    assert write(as_bilal, case, "Debts.", 1, choice=choice).status_code == 302

    assert SheetAnswer.objects.get().text == answer
    assert {"Drought.", "Debts."} <= texts() | {answer}
    earlier = as_aya.get(reverse("session_sheet", args=[case.public_id, 1, 1])).text
    assert "Debts." in earlier and "Drought." in earlier


def test_a_reply_that_was_lost_does_not_make_the_next_save_stale(case, as_aya):
    write(as_aya, case, "Drou", sitting="page", turn=1)

    again = write(as_aya, case, "Drought.", sitting="page", turn=2)

    assert again.status_code == 302
    assert SheetAnswer.objects.get().text == "Drought."
    assert not EarlierSheetText.objects.exists()


def test_what_comes_just_after_the_phase_is_taken_and_what_comes_later_is_kept_beside(case, as_aya):
    write(as_aya, case, "Drought.")
    go_to(case, 2, 1)
    assert write(as_aya, case, "Drought and debts.", 1, htmx=True).status_code == 200

    run = case.phases.get(position=1)
    run.ended_at -= timedelta(seconds=30)
    run.save()
    late = write(as_aya, case, "Drought, debts and hope", 2, htmx=True)
    write(as_aya, case, "Drought, debts and hope.", 2, htmx=True)

    assert late.status_code == 422
    assert "It is kept beside your group's answer." in late.text
    assert SheetAnswer.objects.get().text == "Drought and debts."
    assert list(EarlierSheetText.objects.filter(is_set_aside=True).values_list("text", flat=True)) == [
        "Drought, debts and hope."
    ]


def test_before_the_clock_runs_people_read_and_write_nothing(case, as_aya):
    case.phases.filter(position=1).update(started_at=None)

    assert "Writing begins when" in as_aya.get(case.get_absolute_url()).text
    assert write(as_aya, case, "Early.").status_code == 422
    assert SheetAnswer.objects.get().text == ""
    assert texts() == {"", "Early."}


def test_a_text_that_cannot_be_stored_comes_back(case, as_aya):
    refused = write(as_aya, case, "x" * 20_001)

    assert refused.status_code == 422
    assert "20001 characters" in refused.text
    assert "kept beside" not in refused.text
    assert "x" * 20_001 in refused.text


def test_without_groups_all_write_on_one_sheet(small, cohort, ada, as_ada):
    session = make_case(small, cohort, ada)
    one, other = (signed_in(membership.user) for membership in seat_people(session, "Aya", "Bilal"))
    services.begin(session=session)
    services.resume(session=session)

    assert write(one, session, "Drought.", group=0).status_code == 302
    assert "Drought." in other.get(session.get_absolute_url()).text

    go_to(session, 2, 1)
    turn(as_ada, session, 0)
    assert "Drought." in as_ada.get(reverse("session_screen", args=[session.public_id])).text


def turn(client, session, to, from_=""):
    url = reverse("session_act", args=[session.public_id, "turn"])
    return client.post(f"{url}?face=host&from={from_}", {"to": to})


def test_groups_present_in_turn_each_with_its_own_clock(case, as_ada, as_aya, time_machine):
    write(as_aya, case, "Drought.")
    go_to(case, 2, 1)
    services.resume(session=case)
    screen = reverse("session_screen", args=[case.public_id])
    assert "Drought." not in as_ada.get(screen).text

    assert turn(as_ada, case, 1).url == reverse("session_host", args=[case.public_id])
    assert "Drought." in as_ada.get(screen).text
    assert "It is your group's turn." in as_aya.get(case.get_absolute_url()).text

    turn(as_ada, case, 2, 1)
    turn(as_ada, case, 2, 1)
    assert "Group 2 presents" in as_ada.get(screen).text
    assert "Your group has had its turn" in as_aya.get(case.get_absolute_url()).text
    turn(as_ada, case, 1, 1)
    assert "Group 2 presents" in as_ada.get(screen).text
    assert turn(as_ada, case, 7, 2).status_code == 404


def test_participants_do_not_pass_the_turn_on(case, as_aya):
    go_to(case, 2, 1)

    assert turn(as_aya, case, 1).status_code == 404


def test_a_turns_clock_stands_still_with_the_phases(case, as_ada, time_machine):
    go_to(case, 2, 1)
    services.resume(session=case)
    now = timezone.now().replace(microsecond=0)
    time_machine.move_to(now, tick=False)
    turn(as_ada, case, 1)

    def left():
        board = tool_named("presentations").board(state_of(reloaded(case)), for_facilitators=True)
        return board["clock"].left

    time_machine.move_to(now + timedelta(seconds=60), tick=False)
    assert left() == 240
    services.pause(session=case)
    time_machine.move_to(now + timedelta(seconds=100), tick=False)
    assert left() == 240
    services.resume(session=case)
    time_machine.move_to(now + timedelta(seconds=110), tick=False)
    assert left() == 230


def reloaded(session):
    return type(session).objects.with_course().get(pk=session.pk)


def test_corrections_stand_beside_the_answer_and_change_nothing_in_it(case, as_ada, as_aya):
    write(as_aya, case, "Drought.")
    url = reverse("session_correct", args=[case.public_id, 1, 1])

    made = as_ada.post(url, {"question": "why", "text": "And debts."})

    assert made.url == f"{reverse('session_sheet', args=[case.public_id, 1, 1])}#line-why"
    assert "And debts." in as_aya.get(reverse("session_sheet", args=[case.public_id, 1, 1])).text
    assert SheetAnswer.objects.get().text == "Drought."
    assert as_ada.post(url, {"question": "why", "text": " "}).status_code == 422
    assert as_ada.post(url, {"question": "nothing", "text": "x"}).status_code == 404
    assert as_aya.post(url, {"question": "why", "text": "x"}).status_code == 403
    go_to(case, 2, 1)
    turn(as_ada, case, 1)
    assert "And debts." in as_ada.get(reverse("session_screen", args=[case.public_id])).text

    as_ada.post(url, {"take-back": Correction.objects.get().pk})
    assert not Correction.objects.exists()


def test_results_are_every_groups_sheet_with_corrections(case, as_ada, as_aya, as_chedi):
    write(as_aya, case, "Drought.")
    write(as_chedi, case, "Hope.", group=2)
    as_ada.post(reverse("session_correct", args=[case.public_id, 1, 2]), {"question": "why", "text": "And debts."})
    services.end_session(session=case)

    state = state_of(reloaded(case))
    sheets = tool_named("case-study").results(state, state.steps[0])["sheets"]

    assert [(sheet.number, [line.text for line in sheet.lines]) for sheet in sheets] == [
        (1, ["Drought.", ""]),
        (2, ["Hope.", ""]),
    ]
    assert [row.text for row in sheets[1].lines[0].corrections] == ["And debts."]
    rows = tool_named("case-study").rows(state, state.steps[0])
    assert rows[1][:3] == [1, "Why did he leave?", "Drought."]
    assert rows[3] == [2, "Why did he leave?", "Hope.", "And debts."]
    page = render_to_string("activities/tools/case-study/_results.html", {"results": {"sheets": sheets}})
    assert page.index("Drought.") < page.index("Hope.") < page.index("And debts.")


def test_an_account_that_goes_leaves_the_groups_answer(case, as_aya, as_bilal):
    write(as_aya, case, "Drought.")
    write(as_aya, case, "Debts.", 1)

    case.attendances.get(membership__user__name="Aya").membership.user.delete()

    assert "Debts." in as_bilal.get(case.get_absolute_url()).text
    assert "Drought." in as_bilal.get(reverse("session_sheet", args=[case.public_id, 1, 1])).text


def test_a_state_with_groups_costs_no_more_for_many_people(case, as_ada, as_aya, django_assert_max_num_queries):
    seat_people(case, *(f"P{number}" for number in range(12)))
    pages = [(as_ada, reverse("session_shared", args=[case.public_id, "host"])), (as_aya, case.get_absolute_url())]
    for client, url in pages:
        client.get(url)
        with django_assert_max_num_queries(10):
            client.get(url)
    go_to(case, 2, 1)
    for client, url in pages:
        with django_assert_max_num_queries(10):
            client.get(url)
