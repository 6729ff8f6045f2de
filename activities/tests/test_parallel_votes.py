"""Fifty votes of one person at the same moment: never more than three dots of a colour, and none twice on a choice."""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice, product

import pytest
from django.core.cache import cache
from django.db import connection

from activities import services
from activities.models import Dot
from activities.tests.holding import bring, hold
from activities.tools.base import RefusedError

# `PARALLEL_ROUNDS=200` is the long run.
ROUNDS = int(os.environ.get("PARALLEL_ROUNDS", "3"))
VOTES = 50


@pytest.mark.django_db(transaction=True)
def test_fifty_votes_at_once_place_three_dots_of_each_colour(small, cohort, ada, ben):
    options = "\n".join(f"Sector {number}" for number in range(1, 7))
    session = hold(small, cohort, ada, [{"tool": "dot-vote", "options": options}])
    [attendance] = bring(session, ben)
    choices = list(session.phases.get().choices.all())
    votes = list(islice(cycle(product("ab", choices)), VOTES))

    def place(vote):
        colour, choice = vote
        cache.clear()  # What holds up a person who presses too fast is not what is tried here.
        try:
            data = {"phase": "1", "choice": str(choice.pk), "colour": colour}
            services.act(session=session, membership=attendance.membership, action="place", data=data)
        except RefusedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(10) as pool:
        for _round in range(ROUNDS):
            Dot.objects.all().delete()
            taken = list(pool.map(place, votes))
            dots = list(Dot.objects.values_list("colour", "choice", "slot"))
            assert Counter(colour for colour, _choice, _slot in dots) == {"a": 3, "b": 3}
            assert len({(colour, choice) for colour, choice, _slot in dots}) == 6
            assert {slot for _colour, _choice, slot in dots} == {1, 2, 3}
            assert 6 <= sum(taken) < VOTES
