"""How long something takes is said so that one can plan with it."""

import pytest

from courses.templatetags.durations import duration


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute"),
        (89, "89 minutes"),
        (90, "1½ hours"),
        (119, "2 hours"),
        (228, "4 hours"),
        (60 * 7 + 31, "7½ hours"),
    ],
)
def test_many_minutes_are_said_in_half_hours(minutes, words):
    assert duration(minutes) == words
