"""People as `activities.groups` and `activities.meetings` want to know them."""

from activities.groups import Person
from cohorts.models import Membership


def person_of(membership: Membership) -> Person:
    """Return what is known of somebody that helps to mix groups; memberships name people across sessions."""
    user = membership.user
    return Person(
        id=membership.pk,
        level=user.government_level,
        country=str(user.country),
        function=" ".join(user.function.casefold().split()),
        languages=frozenset(user.languages),
    )
