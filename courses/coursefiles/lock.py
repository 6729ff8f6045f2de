"""One hand on the content at a time."""

from django.db import connection

# Any number, the same for all of our processes: PostgreSQL locks by number.
_NUMBER = 0x6A6D6469


def lock_content() -> None:
    """Wait until no other import, export or admin form is at work, and hold others off until this transaction ends.

    Editors are few and their writes short; readers and their answers do not ask for this lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER])
