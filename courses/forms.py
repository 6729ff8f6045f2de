"""What people send: texts, marks and searches."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Audience
from courses.services import Draft


class DraftForm(forms.Form):
    """A text on its way, and what it was written on. The text is taken as it comes: `courses.services` judges it."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    sitting = forms.RegexField(r"^[0-9a-f]{32}$", required=False)
    turn = forms.IntegerField(min_value=0, max_value=2**53, required=False)
    choice = forms.ChoiceField(choices=[(name, name) for name in ("mine", "other", "join")], required=False)
    audience = forms.ChoiceField(choices=Audience, required=False)
    audience_was = forms.ChoiceField(choices=Audience, required=False)

    def draft(self) -> Draft:
        """Return the text as it was sent, with what came along."""
        data = self.cleaned_data
        return Draft(
            text=self.data.get("text", ""),
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


class SearchForm(forms.Form):
    """Words to look for."""

    q = forms.CharField(
        label=_("Search the course"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
