"""What tests of joining start from."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from cohorts.models import Invitation, JoinCode

SITE = "http://testserver/"


@pytest.fixture(autouse=True)
def nothing_was_tried_before(db):
    """Rate limits live in a table that no test's end empties."""
    cache.clear()


def make_code(cohort, uses_max=50, days=1, **fields) -> JoinCode:
    """Make a code that is open unless *fields* say otherwise."""
    fields = {"uses_max": uses_max, "expires_at": timezone.now() + timedelta(days=days), **fields}
    return JoinCode.objects.create(cohort=cohort, **fields)


@pytest.fixture
def code(cohort) -> JoinCode:
    return make_code(cohort)


def uses(code) -> int:
    """Return how many have come in by *code*."""
    return JoinCode.objects.get(pk=code.pk).uses


@pytest.fixture
def on(cohort):
    """Return the address of a page about inviting."""
    return lambda path="": f"{cohort.get_absolute_url()}invite/{path}"


@pytest.fixture
def post(as_ada, on):
    """Return a function by which Ada posts to a page about inviting."""
    return lambda path, data, **options: as_ada.post(on(path), data, **options)


def words(response):
    """Return a page's text without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


@pytest.fixture
def invitation(cohort, ada):
    return Invitation.objects.create(cohort=cohort, created_by=ada, email="fatou@example.org")
