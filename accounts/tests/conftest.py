"""What every test of accounts starts from."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def passwords_are_hashed_quickly(settings):
    """These tests hash some hundred passwords; that Argon2 is slow is its own business."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nothing_was_tried_before(db):
    """Rate limits live in a table that no test's end empties."""
    cache.clear()
