"""What people send: answers, marks and searches."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """The version that an answer was written on. Its text is taken as it comes: `services.save_answer` judges it."""

    version = forms.IntegerField(min_value=0)


class SearchForm(forms.Form):
    """Words to look for."""

    q = forms.CharField(
        label=_("Search the course"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
