"""Forms of content: keys that stay, texts with plain line ends, and no silent overwriting."""

import hashlib
import json
from typing import Any

from django import forms
from django.db.models import Model
from django.forms.models import model_to_dict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from simple_history.models import to_historic

from courses.admin.checks import Errors
from courses.markdown import tidy
from courses.models import LearningObjective

# What other things hang on by name: chosen once.
FIXED = ("key", "course", "topic", "prompt")


class PlainTextField(forms.CharField):
    """Text of several lines, its line ends as they are stored: a browser's own are no change."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value))


class ContentForm(forms.ModelForm):
    """A content row, guarded: `seen` names the state that the editor saw.

    `stored` is the row as it is now, `stored_values` what the form's fields say there. Both are None and empty for a
    new row. `refused` is what a first try ran into (see `ContentAdmin.together`). What is `fixed` is chosen once.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    refused: Errors = {}
    fixed = FIXED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        is_stored = row.pk is not None and to_historic(row) is None
        self.stored = row if is_stored else type(row).objects.filter(pk=row.pk).first()
        self.stored_values = self._values(self.stored) if self.stored else {}
        self.fingerprint = _fingerprint(self.stored, self.stored_values)
        self.initial["seen"] = self.fingerprint
        if row.pk is not None:
            for name in self.fixed:
                if name in self.fields:
                    self.fields[name].disabled = True

    def _values(self, row: Model) -> dict[str, Any]:
        values = model_to_dict(row, [name for name in self.fields if name != "seen"])
        return {
            name: sorted(item.pk for item in value) if isinstance(value, list) else value
            for name, value in values.items()
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a save on a state that is not the stored one any more, and what a first try ran into."""
        cleaned = super().clean()
        if self.stored and self["seen"].data != self.fingerprint:
            self._refuse_stale()
        for field, messages in self.refused.items():
            self.add_error(field if field in self.fields else None, messages)
        return cleaned

    def _refuse_stale(self) -> None:
        """Say what is stored now, beside what was sent. Saving once more replaces it, knowingly."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = self.fingerprint
        last = self.stored.history.first()
        message = _(
            "Not saved: %(who)s saved this %(when)s, after you had opened it. Your own words are still in the boxes; "
            "what is stored now stands above each box where it differs. Take from it what you need, then save once "
            "more: yours then replace it."
        ) % {
            "who": (last and last.history_user) or _("somebody"),
            "when": date_format(localtime(last.history_date), "DATETIME_FORMAT") if last else "",
        }
        self.add_error(None, message)
        for name, value in self.stored_values.items():
            field = self.fields[name]
            if not field.disabled and field.has_changed(value, self[name].data):
                self.add_error(name, _("Stored now:") + "\n" + _shown(field, value))


def _fingerprint(row: Model | None, values: dict[str, Any]) -> str:
    if row is None:
        return ""
    state = [values, getattr(row, "archived_at", None)]
    return hashlib.sha256(json.dumps(state, default=str, sort_keys=True).encode()).hexdigest()[:20]


def _shown(field: forms.Field, value: Any) -> str:
    """Return a stored value in words."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        value = ", ".join(str(item) for item in field.queryset.filter(pk__in=value))
    elif isinstance(field, forms.BooleanField):
        value = _("yes") if value else _("no")
    elif isinstance(field, forms.ChoiceField):
        value = dict(field.choices).get(value, value)
    return str(value) or _("(empty)")


class FiledForm(ContentForm):
    """A row that is filed under topics of its course."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.course_id and "topics" in self.fields:
            self.fields["topics"].queryset = self.instance.course.topics.all()

    def clean(self) -> dict[str, Any]:
        """Refuse topics of another course."""
        cleaned = super().clean()
        course = cleaned.get("course")
        if course and any(topic.course_id != course.pk for topic in cleaned.get("topics", [])):
            self.add_error("topics", _("These topics belong to another course."))
        return cleaned


class TermForm(FiledForm):
    """A term, with its definition."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "body" in self.fields:
            self.fields["body"].required = True


class ModuleForm(ContentForm):
    """A related module."""

    def clean_key(self) -> str:
        """Refuse the word by which cross-references name topics of this course."""
        key = self.cleaned_data["key"]
        if key == "topics":
            raise forms.ValidationError(_("“topics” cannot be a module's key: cross-references use it."))
        return key


class ObjectiveFormSet(forms.BaseInlineFormSet):
    """Objectives of a topic or of a course; their keys are unique in the whole course."""

    def clean(self) -> None:
        """Refuse a key that another objective of the course has."""
        super().clean()
        parent = self.instance
        course_id = parent.course_id if hasattr(parent, "course_id") else parent.pk
        others = set()
        if course_id:
            own = [form.instance.pk for form in self.initial_forms]
            rows = LearningObjective.objects.filter(course=course_id).exclude(pk__in=own)
            others = set(rows.values_list("key", flat=True))
        for form in self.forms:
            key = getattr(form, "cleaned_data", {}).get("key")
            if key and key in others:
                form.add_error("key", _("Another objective of this course has this key."))
            others.add(key)
