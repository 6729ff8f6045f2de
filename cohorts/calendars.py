"""A cohort's plan as an iCalendar feed (RFC 5545), at an address of each member's own."""

import datetime as dt

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from cohorts.models import Membership
from cohorts.overview import PlanRow, plan_of
from cohorts.permissions import Desk

_SALT = "cohorts.calendars"
# Something with a time but without a length is shown as so long.
_MINUTES = 60


def calendar_url(membership: Membership) -> str:
    """Return the address of the feed: who has it reads the plan as long as the person is in the cohort."""
    return reverse("cohort_calendar", args=[signing.Signer(salt=_SALT).sign(str(membership.public_id))])


def membership_of(token: str) -> Membership | None:
    """Return whose feed *token* names; None once they have left or their account is closed.

    Raises BadSignature for a token that we never made.
    """
    public_id = signing.Signer(salt=_SALT).unsign(token)
    return Membership.objects.current().with_cohort().filter(public_id=public_id, user__is_active=True).first()


def calendar(request: HttpRequest, desk: Desk) -> bytes:
    """Return the plan of the cohort as iCalendar."""
    feed = Calendar()
    feed.add("prodid", "-//JMDI Learning//Cohort plan//EN")
    feed.add("version", "2.0")
    feed.add("name", desk.cohort.name)
    feed.add("x-wr-calname", desk.cohort.name)
    feed.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for row in plan_of(desk):
        feed.add_component(_event(request, desk, row))
    return feed.to_ical()


def _event(request: HttpRequest, desk: Desk, row: PlanRow) -> Event:
    event, item = Event(), row.item
    event.add("uid", f"{item.public_id}@{request.get_host()}")
    event.add("dtstamp", timezone.now())
    event.add("summary", _("Read %(section)s") % {"section": row.title} if item.kind == "reading" else row.title)
    if item.starts_at:
        event.add("dtstart", item.starts_at.astimezone(dt.UTC))
        event.add("duration", dt.timedelta(minutes=item.minutes or _MINUTES))
        if desk.cohort.place:
            event.add("location", desk.cohort.place)
    else:
        event.add("dtstart", item.on)
        event.add("transp", "TRANSPARENT")
    event.add("url", request.build_absolute_uri(row.url or desk.cohort.get_absolute_url()))
    return event
