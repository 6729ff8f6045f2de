"""How groups are to be made, who should sit together or apart, and who moves."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models import Group, Session
from cohorts.models import Membership

# As many as a session can have tables for.
GROUPS_MAX = 100


class GroupsForm(forms.Form):
    """How to make the groups."""

    FOUR, FIVE, NUMBER, SAME = "4", "5", "number", "same"

    how = forms.ChoiceField(
        label=_("Groups"),
        choices=[
            (FOUR, _("of at most four people")),
            (FIVE, _("of at most five people")),
            (NUMBER, _("as many groups as I say:")),
            (SAME, _("the same as last time")),
        ],
        initial=FIVE,
        widget=forms.RadioSelect,
    )
    number = forms.IntegerField(
        label=_("Number of groups"), min_value=1, max_value=GROUPS_MAX, required=False, initial=4
    )
    anew = forms.BooleanField(label=_("Nobody together again, as far as possible"), required=False)
    expected = forms.BooleanField(label=_("Keep seats for those who have not come yet"), required=False)

    def __init__(self, *args: Any, last: Session | None, here: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = last
        self.here = here
        if last is None:
            self.fields["how"].choices = self.fields["how"].choices[:-1]

    def clean(self) -> dict[str, Any]:
        """Ask for a number where it counts, and for somebody to put into groups."""
        cleaned = super().clean()
        if cleaned.get("how") == self.NUMBER and not cleaned.get("number") and "number" not in self.errors:
            self.add_error("number", _("Say how many groups."))
        if not self.here and not cleaned.get("expected"):
            self.add_error("how", _("Nobody is here yet. Keep seats for those who are to come, or wait for them."))
        return cleaned


class WishForm(forms.Form):
    """Two people who should sit together, or apart."""

    one = forms.ModelChoiceField(label=_("First person"), queryset=Membership.objects.none())
    kind = forms.ChoiceField(label=_("Wish"), choices=[("apart", _("apart from")), ("together", _("together with"))])
    other = forms.ModelChoiceField(label=_("Second person"), queryset=Membership.objects.none())

    def __init__(self, members: list[Membership], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((member.public_id, member.user.name) for member in members)]
        for name in ("one", "other"):
            self.fields[name].queryset = Membership.objects.filter(pk__in=[member.pk for member in members])
            self.fields[name].to_field_name = "public_id"
            self.fields[name].choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse a pair of one person."""
        cleaned = super().clean()
        if cleaned.get("one") and cleaned["one"] == cleaned.get("other"):
            self.add_error("other", _("Choose two people."))
        return cleaned


class MoveForm(forms.Form):
    """Where somebody goes: to a group by its number, or with 0 to none."""

    person = forms.ModelChoiceField(queryset=Membership.objects.none(), to_field_name="public_id")
    to = forms.IntegerField(min_value=0, max_value=GROUPS_MAX)

    def __init__(self, members: QuerySet[Membership], groups: list[Group], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = members
        # One more than there is makes a new group.
        self.fields["to"].max_value = max((group.number for group in groups), default=0) + 1

    def clean_to(self) -> int:
        """Refuse a group far beyond those that there are."""
        if self.cleaned_data["to"] > self.fields["to"].max_value:
            raise forms.ValidationError(_("There is no such group."))
        return self.cleaned_data["to"]
