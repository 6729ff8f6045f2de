"""Drawing lots for an interview: which question is asked next, and who is asked."""

import random
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

# The system's own chance: nobody can tell beforehand whom it will be.
_chance = random.SystemRandom()

Person = TypeVar("Person", bound=Hashable)


class Askable(Protocol):
    """A question as the draw sees it."""

    objective_id: int | None
    is_important: bool


Q = TypeVar("Q", bound=Askable)


def draw_question(questions: Sequence[Q], asked_objectives: Iterable[int | None]) -> Q:
    """Return one of *questions*: important ones first, then such of objectives that nobody has been asked about."""
    known = set(asked_objectives)

    def rank(question: Q) -> tuple[bool, bool]:
        return not question.is_important, question.objective_id in known

    first = min(map(rank, questions))
    return _chance.choice([question for question in questions if rank(question) == first])


def draw_person(people: Sequence[Person], times: Mapping[Person, int]) -> Person | None:
    """Return one of those *people* who were asked least; None if there is nobody."""
    least = min((times.get(person, 0) for person in people), default=0)
    fewest = [person for person in people if times.get(person, 0) == least]
    return _chance.choice(fewest) if fewest else None
