"""Rounds in which people meet in pairs: plain functions, without the database.

What counts, in this order: nobody meets anybody twice; nobody sits in a trio twice in a row; strangers meet; those who
meet have a language in common; they differ in their level of government and country. When the number of people is odd,
one meeting of each round is of three, so nobody is ever idle.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from activities.groups import Pair, Person, left_out

Meeting = tuple[int, ...]
Round = list[Meeting]

_TWICE, _TRIO_AGAIN, _TRIO, _KNOWN, _NO_LANGUAGE = 10_000_000, 1_000_000, 30_000, 10_000, 500
_TRIES = 3


def plan(
    people: Sequence[Person], rounds: int, known: Iterable[Pair] = (), past: Sequence[Round] = (), seed: int = 0
) -> list[Round]:
    """Return so many *rounds* for *people* by their ids, after those of the *past*; the same is planned for the same.

    *known*: pairs who know each other already.
    """
    if len(people) < 2:
        return []
    known, ids = set(known), [person.id for person in people]
    base = {
        frozenset((one.id, other.id)): _price(one, other) + (frozenset((one.id, other.id)) in known) * _KNOWN
        for one, other in combinations(people, 2)
    }
    chance = random.Random(seed)  # noqa: S311  chance, no secret
    ways = [_one_by_one(ids, rounds, base, past, chance) for _try in range(_TRIES)]
    if len(ids) % 2 == 0:
        # A circle always has a round without repetition left, where round after round might run into a dead end.
        ways.append(_in_a_circle(ids, rounds, base, past, chance))
    return min(ways, key=lambda way: _cost_of(way, base, past))


def pairs_of(rounds: Iterable[Round]) -> Counter[Pair]:
    """Return how often each pair met."""
    return Counter(frozenset(pair) for row in rounds for meeting in row for pair in combinations(meeting, 2))


def _price(one: Person, other: Person) -> int:
    alike = sum(
        bool(getattr(one, name)) and getattr(one, name) == getattr(other, name) for name in ("level", "country")
    )
    return left_out([one, other]) * _NO_LANGUAGE + alike


def _trio_of(row: Round) -> set[int]:
    return {person for meeting in row if len(meeting) > 2 for person in meeting}


def _cost_of(way: list[Round], base: dict[Pair, int], past: Sequence[Round]) -> int:
    met = pairs_of([*past, *way])
    again = sum(len(_trio_of(one) & _trio_of(two)) for one, two in pairwise([*past[-1:], *way]))
    prices = sum(base.get(pair, 0) * count for pair, count in pairs_of(way).items())
    return sum(count - 1 for count in met.values()) * _TWICE + again * _TRIO_AGAIN + prices


def _one_by_one(
    ids: list[int], rounds: int, base: dict[Pair, int], past: Sequence[Round], chance: random.Random
) -> list[Round]:
    met, trios = pairs_of(past), Counter(person for row in past for person in _trio_of(row))
    before, found = _trio_of(past[-1]) if past else set(), []
    for _round in range(rounds):
        price = {pair: cost + met[pair] * _TWICE for pair, cost in base.items()}
        seat = {person: (person in before) * _TRIO_AGAIN + trios[person] * _TRIO for person in ids}
        row = _best_round(ids, price, seat, chance)
        found.append(row)
        met.update(pairs_of([row]))
        before = _trio_of(row)
        trios.update(before)
    return found


def _best_round(ids: list[int], price: dict[Pair, int], seat: dict[int, int], chance: random.Random) -> Round:
    """Return a round: whoever is hardest to place first, then swaps between two meetings as long as any helps."""

    def cost(meeting: Sequence[int]) -> int:
        if len(meeting) == 2:
            return price[frozenset(meeting)]
        pairs = sum(price[frozenset(pair)] for pair in combinations(meeting, 2))
        return pairs + sum(seat[person] for person in meeting)

    order = sorted(ids, key=lambda person: (seat[person], chance.random()))
    tables = [order[:3]] if len(ids) % 2 else []
    rest = order[3:] if len(ids) % 2 else order
    chance.shuffle(rest)
    while rest:
        one = rest.pop()
        other = min(rest, key=lambda person: price[frozenset((one, person))])
        rest.remove(other)
        tables.append([one, other])
    helped = True
    while helped:
        helped = False
        for one, other in combinations(tables, 2):
            now = cost(one) + cost(other)
            for i, j in [(i, j) for i in range(len(one)) for j in range(len(other))]:
                one[i], other[j] = other[j], one[i]
                if (then := cost(one) + cost(other)) < now:
                    now, helped = then, True
                else:
                    one[i], other[j] = other[j], one[i]
    return [tuple(table) for table in tables]


def _in_a_circle(
    ids: list[int], rounds: int, base: dict[Pair, int], past: Sequence[Round], chance: random.Random
) -> list[Round]:
    """Return rounds of a circle that turns by one seat each time, those first that cost least."""
    seats = list(ids)
    chance.shuffle(seats)
    met, last, size = pairs_of(past), seats[-1], len(seats) - 1
    circle = [
        [(last, seats[turn]), *((seats[(turn + k) % size], seats[(turn - k) % size]) for k in range(1, size // 2 + 1))]
        for turn in range(size)
    ]
    circle.sort(key=lambda row: sum(base[frozenset(m)] + met[frozenset(m)] * _TWICE for m in row))
    return [circle[number % size] for number in range(rounds)]
