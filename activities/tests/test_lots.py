"""The draw of an interview is fair, however often it is held."""

import random
from dataclasses import dataclass

import pytest

from activities.tools import lots
from activities.tools.lots import draw_person, draw_question


@dataclass(eq=False)
class Question:
    objective_id: int | None
    is_important: bool = False


def drawn(questions: list[Question]) -> list[Question]:
    """Draw until nothing is left."""
    left, order = list(questions), []
    while left:
        order.append(draw_question(left, [question.objective_id for question in order]))
        left.remove(order[-1])
    return order


@pytest.mark.parametrize("seed", range(20))
def test_no_question_comes_twice_and_new_objectives_come_first(monkeypatch, seed):
    chance = random.Random(seed)
    monkeypatch.setattr(lots, "_chance", chance)
    questions = [Question(chance.choice([None, *range(6)])) for _number in range(chance.randint(1, 25))]

    order = drawn(questions)

    assert sorted(map(id, order)) == sorted(map(id, questions))
    objectives = [question.objective_id for question in order]
    first = len(set(objectives))
    assert len(set(objectives[:first])) == first


@pytest.mark.parametrize("seed", range(20))
def test_important_ones_come_before_all_others(monkeypatch, seed):
    chance = random.Random(seed)
    monkeypatch.setattr(lots, "_chance", chance)
    questions = [Question(number % 4, is_important=chance.random() < 0.4) for number in range(12)]

    order = [question.is_important for question in drawn(questions)]

    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize("seed", range(20))
def test_nobody_is_asked_twice_before_all_have_been_asked_once(monkeypatch, seed):
    """People come late and leave for a while: of those who are there, it is always one of those asked least."""
    chance = random.Random(seed)
    monkeypatch.setattr(lots, "_chance", chance)
    people, times = list(range(chance.randint(1, 15))), {}
    for _question in range(4 * len(people)):
        here = [person for person in people if chance.random() < 0.8]
        person = draw_person(here, times)
        if person is None:
            assert not here
            continue
        assert person in here
        assert times.get(person, 0) == min(times.get(other, 0) for other in here)
        times[person] = times.get(person, 0) + 1
        if chance.random() < 0.1:
            people.append(len(people))


def test_everybody_comes_round_when_all_stay(monkeypatch):
    times: dict[int, int] = {}
    for question in range(1, 41):
        person = draw_person(range(10), times)
        times[person] = times.get(person, 0) + 1
        assert max(times.values()) - min(times.get(one, 0) for one in range(10)) <= 1, question
    assert set(times.values()) == {4}


def test_it_is_chance_that_decides():
    questions = [Question(number) for number in range(5)]

    firsts = {id(draw_question(questions, [])) for _time in range(200)}
    asked = {draw_person(range(5), {}) for _time in range(200)}

    assert len(firsts) == 5
    assert asked == set(range(5))
