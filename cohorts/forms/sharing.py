"""What facilitators and authors send about shared answers."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _

from cohorts.models import Pick, Reply
from courses.forms import PlainTextField


class OrderForm(forms.Form):
    """In which order shared answers stand."""

    BY_NAME, NEWEST = "name", "newest"
    COLUMNS = {BY_NAME: ("enrolment__user__name", "pk"), NEWEST: ("-updated_at", "pk")}

    order = forms.ChoiceField(
        label=_("Order"), choices=[(BY_NAME, _("by name")), (NEWEST, _("newest first"))], required=False
    )

    @property
    def chosen(self) -> str:
        """The order that was asked for, by name where none was."""
        return (self.is_valid() and self.cleaned_data["order"]) or self.BY_NAME

    @property
    def columns(self) -> tuple[str, ...]:
        """What to sort the answers by."""
        return self.COLUMNS[self.chosen]


class ReplyForm(forms.ModelForm):
    """What a facilitator replies, and to whom."""

    text = PlainTextField(
        label=_("Reply"),
        max_length=Reply._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Write your reply.")},
    )
    audience = forms.ChoiceField(
        label=_("Who reads it"), choices=Reply.Audience, initial=Reply.Audience.AUTHOR, widget=forms.RadioSelect
    )

    class Meta:
        model = Reply
        fields = ["text", "audience"]

    def words(self) -> dict[str, Any]:
        """Return what was written and for whom."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class PickForm(forms.Form):
    """What to do with an answer, of which version."""

    action = forms.ChoiceField(
        choices=[(name, name) for name in ("plenary", "not-plenary", "show", "ask-for-name", "hide")]
    )
    version = forms.IntegerField(min_value=0)


class ConsentForm(forms.Form):
    """What an author says to an answer of theirs being shown, having seen which version."""

    consent = forms.ChoiceField(
        choices=[(name, name) for name in (Pick.Consent.GIVEN, Pick.Consent.UNNAMED, Pick.Consent.REFUSED)]
    )
    version = forms.IntegerField(min_value=0)


class SeenForm(forms.Form):
    """Which replies their reader has before them."""

    replies = SimpleArrayField(forms.UUIDField(), max_length=1000)
