"""When somebody was last here, in words."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.translation import gettext, ngettext

register = template.Library()

_MINUTE, _HOUR = 60, 3600


@register.filter
def ago(moment: dt.datetime) -> str:
    """Return how long ago *moment* was, in one unit; the last ten minutes are “just now”."""
    past = timezone.now() - moment
    if past.days > 0:
        return ngettext("%(count)s day ago", "%(count)s days ago", past.days) % {"count": past.days}
    if past.seconds >= _HOUR:
        hours = past.seconds // _HOUR
        return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}
    if past.seconds >= 10 * _MINUTE:
        return gettext("%(count)s minutes ago") % {"count": past.seconds // _MINUTE}
    return gettext("just now")
