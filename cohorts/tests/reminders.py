"""Reminders as a facilitator sends them, for tests."""

from django.core import mail


def preview(client, url, **data):
    """Ask whom a reminder goes to."""
    return client.post(url, {"who": "everybody", "text": "Please read on.", "step": "preview", **data})


def send(client, url, **data):
    """Look at the preview, then send to whom it names, as the page does."""
    seen = preview(client, url, **data).context["seen"]
    return client.post(url, {"who": "everybody", "text": "Please read on.", "step": "send", "seen": seen, **data})


def addresses():
    """Return to whom mails went."""
    return sorted(message.to[0] for message in mail.outbox)
