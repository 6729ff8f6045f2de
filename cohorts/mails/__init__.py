"""Mails about cohorts, each to one person: how they are made. `cohorts.tasks` sends them."""

from urllib.parse import urlsplit


def one_line(text: str) -> str:
    """Return *text* fit for a mail's head, where a line break would begin another field."""
    return " ".join(text.split())


def message_id(name: str, site: str) -> str:
    """Return the id of the mail *name*, the same whenever it is sent: a mailbox that gets it twice can keep one."""
    return f"<{name}@{urlsplit(site).hostname}>"
