"""What a facilitator says of the days for which an agenda is proposed."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from activities.models import Phase
from activities.proposal import Wish, round_up
from activities.published import PublishedActivity
from activities.services.sessions import MINUTES_MAX
from cohorts.forms.plan import DAYS_AROUND
from cohorts.models import Cohort

_DAYS_MAX = 14
# So many people are planned for as long as nobody has joined.
_PEOPLE = 20
_FEW_DAYS = 7
# An activity may be several phases of the longest.
_ACTIVITY_MINUTES_MAX = 3 * MINUTES_MAX


class AgendaForm(forms.Form):
    """Days and hours, how many people, and what is held for how long."""

    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    days = forms.IntegerField(label=_("How many days"), min_value=1, max_value=_DAYS_MAX)
    weekdays = forms.MultipleChoiceField(
        label=_("On"), choices=list(WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple
    )
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}))
    lunch_at = forms.TimeField(label=_("Lunch at"), widget=forms.TimeInput(attrs={"type": "time"}))
    lunch_minutes = forms.IntegerField(label=_("Minutes for lunch"), min_value=0, max_value=180)
    pause = forms.IntegerField(label=_("Minutes for a break"), min_value=0, max_value=60)
    people = forms.IntegerField(label=_("How many people take part"), min_value=1, max_value=500)
    group_size = forms.IntegerField(label=_("People in a group"), min_value=2, max_value=20)
    reads = forms.BooleanField(label=_("Sections are read in the room"), required=False)
    moves = forms.BooleanField(label=_("Move what is on the plan already to the new times"), required=False)
    hold = forms.MultipleChoiceField(required=False)

    def __init__(self, cohort: Cohort, activities: list[PublishedActivity], data: Any) -> None:
        super().__init__(data)
        self.cohort = cohort
        self.activities = activities
        self.fields["hold"].choices = [(activity.key, activity.title) for activity in activities]
        for activity in activities:
            self.fields[f"minutes-{activity.key}"] = forms.IntegerField(
                required=False, min_value=1, max_value=_ACTIVITY_MINUTES_MAX
            )

    def clean_first_day(self) -> dt.date:
        """Refuse a day that no plan reaches."""
        day, around = self.cleaned_data["first_day"], dt.timedelta(days=DAYS_AROUND)
        if not self.cohort.starts_on - around <= day <= self.cohort.ends_on + around:
            raise forms.ValidationError(_("This day is more than a year away from the cohort's days."))
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse days that end before they begin."""
        cleaned = super().clean()
        if {"starts", "ends"} <= cleaned.keys() and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("It ends before it begins."))
        return cleaned

    @property
    def wish(self) -> Wish:
        """What a valid form asks for."""
        said = self.cleaned_data
        return Wish(
            days=_days(said["first_day"], said["days"], {int(day) for day in said["weekdays"]}),
            hours=(_minutes(said["starts"]), _minutes(said["ends"])),
            lunch=(_minutes(said["lunch_at"]), _minutes(said["lunch_at"]) + said["lunch_minutes"]),
            pause=said["pause"],
            reads=said["reads"],
            moves=said["moves"],
            minutes={row["activity"].key: row["minutes"] for row in self.rows if row["is_held"]},
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each activity with whether it is held, its minutes as said or as planned, and the fields for it."""
        held = self["hold"].value() or []
        people, size = (getattr(self, "cleaned_data", {}).get(name) for name in ("people", "group_size"))
        rows = []
        for activity in self.activities:
            field = self[f"minutes-{activity.key}"]
            planned = planned_minutes(activity, people or 1, size or 2)
            said = getattr(self, "cleaned_data", {}).get(field.name)
            is_held = activity.key in held
            rows.append(
                {
                    "activity": activity,
                    "is_held": is_held,
                    "planned": planned,
                    "minutes": said or planned,
                    "field": field,
                }
            )
        return rows


def first_wish(cohort: Cohort, activities: list[PublishedActivity], *, people: int, held: set[int]) -> dict[str, Any]:
    """Return what the form says before anybody has said anything: the cohort's own days, and all that is left to hold.

    *people*: how many have joined or are invited; a room of people as long as nobody is.

    Of activities whose numbers differ in their letter alone, as 0a and 0b, only the first is held.
    """
    total = (cohort.ends_on - cohort.starts_on).days + 1
    weekdays = range(7) if total <= _FEW_DAYS else range(5)
    own = [day for n in range(total) if (day := cohort.starts_on + dt.timedelta(days=n)).weekday() in weekdays]
    chosen: dict[str, str] = {}
    for activity in activities:
        if activity.id not in held:
            chosen.setdefault(activity.number.rstrip("abcdefghijklmnopqrstuvwxyz"), activity.key)
    return {
        "first_day": (own or [cohort.starts_on])[0].isoformat(),
        "days": min(len(own), 3) or 1,
        "weekdays": [str(day) for day in weekdays],
        "starts": "09:00",
        "ends": "17:00",
        "lunch_at": "12:30",
        "lunch_minutes": 60,
        "pause": 15,
        "people": people or _PEOPLE,
        "group_size": 5,
        "reads": "on",
        "hold": list(chosen.values()),
    }


def planned_minutes(activity: PublishedActivity, people: int, group_size: int) -> int:
    """Return how long *activity* takes by its phases, for so many people.

    In steps of five minutes. Who meets everybody else in pairs needs as many rounds as there are others.
    """
    times = {Phase.Per.PERSON: people, Phase.Per.GROUP: -(-people // group_size), Phase.Per.ROUND: max(people - 1, 1)}
    return round_up(sum(phase.minutes * times.get(phase.per, 1) for phase in activity.phases))


def _days(first: dt.date, count: int, weekdays: set[int]) -> list[dt.date]:
    following = (first + dt.timedelta(days=number) for number in range(7 * count + 7))
    return [day for day in following if day.weekday() in weekdays][:count]


def _minutes(clock: dt.time) -> int:
    return clock.hour * 60 + clock.minute
