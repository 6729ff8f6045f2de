"""What a facilitator says about a reminder."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cohorts.constants import MEMBERS_MAX, REMINDER_MAX_LENGTH
from cohorts.permissions import Desk
from cohorts.reminding import CHOSEN, EVERYBODY, GROUP, NOT_FINISHED
from cohorts.standing import Standing
from courses.forms import PlainTextField


class MembersField(forms.CharField):
    """People by their ids in one hidden field: thousands of fields would be refused."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> list[uuid.UUID]:
        """Return the ids."""
        try:
            members = [uuid.UUID(word) for word in super().to_python(value).split()]
        except ValueError as error:
            raise ValidationError(gettext("These people are not known.")) from error
        if len(members) > MEMBERS_MAX:
            raise ValidationError(gettext("These are too many people at once."))
        return members

    def prepare_value(self, value: Any) -> str:
        """Return the ids as they are sent."""
        return value if isinstance(value, str) else " ".join(member.hex for member in value or [])


class ReminderForm(forms.Form):
    """Whom to remind, and of what. `seen` are those whom the preview named: nobody else gets a mail."""

    who = forms.ChoiceField(
        label=_("Whom do you want to remind?"), widget=forms.RadioSelect(attrs={"class": "form-check-input"})
    )
    members = MembersField(required=False)
    text = PlainTextField(
        label=_("Message"),
        max_length=REMINDER_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "class": "form-control"}),
        help_text=_("Everybody is greeted by name. Below your message stands the person's own next step, with a link."),
        error_messages={"required": _("Write what you want to say.")},
    )
    seen = MembersField(required=False)

    def __init__(self, desk: Desk, data: QueryDict | None = None, *, asked: QueryDict | None = None) -> None:
        super().__init__(data, initial=_initial(asked or QueryDict()))
        members = self["members"].value()
        ticked = len(members.split() if isinstance(members, str) else members or [])
        groups = desk.cohort.memberships.current().participants().exclude(group="").order_by("group")
        self.fields["who"].choices = [
            *([(CHOSEN, _chosen(ticked))] if ticked else []),
            (Standing.BEHIND.value, _("Who is behind the plan")),
            (Standing.STALLED.value, _("Who has stalled in a section")),
            (Standing.NOT_STARTED.value, _("Who has not started")),
            (NOT_FINISHED, _("Who has not finished")),
            *((GROUP + name, gettext("Group %(name)s") % {"name": name}) for name in _names(groups)),
            (EVERYBODY, _("Everybody")),
        ]

    @property
    def chosen_by(self) -> str:
        """In words, who was chosen."""
        return str(dict(self.fields["who"].choices)[self.cleaned_data["who"]])


def _names(memberships: Any) -> list[str]:
    return list(memberships.values_list("group", flat=True).distinct())


def _chosen(count: int) -> str:
    return ngettext("%(count)s person you chose", "%(count)s people you chose", count) % {"count": count}


def _initial(asked: QueryDict) -> dict[str, Any]:
    """Return what the form begins with. *asked* came with the address or from the
    progress table: `who=behind`, or people by their ids, one or several in each `member`.
    """
    members = []
    for word in " ".join(asked.getlist("member")).split():
        try:
            members.append(uuid.UUID(word))
        except ValueError:
            continue  # somebody has typed into the address
    return {
        "who": CHOSEN if members else asked.get("who", Standing.BEHIND.value),
        "members": members,
        "text": gettext(
            "Our course goes on, and I would like to have you with us. Please take half an hour this week to read on "
            "and to answer the questions on your way.\n\nIf something keeps you from it, tell me: we will find a way."
        ),
    }
