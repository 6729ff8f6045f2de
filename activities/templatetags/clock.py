"""Times of a clock."""

from django import template

register = template.Library()


@register.filter
def minutes_and_seconds(seconds: int) -> str:
    """Return *seconds* as 4:05; −0:30 once the time is over."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'−' if seconds < 0 else ''}{minutes}:{rest:02}"
