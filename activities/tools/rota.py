"""A rota in which every group visits every other one, for as long as the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from activities.models import Group


@dataclass(frozen=True)
class Visit:
    """That *group* is at the figure of the group *at*, at the stop with this number (from 1)."""

    stop: int
    group: Group
    at: Group


def stops_for(groups: Sequence[Group]) -> int:
    """Return how many stops it takes until every group has been at every other's figure."""
    return max(len(groups) - 1, 0)


def visits_at(groups: Sequence[Group], stop: int) -> list[Visit]:
    """Return who visits whom at a stop: each group the one that sits so many places further on, in a circle.

    So at each stop each figure has exactly one group before it, and after the last each group has been everywhere.
    """
    count = len(groups)
    return [Visit(stop, group, groups[(place + stop) % count]) for place, group in enumerate(groups)]


def visits_of(groups: Sequence[Group], group: Group) -> list[Visit]:
    """Return the visits of one group in their order."""
    return [
        visit
        for stop in range(1, stops_for(groups) + 1)
        for visit in visits_at(groups, stop)
        if visit.group.pk == group.pk
    ]
