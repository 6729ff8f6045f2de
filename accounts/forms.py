"""What people tell about themselves."""

import unicodedata
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.languages import OWN_NAMES
from accounts.models import User
from accounts.time_zones import grouped_choices

# Characters that turn the reading direction of everything after them: a name must not rearrange a page.
_DIRECTION_OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def validate_one_line(text: str) -> None:
    """Raise ValidationError when *text* has line breaks, control characters or direction overrides."""
    for character in text:
        if unicodedata.category(character) in {"Cc", "Zl", "Zp"} or character in _DIRECTION_OVERRIDES:
            raise ValidationError(_("Please write this on one line, without control characters."), code="control")


def validate_visible(text: str) -> None:
    """Raise ValidationError when nothing of *text* can be seen."""
    if all(unicodedata.category(character)[0] in "CZM" for character in text):
        raise ValidationError(_("Please write a name that others can read."), code="invisible")


def form_helper(*layout: Any, submit: str) -> FormHelper:
    """Return how our whole forms look: posted to their own page, with one button at the end."""
    helper = FormHelper()
    helper.layout = Layout(*layout)
    helper.add_input(Submit("save", submit))
    return helper


class SignupForm(forms.Form):
    """What is asked at sign-up besides e-mail address and password; allauth's own form builds on this one."""

    field_order = ["name", "email", "password1"]

    name = forms.CharField(
        label=_("Your name"),
        max_length=User._meta.get_field("name").max_length,
        validators=[validate_one_line, validate_visible],
        help_text=_("As the others in your course should see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name; called once allauth has saved the new account."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class ProfileForm(forms.ModelForm):
    """A person's own profile: all but the name may stay empty."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        choices=list(OWN_NAMES.items()),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_("Helps to form groups that can talk with each other."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_("You see all times in this zone."),
    )

    class Meta:
        model = User
        fields = [
            "name",
            "organization",
            "government_level",
            "function",
            "territory",
            "country",
            "languages",
            "time_zone",
        ]
        labels = {
            "name": _("Your name"),
            "function": _("Your role at work"),
            "territory": _("City, region or district"),
        }
        help_texts = {
            "name": _("The others in your course see it."),
            "organization": _("Helps to mix people from different places in a group."),
            "government_level": _("Helps to bring levels of government together in a group."),
            "function": _("Tells your group what you can contribute, such as “social services officer”."),
            "territory": _("Where you work; your reflections are about this place."),
            "country": _("Helps to mix countries in a group."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "organization", "function", "territory"):
            self.fields[name].validators.append(validate_one_line)
            self.fields[name].widget.attrs["dir"] = "auto"
        self.fields["name"].validators.append(validate_visible)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["organization"].widget.attrs["autocomplete"] = "organization"
        for name in ("government_level", "country"):
            self.fields[name].choices = [("", _("Not chosen")), *list(self.fields[name].choices)[1:]]
        self.fields["time_zone"].choices = [("", _("Not chosen")), *self._kept_zone(), *grouped_choices()]
        self.fields["languages"].choices = self._chosen_languages_first()
        self.helper = form_helper(
            *self.Meta.fields[:6],
            Field("languages", template="accounts/_languages.html"),
            "time_zone",
            submit=_("Save"),
        )

    def _kept_zone(self) -> list[tuple[str, str]]:
        """Return the zone set elsewhere under an older spelling, so that saving keeps it."""
        zone = self.instance.time_zone
        offered = {name for _region, zones in grouped_choices() for name, _place in zones}
        return [(zone, zone)] if zone and zone not in offered else []

    def _chosen_languages_first(self) -> list[tuple[str, str]]:
        names = OWN_NAMES | {code: code for code in self.instance.languages if code not in OWN_NAMES}
        return sorted(names.items(), key=lambda item: item[0] not in self.instance.languages)

    def save(self, commit: bool = True) -> User:
        """Write the profile's columns alone: an admin may be changing this person's rights at this moment."""
        self.instance.save(update_fields=self.Meta.fields)
        return self.instance
