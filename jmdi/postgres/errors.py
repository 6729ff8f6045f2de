"""What goes wrong with the embedded PostgreSQL, in words for the person who runs the site."""


class PostgresError(Exception):
    """The database cannot be had; the message says why and what to do."""
