"""What facilitators say about their cohorts."""

import datetime as dt
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import form_helper, validate_one_line, validate_visible
from accounts.languages import OWN_NAMES
from accounts.models import User
from accounts.time_zones import grouped_choices
from cohorts.models import Cohort, Membership
from courses.models import Course

_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


# Within these, days of a plan and hours of other zones can be added without leaving what a calendar holds.
_DAYS_FROM, _DAYS_TO = dt.date(2000, 1, 1), dt.date(2100, 12, 31)


def validate_day(day: dt.date) -> None:
    """Raise ValidationError for a day of another age: a year with a digit too few or too many."""
    if not _DAYS_FROM <= day <= _DAYS_TO:
        raise forms.ValidationError(_("Please look at the year again."))


class CohortForm(forms.ModelForm):
    """A cohort; all but name, course and days may stay as proposed."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        choices=list(OWN_NAMES.items()),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_("The languages that you work in."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Of the times in the plan. Everybody sees them in a zone of their own.")
    )

    class Meta:
        model = Cohort
        fields = [
            "course",
            "name",
            "starts_on",
            "ends_on",
            "mode",
            "place",
            "time_zone",
            "languages",
            "members_see",
            "has_peer_answers",
            "allows_guests",
        ]
        widgets = {"starts_on": _DAY, "ends_on": _DAY}
        help_texts = {
            "name": _("As participants know it, such as “Sfax, spring 2026”."),
            "place": _("Town and venue, or the address of the video call."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "place"):
            self.fields[name].validators.append(validate_one_line)
            self.fields[name].widget.attrs["dir"] = "auto"
        self.fields["name"].validators.append(validate_visible)
        for name in ("starts_on", "ends_on"):
            self.fields[name].validators.append(validate_day)
        self.fields["time_zone"].choices = grouped_choices()
        self.fields["course"].queryset = Course.objects.published().light()
        if self.instance.pk or len(self.fields["course"].queryset) == 1:
            self._fix_course()
        self.helper = form_helper(
            *(name for name in self.fields if name in self.Meta.fields and name != "languages"),
            Field("languages", template="accounts/_languages.html"),
            submit=_("Save") if self.instance.pk else _("Make the cohort"),
        )

    def _fix_course(self) -> None:
        """Ask nothing where there is nothing to choose; a cohort stays with its course, where people's work is."""
        if not self.instance.pk:
            self.instance.course = self.fields["course"].queryset[0]
        del self.fields["course"]

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        return cleaned


class CopyForm(forms.Form):
    """A new run of a cohort: its name, and its first day, from which the days of the plan are counted."""

    name = forms.CharField(
        label=_("Name of the new cohort"), max_length=120, validators=[validate_one_line, validate_visible]
    )
    starts_on = forms.DateField(label=_("First day"), widget=_DAY, validators=[validate_day])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["dir"] = "auto"
        self.helper = form_helper("name", "starts_on", submit=_("Copy"))


class FacilitatorForm(forms.Form):
    """Somebody who shall facilitate too, by the address of their account."""

    email = forms.EmailField(label=_("E-mail address of a facilitator"))

    def clean_email(self) -> str:
        """Find the account; only whom an admin has named a facilitator can be added by address."""
        email = self.cleaned_data["email"].lower()
        self.person = User.objects.filter(email=email, is_facilitator=True, is_active=True).first()
        if self.person is None:
            raise forms.ValidationError(
                _(
                    "No facilitator has this address. An admin names facilitators; or let the person join, and make "
                    "them a facilitator of this cohort in the list below."
                )
            )
        return email


class MoveForm(forms.Form):
    """Another cohort of the same course, that the same facilitator facilitates."""

    cohort = forms.ModelChoiceField(label=_("To which cohort"), queryset=Cohort.objects.none())

    def __init__(self, membership: Membership, mover: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = (
            Cohort.objects.facilitated_by(mover)
            .open()
            .filter(course=membership.cohort.course_id)
            .exclude(pk=membership.cohort_id)
        )
