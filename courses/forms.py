"""What people send: texts, ratings, promises, searches and choices."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.constants import NEXT_STEP_YEARS_AHEAD
from courses.models import Audience, NextStep, ObjectiveRating
from courses.published import PublishedTopic
from courses.services import Draft


class DraftForm(forms.Form):
    """A text on its way, and what it was written on. The text is taken as it comes: `courses.services` judges it."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    sitting = forms.RegexField(r"^[0-9a-f]{32}$", required=False)
    turn = forms.IntegerField(min_value=0, max_value=2**53, required=False)
    choice = forms.ChoiceField(choices=[(name, name) for name in ("mine", "other", "join")], required=False)
    audience = forms.ChoiceField(choices=Audience, required=False)
    audience_was = forms.ChoiceField(choices=Audience, required=False)

    def clean(self) -> None:
        """Refuse a form that lost its text on the way: nothing is no text."""
        if "text" not in self.data:
            raise forms.ValidationError(_("There is no text."))

    def draft(self) -> Draft:
        """Return the text as it was sent, with what came along."""
        data = self.cleaned_data
        return Draft(
            text=self.data["text"],
            version=data["version"],
            sitting=data["sitting"],
            turn=data["turn"] or 0,
            choice=data["choice"],
        )

    def new_audience(self) -> str:
        """Return who may read the text from now on if that was changed on this page, else nothing.

        A page that was open while another one changed it must not change it back by merely saving.
        """
        chosen = self.cleaned_data["audience"]
        return chosen if chosen != self.cleaned_data["audience_was"] else ""


class PrintForm(forms.Form):
    """What to print of a topic besides its text."""

    answers = forms.BooleanField(label=_("With my answers"), required=False)


class RatingForm(forms.Form):
    """How well somebody could do what each objective of a topic asks, at one moment. Any of it may be left open."""

    moment = forms.ChoiceField(choices=ObjectiveRating.Moment, widget=forms.HiddenInput)

    def __init__(
        self,
        topic: PublishedTopic,
        moment: str = "",
        levels: Mapping[int, int] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        initial = {_rating_field(id_): level for id_, level in (levels or {}).items()}
        super().__init__(data, initial={"moment": moment, **initial}, auto_id=f"rate-{moment or 'sent'}-%s")
        for objective in topic.objectives:
            self.fields[_rating_field(objective["id"])] = forms.TypedChoiceField(
                label=objective["text"],
                choices=[*ObjectiveRating.Level.choices, ("", _("no answer"))],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
        self._ids = {_rating_field(objective["id"]): objective["id"] for objective in topic.objectives}

    def clean(self) -> dict[str, Any]:
        """Refuse a rating of what has left the topic since the page was opened, instead of forgetting it silently."""
        if any(name.startswith("objective-") and name not in self._ids and self.data[name] for name in self.data):
            raise forms.ValidationError(_("The objectives of this topic have just changed. Look at them once more."))
        return self.cleaned_data

    @property
    def levels(self) -> dict[int, int | None]:
        """What was said, by objective id; what was not sent is not in it."""
        return {id_: self.cleaned_data[name] for name, id_ in self._ids.items() if name in self.data}


def _rating_field(objective_id: int) -> str:
    return f"objective-{objective_id}"


class PlainTextField(forms.CharField):
    """A text whose line breaks count as one character each, as its author counts them."""

    def to_python(self, value: Any) -> str:
        """Return the text with the line breaks that browsers show, not those that they send."""
        return super().to_python(value).replace("\r\n", "\n")


class NextStepForm(forms.ModelForm):
    """Something to do after the course, and by when."""

    text = PlainTextField(
        label=_("What I will do"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Write what you want to do.")},
    )
    due_on = forms.DateField(
        label=_("By when"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose a day. You can move it later."),
            "invalid": _("This is not a day of the calendar: write it as 2026-12-31."),
        },
    )

    class Meta:
        model = NextStep
        fields = ["text", "due_on"]

    def clean_due_on(self) -> dt.date:
        """Return a day from today (where its author is) on; a day that was chosen earlier may stay."""
        day, today = self.cleaned_data["due_on"], timezone.localdate()
        if day != self.initial.get("due_on"):
            if day < today:
                raise forms.ValidationError(_("This day has passed. Choose today or a later one."))
            if day.year > today.year + NEXT_STEP_YEARS_AHEAD:
                raise forms.ValidationError(_("This is too far away to plan for. Choose an earlier day."))
        return day


class SearchForm(forms.Form):
    """Words to look for."""

    q = forms.CharField(
        label=_("Search the course"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
