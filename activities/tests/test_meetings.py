"""Rounds of meeting, for every number of people, with some who come late and some who leave."""

import itertools
import random
import time

import pytest

from activities.groups import Person
from activities.meetings import pairs_of, plan


def people(*ids, **facts):
    return [Person(id=number, **facts) for number in ids]


def everybody_once(row, ids):
    return sorted(person for meeting in row for person in meeting) == sorted(ids)


def trio(row):
    return {person for meeting in row if len(meeting) == 3 for person in meeting}


@pytest.mark.parametrize("count", range(2, 61))
def test_nobody_is_idle_or_meets_anybody_twice_while_it_can_be_avoided(count):
    rounds = min(count - 1 if count % 2 == 0 else count // 3, 12)
    found = plan(people(*range(count)), max(rounds, 1))

    assert all(everybody_once(row, range(count)) for row in found)
    assert all(len(meeting) in (2, 3) for row in found for meeting in row)
    assert sum(len(meeting) == 3 for meeting in found[0]) == count % 2
    assert set(pairs_of(found).values()) == {1}
    # Seven are too few for a second trio of others in which nobody meets again.
    if count >= 9:
        assert all(not trio(one) & trio(two) for one, two in itertools.pairwise(found))


@pytest.mark.parametrize("count", range(4, 31, 2))
def test_all_meet_all_in_one_round_fewer_than_there_are_people(count):
    found = plan(people(*range(count)), count - 1)

    assert len(pairs_of(found)) == count * (count - 1) // 2


@pytest.mark.parametrize("count", range(8, 61, 4))
@pytest.mark.parametrize("seed", [1, 2])
def test_who_comes_late_or_leaves_changes_only_rounds_to_come(count, seed):
    chance = random.Random(seed)
    here, past = set(range(count)), []
    for number in range(4):
        here |= {100 + number} if chance.random() < 0.6 else set()
        here -= {chance.choice(sorted(here))} if chance.random() < 0.5 else set()
        row = plan(people(*sorted(here)), 4 - number, past=past)[0]
        assert everybody_once(row, here)
        assert not past or not trio(past[-1]) & trio(row)
        past.append(row)
    assert max(pairs_of(past).values()) == 1 or count < 10


def test_strangers_then_a_common_language_then_other_levels_come_first():
    known = [frozenset((1, 2)), frozenset((3, 4))]
    assert not set(pairs_of(plan(people(1, 2, 3, 4), 2, known))) & set(known)
    speak = [*people(1, 2, languages=frozenset({"fr"})), *people(3, 4, languages=frozenset({"es"}))]
    assert set(pairs_of(plan(speak, 1))) == {frozenset((1, 2)), frozenset((3, 4))}
    levels = [*people(1, 2, level="local"), *people(3, 4, level="national")]
    assert not set(pairs_of(plan(levels, 2))) & set(known)


def test_one_person_or_nobody_meets_nobody():
    assert plan([], 3) == plan(people(1), 3) == []


def test_sixty_people_take_no_time():
    begun = time.process_time()
    plan(people(*range(60)), 10)
    assert time.process_time() - begun < 0.5
