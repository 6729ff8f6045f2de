"""Forms about people without a device, and about what came back on paper."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cohorts.models import Membership

# More people than any room holds are a slip of the finger.
PEOPLE_MAX = 200


class PersonForm(forms.Form):
    """Who is in the room without a device: a member of the cohort, or somebody by name."""

    member = forms.ModelChoiceField(
        Membership.objects.none(), required=False, label=_("Somebody of the cohort"), empty_label=_("choose")
    )
    name = forms.CharField(
        required=False, max_length=User._meta.get_field("name").max_length, label=_("Or somebody new, by name")
    )
    ticket = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, members: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
        self.fields["member"].label_from_instance = lambda membership: membership.user.name

    def clean(self) -> dict[str, Any]:
        """Refuse a form that names nobody, or two."""
        cleaned = super().clean()
        if bool(cleaned.get("member")) == bool(cleaned.get("name")) and not self.errors:
            raise forms.ValidationError(_("Choose somebody, or write one name."))
        return cleaned


class EntryForm(forms.Form):
    """What stands around the fields of a tool when paper is keyed in."""

    people = forms.IntegerField(min_value=1, max_value=PEOPLE_MAX, label=_("From how many people?"))
    ticket = forms.UUIDField(widget=forms.HiddenInput)
