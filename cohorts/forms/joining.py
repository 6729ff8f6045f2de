"""Making codes, inviting people, and joining."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.forms import SignupForm, form_helper
from accounts.models import User
from cohorts.constants import CODE_DAYS, CODE_DAYS_MAX, CODE_USES, CODE_USES_MAX, LIST_BYTES_MAX
from cohorts.peoplelist import NotAListError, PeopleList, read_csv, read_text


class CodeForm(forms.Form):
    """For how long and for how many people a new code is."""

    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=CODE_DAYS_MAX, initial=CODE_DAYS)
    uses_max = forms.IntegerField(label=_("People"), min_value=1, max_value=CODE_USES_MAX, initial=CODE_USES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("days", "uses_max", submit=_("Make a code"))
        self.helper.form_tag = False


class InviteForm(forms.Form):
    """People to invite: written or pasted, or a file."""

    text = forms.CharField(
        label=_("E-mail addresses"),
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("One a line, or parted by commas. With a name: Fatou Diop &lt;fatou@example.org&gt;"),
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        help_text=_("With a column of addresses and, if you like, one of names, in any order."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = PeopleList()
        self.helper = form_helper("text", "file", submit=_("Send invitations"))
        self.helper.form_tag = False

    def clean_file(self) -> UploadedFile | None:
        """Read the file, unless it is one that holds no list."""
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > LIST_BYTES_MAX:
            raise ValidationError(_("This file is larger than a list of people can be: at most 512 KB."))
        try:
            self.people = read_csv(file.read())
        except NotAListError as error:
            raise ValidationError(str(error)) from error
        return file

    def clean(self) -> dict[str, Any]:
        """Read what was written, if there is no file."""
        text = self.cleaned_data.get("text", "")
        if self.errors or self.cleaned_data.get("file"):
            if text.strip() and not self.errors:
                raise ValidationError(_("Please send either a text or a file, not both at once."))
            return self.cleaned_data
        if not text.strip():
            raise ValidationError(_("Write whom to invite, or choose a file."))
        self.people = read_text(text)
        return self.cleaned_data


class TypedCodeForm(forms.Form):
    """A code as somebody typed it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}
        ),
        help_text=_("Nine letters and digits; small or capital, with or without hyphens."),
    )


class GuestForm(forms.Form):
    """What a guest tells: a name. The ticket makes a double click one guest."""

    name = forms.CharField(
        label=SignupForm.base_fields["name"].label,
        max_length=User._meta.get_field("name").max_length,
        validators=SignupForm.base_fields["name"].validators,
        help_text=_("As the others should see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    ticket = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
