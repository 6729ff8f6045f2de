"""Putting people into groups: mixed, with a language in common, and as their facilitator wishes.

Plain functions, without the database. What people left open in their profile counts for nothing and against nothing.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

# What an arrangement costs: for each wish that is not kept, each person whom the others' common language leaves out,
# each earlier time together; and for each two people who are alike in something.
_BROKEN, _LEFT_OUT, _AGAIN = 1_000_000, 10_000, 200
_ALIKE = {"level": 3, "country": 3, "function": 2, "languages": 1}

# So much is tried: small groups of people are arranged anew many times, large ones a few times.
_TRIES_MAX, _TRIES_WORK = 40, 240

Pair = frozenset[int]


@dataclass(frozen=True)
class Person:
    """Somebody to put into a group; what is empty is not known. *id* names them in wishes."""

    id: int
    level: str = ""
    country: str = ""
    function: str = ""
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Wishes:
    """Pairs of people to keep *together* or *apart*, and how often pairs have *met* who should rather meet others."""

    together: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()
    met: Mapping[Pair, int] = field(default_factory=dict)


def sizes_for(count: int, *, most: int | None = None, number: int | None = None) -> list[int]:
    """Return how many people sit in each group, as evenly as can be: in a *number* of groups, or at *most* so many."""
    groups = min(number, count) if number else -(-count // most)
    return [count // groups + (place < count % groups) for place in range(groups)] if count else []


def make_groups(people: Sequence[Person], sizes: Sequence[int], wishes: Wishes) -> list[list[Person]]:
    """Return *people* in groups of these *sizes*; the same people and wishes give the same groups."""
    tries = max(1, min(_TRIES_MAX, _TRIES_WORK // max(len(people), 1)))
    found = min((_Search(people, sizes, wishes, seed) for seed in range(tries)), key=lambda search: search.cost)
    return [[people[place] for place in places] for places in found.groups]


def cost(groups: Sequence[Sequence[Person]], wishes: Wishes) -> int:
    """Return how far from ideal an arrangement is: what `make_groups` makes small."""
    seated = {person.id for group in groups for person in group}
    kept = sum(_together(one, other, wishes) for group in groups for one, other in combinations(group, 2))
    wanted = sum(pair <= seated for pair in wishes.together)
    return (
        (wanted - kept) * _BROKEN
        + sum(left_out(group) for group in groups) * _LEFT_OUT
        + sum(_apart_and_alike(one, other, wishes) for group in groups for one, other in combinations(group, 2))
    )


def best_group(person: Person, groups: Sequence[Sequence[Person]], most: Sequence[int | None], wishes: Wishes) -> int:
    """Return the place of the group that somebody who comes later should join; −1 when all of them are full.

    Wishes come first, then a language in common, then the smallest group; among those the one that needs this person.
    """

    def fit(place: int) -> tuple[int, int, int, int]:
        group = groups[place]
        wished = sum(_together(person, other, wishes) - (_pair(person, other) in wishes.apart) for other in group)
        strangers = left_out([*group, person]) - left_out(group)
        return -wished, strangers, len(group), sum(_apart_and_alike(person, other, wishes) for other in group)

    with_room = [place for place, group in enumerate(groups) if most[place] is None or len(group) < most[place]]
    return min(with_room, key=fit, default=-1)


def left_out(group: Sequence[Person]) -> int:
    """Return how many of a group do not speak the language that most of it speaks, as far as is known."""
    known = [person.languages for person in group if person.languages]
    spoken = Counter(language for languages in known for language in languages)
    return len(known) - max(spoken.values(), default=0)


def common_languages(group: Sequence[Person]) -> set[str]:
    """Return the languages that everybody in a group speaks who has named any."""
    known = [person.languages for person in group if person.languages]
    return set(frozenset.intersection(*known)) if known else set()


def broken(groups: Sequence[Sequence[Person]], wishes: Wishes) -> set[Pair]:
    """Return the pairs whose wish is not kept, of those who both have a group."""
    table = {person.id: place for place, group in enumerate(groups) for person in group}
    seated = {pair for pair in wishes.together | wishes.apart if pair <= table.keys()}
    return {pair for pair in seated if (len({table[one] for one in pair}) == 1) != (pair in wishes.together)}


def _pair(one: Person, other: Person) -> Pair:
    return frozenset((one.id, other.id))


def _together(one: Person, other: Person, wishes: Wishes) -> bool:
    return _pair(one, other) in wishes.together


def _apart_and_alike(one: Person, other: Person, wishes: Wishes) -> int:
    pair = _pair(one, other)
    alike = sum(
        weight for name, weight in _ALIKE.items() if getattr(one, name) and getattr(one, name) == getattr(other, name)
    )
    return (pair in wishes.apart) * _BROKEN + wishes.met.get(pair, 0) * _AGAIN + alike


class _Search:
    """A start that puts each person where they fit best, then swaps of two people as long as any of them helps.

    People are numbers here, and the languages of each are the bits of a number (all of them when none is known).
    """

    def __init__(self, people: Sequence[Person], sizes: Sequence[int], wishes: Wishes, seed: int) -> None:
        names = {name: place for place, name in enumerate(sorted({n for row in people for n in row.languages}))}
        self.speaks = [sum(1 << names[name] for name in row.languages) or -1 for row in people]
        self.between = [[0] * len(people) for _row in people]
        for (i, one), (j, other) in combinations(enumerate(people), 2):
            price = _apart_and_alike(one, other, wishes) - _together(one, other, wishes) * _BROKEN
            self.between[i][j] = self.between[j][i] = price
        self.groups: list[list[int]] = [[] for _size in sizes]
        # What each person costs, or would cost, in each group; and whom its language leaves out.
        self.load = [[0] * len(sizes) for _row in people]
        self.silent = [0] * len(sizes)
        self._start(sizes, random.Random(seed))  # noqa: S311  chance, no secret
        self._swap()

    @property
    def cost(self) -> int:
        pairs = sum(self.load[i][place] for place, group in enumerate(self.groups) for i in group) // 2
        return pairs + sum(self.silent) * _LEFT_OUT

    def _start(self, sizes: Sequence[int], chance: random.Random) -> None:
        wished = [min(row) <= -_BROKEN or max(row) >= _BROKEN for row in self.between]
        order = sorted(range(len(self.between)), key=lambda i: (not wished[i], chance.random()))
        for i in order:
            free = [place for place, size in enumerate(sizes) if len(self.groups[place]) < size]
            ways = [(self._price(i, place), len(self.groups[place]), chance.random(), place) for place in free]
            self._move(i, None, min(ways)[-1])

    def _price(self, i: int, place: int) -> int:
        silent = self._silent([*self.groups[place], i])
        return self.load[i][place] + (silent - self.silent[place]) * _LEFT_OUT

    def _move(self, i: int, old: int | None, new: int) -> None:
        if old is not None:
            self.groups[old].remove(i)
            self.silent[old] = self._silent(self.groups[old])
        self.groups[new].append(i)
        self.silent[new] = self._silent(self.groups[new])
        for row, price in zip(self.load, self.between[i], strict=True):
            row[new] += price
            if old is not None:
                row[old] -= price

    def _swap(self) -> None:
        helped = True
        while helped:
            helped = False
            for a, b in combinations(range(len(self.groups)), 2):
                while found := self._swap_between(a, b):
                    i, j = found
                    self._move(i, a, b)
                    self._move(j, b, a)
                    helped = True

    def _swap_between(self, a: int, b: int) -> tuple[int, int] | None:
        """Return the two people of two groups whose swap helps most."""
        best, found = 0, None
        for i in self.groups[a]:
            row, prices = self.load[i], self.between[i]
            gain_of_i = row[b] - row[a]
            for j in self.groups[b]:
                gain = gain_of_i + self.load[j][a] - self.load[j][b] - 2 * prices[j]
                # Languages can gain no more than is lost to them now.
                if gain - (self.silent[a] + self.silent[b]) * _LEFT_OUT >= best:
                    continue
                gain += self._gain_in_languages(a, b, i, j) * _LEFT_OUT
                if gain < best:
                    best, found = gain, (i, j)
        return found

    def _gain_in_languages(self, a: int, b: int, i: int, j: int) -> int:
        first = self._silent([j if k == i else k for k in self.groups[a]])
        second = self._silent([i if k == j else k for k in self.groups[b]])
        return first + second - self.silent[a] - self.silent[b]

    def _silent(self, group: list[int]) -> int:
        """Return `left_out` of a group."""
        common = -1
        for i in group:
            common &= self.speaks[i]
        if common:
            return 0
        known = [self.speaks[i] for i in group if self.speaks[i] != -1]
        highest = max(known).bit_length()
        return len(known) - max(sum(mask >> bit & 1 for mask in known) for bit in range(highest))
