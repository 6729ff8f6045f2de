"""How long something takes, in words."""

from django import template
from django.utils.translation import gettext, ngettext

register = template.Library()

_LONG = 90


@register.filter
def duration(minutes: int) -> str:
    """Return *minutes* in words: whole minutes, or half hours when there are many."""
    if minutes < _LONG:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours, half = divmod(round(minutes / 30), 2)
    if half:
        return gettext("%(count)s½ hours") % {"count": hours}
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
