"""People as `activities.groups` and `activities.meetings` want to know them."""

from activities.groups import Person
from activities.models import Attendance


def person_of(attendance: Attendance) -> Person:
    """Return what is known of somebody that helps to mix groups; memberships name people across sessions."""
    user = attendance.membership.user
    return Person(
        id=attendance.membership_id,
        level=user.government_level,
        country=str(user.country),
        function=" ".join(user.function.casefold().split()),
        languages=frozenset(user.languages),
    )
