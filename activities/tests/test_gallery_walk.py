"""Groups visit each other's figures, leave a strength and a question, answer, and look back at the original."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from activities import services
from activities.models import WalkNote, WalkReply
from activities.tests.holding import do, go_on, mine, seen
from activities.tests.puzzling import client_of, key_in, make_puzzle, state_now, step_at
from activities.tools import tool_named
from activities.tools.base import RefusedError
from courses.services import publish

ORIGIN, IDEAS = "4", "3"


@pytest.fixture
def walk(small, cohort, ada):
    """Ada's walk of three groups: Aya and Bilal, Chedi, Dior; group 2 has put “ideas” into place 1."""
    session = make_puzzle(small, cohort, ada, ["Aya", "Bilal"], ["Chedi"], ["Dior"])
    do(client_of(session, "Chedi"), session, "put", piece=IDEAS, place="1")
    go_on(session)
    return session


@pytest.fixture
def as_aya(walk):
    return client_of(walk, "Aya")


@pytest.fixture
def as_bilal(walk):
    return client_of(walk, "Bilal")


@pytest.fixture
def as_chedi(walk):
    return client_of(walk, "Chedi")


@pytest.fixture
def as_dior(walk):
    return client_of(walk, "Dior")


def leave(client, session, at, strength="", question=""):
    data = {"at": at, "text-strength": strength, "text-question": question}
    return do(client, session, "leave", **data)


def texts():
    return sorted(WalkNote.objects.values_list("group__number", "at__number", "kind", "text"))


def stop(client, session, to):
    return do(client, session, "stop", to=str(to), **{"from": str(to - 1)})


def answer(client, session, text, was=""):
    note = WalkNote.objects.get(kind="question")
    return do(client, session, "answer", note=note.public_id, text=text, was=was)


def walked(session, position=2):
    state = state_now(session)
    return state, step_at(state, position)


def test_a_group_sees_the_figure_that_it_visits_and_no_other(walk, as_aya, as_chedi, as_dior, as_ada):
    assert "Visit group 2 now" in mine(as_aya, walk)
    assert "ideas" in mine(as_aya, walk)
    assert "Visit group 3 now" in mine(as_chedi, walk)
    assert "Visit group 1 now" in mine(as_dior, walk)
    assert "ideas" not in mine(as_dior, walk)
    for face in ("participant", "screen"):
        assert "ideas" not in seen(as_ada, walk, face)

    assert stop(as_ada, walk, 2).status_code == 302

    assert "Visit group 2 now" in mine(as_dior, walk)
    assert "ideas" in mine(as_dior, walk)
    assert "You have visited group 2" in mine(as_aya, walk)


def test_the_rota_and_a_clock_for_each_stop_are_on_the_projector(walk, as_ada):
    page = seen(as_ada, walk, "screen")

    assert "Stop 1 of 2" in page
    assert page.count("visits group") == 6
    assert "5:00" in page
    assert 'data-total="300"' in page
    assert stop(as_ada, walk, 2).status_code == 302
    assert "Stop 2 of 2" in seen(as_ada, walk, "screen")
    stop(as_ada, walk, 3)
    assert "Back at your own figure" in seen(as_ada, walk, "screen")


def test_the_first_stop_ends_with_its_share_of_the_clock_of_the_phase(walk, as_ada):
    run = walk.phases.get(position=2)
    run.started_at -= timedelta(seconds=240)
    run.save()

    assert "1:00" in seen(as_ada, walk, "screen") or "0:59" in seen(as_ada, walk, "screen")


def test_a_double_click_moves_one_stop_on_and_participants_do_not_move_anybody(walk, as_ada, as_aya):
    stop(as_ada, walk, 2)
    stop(as_ada, walk, 2)
    assert walk.phases.get(position=2).turn == 2
    assert do(as_ada, walk, "stop", to="9", **{"from": "2"}).status_code == 404
    assert stop(as_aya, walk, 3).status_code == 404


def test_a_strength_and_a_question_are_the_groups_and_each_can_change_them(walk, as_aya, as_bilal):
    leave(as_aya, walk, 2, strength="Clear", question="Why?")

    # Bilal's page still shows empty boxes: what he has not touched stays.
    assert leave(as_bilal, walk, 2).status_code == 302

    assert texts() == [(1, 2, "question", "Why?"), (1, 2, "strength", "Clear")]
    assert "Clear</textarea>" in mine(as_bilal, walk)
    assert do(
        as_bilal, walk, "leave", at="2", **{"was-strength": "Clear", "text-strength": "Clear and short"}
    ).status_code == 302  # fmt: skip
    assert (1, 2, "strength", "Clear and short") in texts()


def test_of_two_who_write_at_once_the_second_is_told_and_keeps_the_words(walk, as_aya, as_bilal):
    leave(as_aya, walk, 2, strength="Clear")

    refused = leave(as_bilal, walk, 2, strength="Short")

    assert refused.status_code == 422
    assert "It says now: “Clear”" in refused.text
    assert "Short</textarea>" in refused.text
    assert texts() == [(1, 2, "strength", "Clear")]


def test_what_one_has_not_touched_does_not_undo_what_others_wrote(walk, as_aya, as_bilal):
    leave(as_aya, walk, 2, strength="Clear")

    leave(as_bilal, walk, 2, question="Why?")

    assert texts() == [(1, 2, "question", "Why?"), (1, 2, "strength", "Clear")]


def test_nothing_is_left_at_ones_own_figure_or_where_the_group_has_not_been(walk, as_aya, as_ada):
    for at in (1, 3, 9, ""):
        assert leave(as_aya, walk, at, strength="Clear").status_code == 422
    assert leave(as_ada, walk, 2, strength="Clear").status_code == 422
    assert texts() == []


def test_a_group_goes_on_writing_where_it_has_been_and_takes_back_what_it_empties(walk, as_aya, as_ada):
    leave(as_aya, walk, 2, strength="Clear")
    stop(as_ada, walk, 2)

    do(as_aya, walk, "leave", at="2", **{"was-strength": "Clear", "text-strength": ""})
    leave(as_aya, walk, 2, question="Why?")

    assert texts() == [(1, 2, "question", "Why?")]


def test_the_database_holds_one_of_a_kind_per_visit_and_no_visit_to_oneself(walk, as_aya):
    leave(as_aya, walk, 2, strength="Clear")
    note = WalkNote.objects.get()

    for fields in ({"at": note.at}, {"at": note.group}, {"at": note.at, "kind": "praise"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            WalkNote.objects.create(run=note.run, group=note.group, text="x", **{"kind": "strength", **fields})


def test_a_group_sees_what_was_left_at_its_figure_and_answers(walk, as_aya, as_chedi, as_dior):
    leave(as_aya, walk, 2, strength="Clear", question="Why ideas?")
    assert "Why ideas?" in mine(as_chedi, walk)
    assert "left by group 1" in mine(as_chedi, walk)
    assert "Why ideas?" not in mine(as_dior, walk)

    assert answer(as_dior, walk, "Not mine").status_code == 422
    assert answer(as_chedi, walk, "They travel.").status_code == 302

    assert WalkReply.objects.get().text == "They travel."
    assert "It says now: “They travel.”" in answer(as_chedi, walk, "They stay.").text
    answer(as_chedi, walk, "They stay.", was="They travel.")
    assert WalkReply.objects.get().text == "They stay."
    changed = do(as_aya, walk, "leave", at="2", **{"was-question": "Why ideas?", "text-question": "Why not?"})
    assert "has been answered" in changed.text


def test_without_names_nobody_is_told_which_group_left_what(walk, as_aya, as_chedi, as_ada):
    walk.phases.filter(position=2).update(has_names=False)
    leave(as_aya, walk, 2, question="Why ideas?")

    assert "Why ideas?" in mine(as_chedi, walk)
    assert "left by group" not in mine(as_chedi, walk) + seen(as_ada, walk, "host")
    state, step = walked(walk)
    assert tool_named("gallery-walk").rows(state, step) == [
        ["Figure of group", "Left there", "Text", "Answer", "Discussed by all"],
        [2, "question", "Why ideas?", "", ""],
    ]


def test_what_is_hidden_is_seen_by_its_group_alone_and_can_be_shown_again(walk, as_aya, as_chedi, as_ada):
    leave(as_aya, walk, 2, question="Rude?")
    note = WalkNote.objects.get()

    do(as_ada, walk, "hide", target=note.public_id)

    assert "Rude?" not in mine(as_chedi, walk)
    assert "hidden it from the others" in mine(as_aya, walk)
    assert do(as_chedi, walk, "restore", target=note.public_id).status_code == 404
    do(as_ada, walk, "restore", target=note.public_id)
    assert "Rude?" in mine(as_chedi, walk)


def test_afterwards_the_original_stands_beside_each_figure_with_the_open_questions(walk, as_aya, as_chedi, as_ada):
    leave(as_aya, walk, 2, question="Why ideas?")
    assert "The original" not in seen(as_aya, walk, "participant") + mine(as_aya, walk)
    go_on(walk)

    page = seen(as_aya, walk, "participant")
    assert "The original" in page
    assert "different from the original" in page
    assert "Why ideas?" in page
    do(as_ada, walk, "show", target="2")
    assert "≠" in seen(as_ada, walk, "screen")
    assert do(as_ada, walk, "show", target="9").status_code == 404
    assert do(as_aya, walk, "show", target="1").status_code == 404

    note = WalkNote.objects.get()
    do(as_ada, walk, "settle", target=note.public_id)
    assert "No question is open." in seen(as_ada, walk, "screen")
    do(as_ada, walk, "unsettle", target=note.public_id)
    assert "No question is open." not in seen(as_ada, walk, "screen")
    answer(as_chedi, walk, "They travel.")
    assert "No question is open." in seen(as_ada, walk, "screen")


def test_results_hold_what_was_left_with_the_answers(walk, as_aya, as_chedi, as_ada):
    leave(as_aya, walk, 2, strength="Clear", question="Why ideas?")
    answer(as_chedi, walk, "They travel.")
    state, step = walked(walk)
    tool = tool_named("gallery-walk")
    assert tool.figures(state, step)[1] == [1, 1, 1, 0, 0]
    assert tool.carries(step.run) == []
    WalkReply.objects.all().delete()
    assert [one.text for one in tool.carries(step.run)] == ["Why ideas?"]
    answer(as_chedi, walk, "They travel.")
    go_on(walk)
    services.end_session(session=walk)

    page = as_ada.get(reverse("session_results", args=[walk.public_id])).text
    assert page.count("They travel.") == 1
    assert "left by group 1" in page
    file = b"".join(as_ada.get(reverse("session_download", args=[walk.public_id])).streaming_content).decode()
    assert "2,question,Why ideas?,They travel.,,1" in file


def test_two_groups_swap_and_one_looks_at_its_figure_alone(walk, as_ada, as_aya):
    row = walk.attendances.get(membership__user__name="Dior")
    services.move_person(session=walk, membership=row.membership, number=2)
    assert "Stop 1 of 1" in seen(as_ada, walk, "screen")
    assert 'data-total="600"' in seen(as_ada, walk, "screen")
    services.form_groups(session=walk, number=1)

    assert "A walk needs two groups" in seen(as_ada, walk, "screen")
    assert stop(as_ada, walk, 2).status_code == 404
    assert "Left at your own figure" in mine(as_aya, walk)


def test_a_walk_without_a_puzzle_goes_to_what_hangs_in_the_room(walk, as_aya):
    phase = walk.phases.get(position=1).phase
    phase.tool = ""
    phase.save()
    walk.activity.course.refresh_from_db()
    publish(course=walk.activity.course)

    assert "Their figure hangs in the room." in mine(as_aya, walk)
    assert leave(as_aya, walk, 2, strength="Clear").status_code == 302


def test_a_state_costs_no_more_for_many_groups_and_notes(walk, as_aya, as_chedi, as_ada, django_assert_max_num_queries):
    leave(as_aya, walk, 2, strength="Clear", question="Why?")
    leave(as_chedi, walk, 3, strength="Clear", question="Why?")
    for _phase in range(2):
        for face in ("participant", "screen", "host"):
            url = reverse("session_shared", args=[walk.public_id, face])
            as_ada.get(url)
            # Ten, and on the console of the last step one for what comes next.
            with django_assert_max_num_queries(11 if "host" in url else 10):
                as_ada.get(url)
        go_on(walk)


# --- Paper --------------------------------------------------------------------------------------------------


def test_slips_are_keyed_in_beside_what_phones_left_and_go_when_they_are_taken_back(walk, as_aya, as_chedi):
    leave(as_aya, walk, 2, strength="Clear")

    entry = key_in(walk, 2, {"question-1-2": "Why ideas?", "strength-3-1": "Neat"})

    assert entry.summary == "1 strength, 1 question"
    assert "in the room" in seen_by_host(walk)
    reply = key_in(walk, 2, {f"answer-{WalkNote.objects.get(kind='question').public_id}": "They travel."})
    assert reply.summary == "1 answer"
    reply.delete()
    entry.delete()
    assert texts() == [(1, 2, "strength", "Clear")]


def seen_by_host(session):
    state, step = walked(session)
    results = tool_named("gallery-walk").results(state, step)
    return render_to_string("activities/tools/gallery-walk/_results.html", {"results": results, "step": step})


@pytest.mark.parametrize(
    ("data", "words"),
    [({}, "at least one"), ({"strength-1-2": "Mine"}, "Group 1 has left a strength at the figure of group 2 already")],
)
def test_what_cannot_be_keyed_in_is_refused_with_words(walk, as_aya, data, words):
    leave(as_aya, walk, 2, strength="Clear")

    with pytest.raises(RefusedError, match=words), transaction.atomic():
        key_in(walk, 2, data)


def test_the_kit_has_the_rota_and_a_slip_for_each_visit_then_the_open_questions(walk, as_aya):
    leave(as_aya, walk, 2, question="Why ideas?")
    tool = tool_named("gallery-walk")

    walking = render_to_string("activities/tools/gallery-walk/_kit.html", {"kit": tool.kit(*walked(walk))})
    assert walking.count('kit-slip"') == 6
    assert "2 stops of 5:00 minutes each." in walking
    looking = render_to_string("activities/tools/gallery-walk/_kit.html", {"kit": tool.kit(*walked(walk, 3))})
    assert "Why ideas?" in looking


def test_the_form_for_slips_asks_for_what_is_not_there_and_gives_back_what_was_sent(walk, as_aya):
    leave(as_aya, walk, 2, question="Why ideas?")
    paper = tool_named("gallery-walk").paper(*walked(walk))

    page = render_to_string(
        "activities/tools/gallery-walk/_paper.html",
        {"paper": paper, "refused": SimpleNamespace(sent={"strength-1-2": "Lost?"})},
    )

    assert 'name="question-1-2"' not in page
    assert page.count('name="strength-') == 6
    assert page.count('name="question-') == 5
    assert page.count('name="answer-') == 1
    assert 'value="Lost?"' in page


def test_an_editor_gives_a_walk_no_options():
    assert list(tool_named("gallery-walk").faults([], 1)) == []
    assert "no options" in next(tool_named("gallery-walk").faults(["x"], 0))
