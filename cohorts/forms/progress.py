"""What is shown of the progress of a cohort, and a person's group in it."""

from dataclasses import fields
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms import validate_one_line
from cohorts.columns import ALL, NO_GROUP, Choice, names
from cohorts.constants import PAGE_SIZES
from cohorts.models import Membership
from cohorts.standing import Standing
from courses.published import PublishedCourse


class ProgressForm(forms.Form):
    """The filters and the order of the progress table, from the query string. What makes no sense is left out."""

    q = forms.CharField(
        label=_("Name"), required=False, max_length=150, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    # Its choices are what the cohort's people have; any other group is nobody's.
    group = forms.CharField(
        label=_("Group"), required=False, max_length=60, widget=forms.Select(attrs={"class": "form-select"})
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Everybody")), *Standing.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    size = forms.TypedChoiceField(
        label=_("People on a page"),
        required=False,
        coerce=int,
        choices=[(size, size) for size in PAGE_SIZES],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    sort = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    open = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, *, course: PublishedCourse) -> None:
        super().__init__(query, auto_id="filter-%s")
        self.fields["sort"].choices = [(name, name) for each in names(course) for name in (each, f"-{each}")]
        self.fields["open"].choices = [(name, name) for name in (ALL, *(topic.key for topic in course.topics))]
        self.is_valid()
        self.choice = Choice(**{name: value for name, value in self.cleaned_data.items() if value})
        # The boxes show what holds; what they ask for begins on the first page.
        self.data = {field.name: getattr(self.choice, field.name) for field in fields(Choice)} | {"page": ""}

    def offer_groups(self, groups: list[str]) -> None:
        """Let one of *groups* be chosen, and who is in none where there is more than one kind."""
        named = [(group, group) for group in sorted(filter(None, groups))]
        without = [(NO_GROUP, _("Without a group"))] if named and "" in groups else []
        self.fields["group"].widget.choices = [("", _("All groups")), *named, *without]


class GroupForm(forms.ModelForm):
    """The group that somebody works in."""

    class Meta:
        model = Membership
        fields = ["group"]
        widgets = {
            "group": forms.TextInput(
                attrs={"class": "form-control", "dir": "auto", "list": "groups", "autocomplete": "off"}
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].validators.append(validate_one_line)
