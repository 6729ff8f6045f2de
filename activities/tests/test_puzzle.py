"""Each group puts one figure together, all of it at once; no group sees another's, and nothing is graded."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import yaml
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from activities import services
from activities.models import Missing, Placing
from activities.tests.holding import do, go_on, mine, seen
from activities.tests.puzzling import PARTS, client_of, key_in, make_puzzle, state_now, step_at
from activities.tools import tool_named
from activities.tools.base import RefusedError
from activities.tools.frame import faults_in, frame_of, original_of, parts_from

AUTHORITIES, DEVELOPMENT, IDEAS, ORIGIN = "1", "2", "3", "4"
FIGURE = {"1": ORIGIN, "2": AUTHORITIES, "3": IDEAS, "4": DEVELOPMENT}


@pytest.fixture
def puzzle(small, cohort, ada):
    """Ada's puzzle: Aya and Bilal are group 1, Chedi and Dior group 2."""
    return make_puzzle(small, cohort, ada, ["Aya", "Bilal"], ["Chedi", "Dior"])


@pytest.fixture
def as_aya(puzzle):
    return client_of(puzzle, "Aya")


@pytest.fixture
def as_bilal(puzzle):
    return client_of(puzzle, "Bilal")


@pytest.fixture
def as_chedi(puzzle):
    return client_of(puzzle, "Chedi")


def laid(number=1):
    """Return which piece lies in which place of a group's figure on phones."""
    rows = Placing.objects.filter(group__number=number, paper=None)
    return dict(rows.values_list("place__place", "piece__piece"))


def results_of(session, position=1):
    state = state_now(session)
    return tool_named("puzzle").results(state, step_at(state, position))


def test_what_one_places_the_other_of_the_group_sees_and_no_other_group(puzzle, as_aya, as_bilal, as_chedi, as_ada):
    do(as_chedi, puzzle, "put", piece=IDEAS, place="4")

    do(as_aya, puzzle, "put", piece=IDEAS, place="2")

    assert laid() == {2: 3}
    assert 'data-place="2" data-piece="3"' in mine(as_bilal, puzzle)
    assert 'data-place="2" data-piece="3"' not in mine(as_chedi, puzzle)
    for face in ("participant", "screen"):
        assert "ideas" not in seen(as_ada, puzzle, face)
    assert "Group 1: 1 of 4 pieces placed" in seen(as_ada, puzzle, "screen")
    assert "ideas" in seen(as_ada, puzzle, "host")


def test_a_groups_page_is_told_of_its_own_moves_alone(puzzle, as_aya):
    def stamps():
        html = seen(as_aya, puzzle, "participant")
        return dict(stamp.split(":") for stamp in html.split('data-stamps="')[1].split('"')[0].split())

    before = stamps()
    do(as_aya, puzzle, "put", piece=IDEAS, place="2")

    after = stamps()
    assert after["1"] != before["1"]
    assert (after["0"], after["2"]) == (before["0"], before["2"])


def test_a_piece_that_is_moved_leaves_its_place_and_one_that_is_displaced_goes_back(puzzle, as_aya):
    do(as_aya, puzzle, "put", piece=IDEAS, place="2")
    do(as_aya, puzzle, "put", piece=ORIGIN, place="1")

    do(as_aya, puzzle, "put", piece=IDEAS, place="1")

    assert laid() == {1: 3}
    assert "in place 1" in mine(as_aya, puzzle)


@pytest.mark.parametrize("data", [{"piece": ""}, {"list": "1", "piece-1": ""}])
def test_a_place_is_emptied(puzzle, as_aya, data):
    do(as_aya, puzzle, "put", piece=IDEAS, place="1")

    do(as_aya, puzzle, "put", place="1", **data)

    assert laid() == {}


def test_from_the_list_only_the_place_whose_button_was_pressed_is_filled(puzzle, as_aya):
    do(as_aya, puzzle, "put", list="1", place="2", **{"piece-1": IDEAS, "piece-2": ORIGIN})

    assert laid() == {2: 4}


@pytest.mark.parametrize(
    "data",
    [{"place": "1"}, {"piece": IDEAS}, {"place": "9", "piece": IDEAS}, {"place": "1", "piece": "9"}, {"place": "¹"}],
)
def test_nonsense_moves_nothing(puzzle, as_aya, data):
    do(as_aya, puzzle, "put", piece=ORIGIN, place="1")

    assert do(as_aya, puzzle, "put", **data).status_code == 422

    assert laid() == {1: 4}


def test_nobody_moves_a_piece_before_the_clock_runs_or_for_a_group_of_others(puzzle, as_aya, as_ada, cohort):
    assert do(as_ada, puzzle, "put", piece=IDEAS, place="1").status_code == 422
    puzzle.phases.filter(position=1).update(started_at=None)
    assert do(as_aya, puzzle, "put", piece=IDEAS, place="1").status_code == 422
    assert "as soon as your facilitator starts the clock" in mine(as_aya, puzzle)
    assert not Placing.objects.exists()


def test_without_groups_all_work_on_one_figure(small, cohort, ada):
    session = make_puzzle(small, cohort, ada, ["Aya", "Bilal"])
    session.groups.all().delete()

    do(client_of(session, "Aya"), session, "put", piece=IDEAS, place="3")

    assert 'data-place="3" data-piece="3"' in mine(client_of(session, "Bilal"), session)
    assert Placing.objects.get().group is None


@pytest.mark.django_db(transaction=True)
def test_of_twenty_moves_at_once_every_piece_lies_in_one_place_or_on_the_table(puzzle):
    clients = [client_of(puzzle, name) for name in ("Aya", "Bilal")]

    def move(number):
        try:
            piece, place = str(number % 4 + 1), str(number * 7 % 3 + 1)
            return do(clients[number % 2], puzzle, "put", piece=piece, place=place).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(move, range(20)))

    assert statuses == [302] * 20
    places = laid()
    assert len(set(places.values())) == len(places) <= 3
    page = mine(clients[0], puzzle)
    for piece in range(1, 5):
        assert page.count(f'name="piece" value="{piece}"') == 1


def test_the_database_refuses_a_piece_in_two_places_and_two_in_one(puzzle, as_aya):
    do(as_aya, puzzle, "put", piece=IDEAS, place="1")
    there = Placing.objects.get()
    parts = {part.place: part for part in there.place.run.puzzle_parts.all()}

    for piece, place in ((there.piece, parts[2]), (parts[2], there.place)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Placing.objects.create(group=there.group, piece=piece, place=place)


def test_a_group_adds_what_is_missing_and_takes_it_back(puzzle, as_aya, as_bilal, as_chedi, as_ada):
    do(as_aya, puzzle, "add-missing", text="  The  mayor ")
    do(as_bilal, puzzle, "add-missing", text="the mayor")

    assert list(Missing.objects.values_list("text", flat=True)) == ["The mayor"]
    assert "The mayor" in mine(as_bilal, puzzle)
    assert "The mayor" not in mine(as_chedi, puzzle) + seen(as_chedi, puzzle, "participant")
    row = Missing.objects.get()
    do(as_chedi, puzzle, "take-back-missing", missing=row.public_id)
    assert Missing.objects.exists()
    assert do(as_aya, puzzle, "hide-missing", target=row.public_id).status_code == 404
    do(as_ada, puzzle, "hide-missing", target=row.public_id)
    assert results_of(puzzle)["figures"][0].shown == []
    do(as_ada, puzzle, "restore-missing", target=row.public_id)
    assert [one.text for one in results_of(puzzle)["figures"][0].shown] == ["The mayor"]
    do(as_bilal, puzzle, "take-back-missing", missing=row.public_id)
    assert not Missing.objects.exists()


def test_empty_too_long_and_too_many_additions_are_refused_with_words(puzzle, as_aya):
    assert do(as_aya, puzzle, "add-missing", text=" ").status_code == 422
    assert "x" * 201 in do(as_aya, puzzle, "add-missing", text="x" * 201).text
    for number in range(12):
        do(as_aya, puzzle, "add-missing", text=f"Link {number}")
    assert "that is enough" in do(as_aya, puzzle, "add-missing", text="One more").text
    assert Missing.objects.count() == 12


def test_an_editors_change_moves_no_piece_of_a_session(puzzle, as_aya, small):
    do(as_aya, puzzle, "put", piece=IDEAS, place="3")
    phase = puzzle.phases.get(position=1).phase
    phase.options = PARTS.replace("ideas", "zeal") + "\nC3 | Another"
    phase.save()
    small.publish()
    go_on(puzzle)
    services.go_to(session=puzzle, position=1, from_position=2)

    assert laid() == {3: 3}
    assert "ideas" in mine(as_aya, puzzle)
    assert "Another" not in mine(as_aya, puzzle)


def test_groups_that_are_made_anew_keep_their_figures_with_their_numbers(puzzle, as_chedi):
    do(as_chedi, puzzle, "put", piece=IDEAS, place="3")

    services.form_groups(session=puzzle, number=1)

    assert set(puzzle.groups.values_list("number", flat=True)) == {1, 2}
    assert laid(2) == {3: 3}


def test_results_are_the_figures_as_they_were_placed(puzzle, as_aya, as_ada):
    do(as_aya, puzzle, "put", piece=IDEAS, place="2")
    do(as_aya, puzzle, "add-missing", text="The mayor")
    services.end_session(session=puzzle)

    page = as_ada.get(reverse("session_results", args=[puzzle.public_id])).text
    assert "1 of 4 pieces placed" in page
    assert "The mayor" in page
    assert "different from the original" not in page
    state = state_now(puzzle)
    step = step_at(state, 1)
    assert tool_named("puzzle").rows(state, step)[1:] == [
        [1, 1, "box in row 1", "", "Origin"],
        [1, 2, "box in row 1", "ideas", "Authorities"],
        [1, 3, "arrow in both directions, between places 4 and 2", "", "ideas"],
        [1, 4, "box in row 3", "", "Development"],
        [1, "", "What is missing", "The mayor", ""],
    ]
    assert tool_named("puzzle").figures(state, step)[1] == [1, 1]
    assert [one.text for one in tool_named("puzzle").carries(step.run)] == ["The mayor"]


def test_a_state_costs_no_more_for_many_groups_and_pieces(puzzle, as_aya, as_ada, django_assert_max_num_queries):
    for place, piece in FIGURE.items():
        do(as_aya, puzzle, "put", piece=piece, place=place)
    for number in range(3, 7):
        puzzle.groups.create(number=number)

    for face in ("participant", "screen", "host"):
        url = reverse("session_shared", args=[puzzle.public_id, face])
        as_ada.get(url)
        with django_assert_max_num_queries(10):
            as_ada.get(url)


# --- Paper --------------------------------------------------------------------------------------------------


def test_a_figure_on_paper_stands_for_its_group_until_it_is_taken_back(puzzle, as_aya, as_chedi):
    do(as_aya, puzzle, "put", piece=IDEAS, place="2")

    entry = key_in(puzzle, 1, {**{f"piece-1-{place}": piece for place, piece in FIGURE.items()}, "text-1": "A\n\nB"})

    assert entry.summary == "1 figure, 2 added"
    figure = results_of(puzzle)["figures"][0]
    assert (figure.is_from_paper, figure.frame.different, len(figure.shown)) == (True, [], 2)
    assert "keyed in from paper" in mine(as_aya, puzzle)
    assert "keyed in from paper" in do(as_aya, puzzle, "put", piece=ORIGIN, place="2").text
    assert "keyed in from paper" not in mine(as_chedi, puzzle)

    entry.delete()

    figure = results_of(puzzle)["figures"][0]
    assert (figure.is_from_paper, figure.missing) == (False, [])
    assert laid() == {2: 3}
    assert do(as_aya, puzzle, "put", piece=ORIGIN, place="2").status_code == 302


def test_the_last_of_several_entries_counts_and_taking_it_back_brings_back_the_one_before(puzzle):
    key_in(puzzle, 1, {"piece-1-1": ORIGIN})
    last = key_in(puzzle, 1, {"piece-1-1": IDEAS})
    assert results_of(puzzle)["figures"][0].frame.slots[0].piece.text == "ideas"

    last.delete()

    assert results_of(puzzle)["figures"][0].frame.slots[0].piece.text == "Origin"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Write the number of a piece"),
        ({"piece-1-1": "9"}, "Group 1: there is no piece “9”."),
        ({"piece-2-1": "3", "piece-2-4": "3"}, "Group 2: piece 3 lies in places 1 and 4."),
        ({"text-1": "\n".join("abcdefghijklm")}, "at most 12"),
    ],
)
def test_what_cannot_be_keyed_in_is_refused_with_words(puzzle, data, words):
    with pytest.raises(RefusedError, match=words), transaction.atomic():
        key_in(puzzle, 1, data)


def test_the_kit_has_a_set_of_pieces_for_each_group_and_the_empty_frame(puzzle):
    state = state_now(puzzle)

    kit = tool_named("puzzle").kit(state, step_at(state, 1))
    page = render_to_string("activities/tools/puzzle/_kit.html", {"kit": kit})

    assert page.count("ideas") == 2
    assert page.count("Frame of group") == 2
    assert page.count("slot-number") == 8


def test_the_form_for_paper_asks_for_each_place_of_each_group_and_gives_back_what_was_sent(puzzle):
    state = state_now(puzzle)
    paper = tool_named("puzzle").paper(state, step_at(state, 1))
    sent = {"piece-2-3": "77", "text-1": "Lost?"}

    page = render_to_string(
        "activities/tools/puzzle/_paper.html", {"paper": paper, "refused": SimpleNamespace(sent=sent)}
    )

    assert page.count('name="piece-1-') == page.count('name="piece-2-') == 4
    assert 'value="77"' in page
    assert "Lost?</textarea>" in page


# --- What an editor writes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (PARTS, ""),
        (f"{PARTS}\nhello", "line 5 is no part"),
        (f"{PARTS}\nI1 | x", "line 5 is no part"),
        (f"{PARTS}\nB3 | x", "lines 4 and 5 share a cell"),
        (f"{PARTS}\nC13 | x", "line 5: cells go from A1 to H12"),
        (f"{PARTS}\nC3:C2 | x", "line 5: cells go from A1 to H12"),
        (f"{PARTS}\nC3 |", "line 5 needs words"),
        (f"{PARTS}\nC3 right | x", "the arrow “x” needs a box at both of its ends"),
        ("A1 | x\nA2 | y", "3 to 40 parts"),
    ],
)
def test_an_editor_is_told_what_is_wrong_with_a_figure(options, words):
    found = list(faults_in(options.splitlines()))

    assert [words in fault for fault in found] == ([True] if words else [])


def test_pieces_are_numbered_by_their_words_so_that_a_number_tells_no_place():
    parts = parts_from(PARTS.splitlines())

    assert [(part.place, part.piece) for part in parts] == [(1, 4), (2, 1), (3, 3), (4, 2)]


def test_pieces_with_the_same_words_are_alike():
    parts = parts_from(["A1 | Town", "B1 right | ideas", "C1 | Town"])
    swapped = frame_of(parts, {1: parts[2], 2: parts[1], 3: parts[0]})

    assert swapped.different == []
    assert original_of(parts).different == []
    assert [slot.number for slot in frame_of(parts, {1: parts[1]}).different] == [1, 2, 3]


def test_the_course_figure_is_in_order(settings):
    source = settings.BASE_DIR / "fixtures/core-module/activities/08-links-puzzle/phases/01-puzzle.md"
    options = yaml.safe_load(source.read_text().split("---\n")[1])["options"].splitlines()

    assert list(faults_in(options)) == []
    ends = {
        slot.number: (slot.tail.place, slot.head.place) for slot in frame_of(parts_from(options)).slots if slot.tail
    }
    assert ends == {
        3: (2, 4), 5: (13, 2), 6: (9, 2), 7: (2, 9), 8: (9, 4), 10: (9, 13), 11: (13, 9), 12: (9, 15), 14: (13, 15),
    }  # fmt: skip
