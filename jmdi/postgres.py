"""The embedded PostgreSQL: its place in the settings."""

from pathlib import Path
from typing import Any

POOL = {"min_size": 0, "max_size": 12, "timeout": 10}


class PostgresError(Exception):
    """The database cannot be had; the message says why and what to do."""


class Server:
    """The server in one data folder."""


class Keeper:
    """Starts the server again when it has died."""


def django_database(data_dir: Path) -> dict[str, Any]:
    """Return Django's settings for the server in *data_dir*."""
    return {"ENGINE": "django.db.backends.postgresql", "NAME": "jmdi", "HOST": str(data_dir)}
