"""Every group visits every other, for as long as the others, and no figure has two groups before it."""

import pytest

from activities.models import Group
from activities.tools.rota import stops_for, visits_at, visits_of


@pytest.mark.parametrize("count", range(2, 13))
def test_every_group_visits_every_other_once_and_no_figure_is_crowded(count):
    groups = [Group(pk=number, number=number) for number in range(1, count + 1)]
    stops = [visits_at(groups, stop) for stop in range(1, stops_for(groups) + 1)]

    assert len(stops) == count - 1
    for visits in stops:
        assert sorted(visit.group.number for visit in visits) == list(range(1, count + 1))
        assert sorted(visit.at.number for visit in visits) == list(range(1, count + 1))
    for group in groups:
        visited = [visit.at.number for visit in visits_of(groups, group)]
        assert sorted(visited) == [other.number for other in groups if other != group]


@pytest.mark.parametrize("count", [0, 1])
def test_with_fewer_than_two_groups_there_is_nothing_to_visit(count):
    assert stops_for([Group(pk=1, number=1)][:count]) == 0
