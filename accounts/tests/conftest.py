"""What every test of accounts starts from."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nothing_was_tried_before(db):
    """Rate limits live in a table that no test's end empties."""
    cache.clear()
