"""Times are found for what a cohort does: in its order, without overlap, with pauses, and what does not fit is said."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.agenda import Block, Window, pack, propose, windows_of

DAY = (9 * 60, 17 * 60)
LUNCH = 12 * 60, 13 * 60


def work(*minutes: int, **fields) -> list[Block]:
    return [Block(f"work-{place}", f"Work {place}", length, **fields) for place, length in enumerate(minutes)]


def times(slots) -> list[tuple[int, int, int]]:
    return [(slot.day, slot.start, slot.end) for slot in slots]


def test_a_day_is_free_but_for_what_is_taken():
    assert windows_of(2, DAY, [(0, *LUNCH)]) == [Window(0, 540, 720), Window(0, 780, 1020), Window(1, *DAY)]
    assert windows_of(1, DAY, [(0, 500, 600), (0, 590, 630), (0, 1000, 1100)]) == [Window(0, 630, 1000)]
    assert windows_of(1, DAY, [(0, 0, 1440)]) == []


def test_one_thing_follows_the_other_with_a_pause_after_long_work():
    slots, rest = pack(work(60, 30, 30), windows_of(1, DAY, []), 15)

    assert times(slots) == [(0, 540, 600), (0, 600, 630), (0, 645, 675)]
    assert rest == []


def test_a_pause_comes_before_what_would_make_it_too_long():
    slots, _rest = pack(work(60, 70), windows_of(1, DAY, []), 15)

    assert times(slots) == [(0, 540, 600), (0, 615, 685)]


def test_nothing_runs_into_lunch_or_over_the_end_of_a_day():
    slots, rest = pack(work(100, 90, 200, 60), windows_of(2, DAY, [(0, *LUNCH), (1, *LUNCH)]), 0)

    assert times(slots) == [(0, 540, 640), (0, 780, 870), (1, 780, 980)]
    assert [block.key for block in rest] == ["work-3"]


def test_what_fits_nowhere_keeps_no_place_from_what_follows():
    slots, rest = pack(work(60, 999, 60), windows_of(1, DAY, []), 0)

    assert [slot.block.key for slot in slots] == ["work-0", "work-2"]
    assert [block.key for block in rest] == ["work-1"]


def test_when_it_does_not_fit_the_longest_reading_is_done_before_the_day_that_needs_it():
    blocks = [
        Block("short", "Short", 20, is_reading=True),
        Block("first", "First", 100),
        Block("long", "Long", 90, is_reading=True),
        Block("second", "Second", 100),
    ]

    agenda = propose(blocks, [Window(0, 0, 150), Window(1, 0, 110)], 10)

    assert [slot.block.key for slot in agenda.slots] == ["short", "first", "second"]
    assert [(block.key, day) for block, day in agenda.moved] == [("long", 1)]
    assert (agenda.left_out, agenda.short_by) == ([], 90)


def test_without_reading_to_move_the_latest_activity_is_left_out_but_never_opening_and_end():
    opening, *middle = work(50, 50, 50)
    blocks = [
        Block("opening", "Opening", 50, is_bound=True),
        *middle,
        Block("end", "End", 50, is_bound=True),
    ]

    agenda = propose(blocks, [Window(0, 0, 160)], 0)

    assert [slot.block.key for slot in agenda.slots] == ["opening", middle[0].key, "end"]
    assert agenda.left_out == [middle[1]]
    assert agenda.short_by == opening.minutes


def test_what_is_longer_than_any_free_time_costs_the_rest_nothing():
    blocks = [Block("read", "Read", 30, is_reading=True), *work(500, 60)]

    agenda = propose(blocks, [Window(0, 0, 120)], 0)

    assert [slot.block.key for slot in agenda.slots] == ["read", "work-1"]
    assert [block.minutes for block in agenda.left_out] == [500]


def test_without_any_time_nothing_is_placed():
    agenda = propose([*work(30, is_bound=True), Block("read", "Read", 5, is_reading=True)], [], 15)

    assert (agenda.slots, agenda.short_by) == ([], 35)


@given(
    st.lists(st.tuples(st.integers(1, 240), st.booleans(), st.booleans()), max_size=25),
    st.integers(0, 4),
    st.lists(st.tuples(st.integers(0, 3), st.integers(480, 1000), st.integers(10, 120)), max_size=6),
)
@pytest.mark.parametrize("pause", [0, 15])
def test_whatever_is_asked_nothing_overlaps_gets_lost_or_changes_places(pause, wishes, days, taken):
    blocks = [
        Block(str(place), "", minutes, is_reading=reads, is_bound=bound and not reads)
        for place, (minutes, reads, bound) in enumerate(wishes)
    ]
    busy = [(day, start, start + minutes) for day, start, minutes in taken]

    agenda = propose(blocks, windows_of(days, DAY, busy), pause)

    found = times(agenda.slots)
    assert all(one[:2] < other[:2] and (one[0] < other[0] or one[2] <= other[1]) for one, other in pairwise(found))
    assert all(DAY[0] <= start and end <= DAY[1] and day < days for day, start, end in found)
    assert not any(day == at and start < b and a < end for day, start, end in found for at, a, b in busy)
    keys = [int(slot.block.key) for slot in agenda.slots]
    assert keys == sorted(keys)
    gone = [*(block for block, _day in agenda.moved), *agenda.left_out]
    assert sorted(keys + [int(block.key) for block in gone]) == list(range(len(blocks)))
