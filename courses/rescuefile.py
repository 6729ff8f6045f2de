"""Reading a rescue file: JSON that `static/js/rescue.js` writes, from a stranger's hands. Nothing of it is trusted."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import form_helper
from courses.constants import RESCUE_FILE_MAX_BYTES, RESCUE_FILE_MAX_TEXTS
from courses.forms import DraftForm
from courses.services import RescuedText, TextRefusedError
from courses.services.writing import clean_text

FORMAT, VERSION = "jmdi-rescue-file", 1
CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")


@dataclass(frozen=True)
class RescueContents:
    """What a rescue file says: whose it is, its receipt code and its texts."""

    person: str
    code: str
    texts: list[RescuedText]


def read_rescue_file(data: bytes) -> RescueContents:
    """Return what is in the file; raise ValidationError with the reason, in plain words, when anything is not right."""
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _not_ours() from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _not_ours()
    if content.get("version") != VERSION:
        raise ValidationError(_("This rescue file is of another version than this site knows. Ask whoever runs it."))
    person, code, texts = content.get("person"), content.get("receipt"), content.get("texts")
    if not (isinstance(person, str) and isinstance(code, str) and CODE.fullmatch(code) and isinstance(texts, list)):
        raise _changed()
    if not 1 <= len(texts) <= RESCUE_FILE_MAX_TEXTS:
        raise _changed()
    return RescueContents(person, code, [_text(number, text) for number, text in enumerate(texts, start=1)])


def _not_ours() -> ValidationError:
    return ValidationError(_("This is not a rescue file of this site. Its name begins with “rescue-”."))


def _changed() -> ValidationError:
    return ValidationError(_("This rescue file is incomplete or was changed. Send in the one that you downloaded."))


def _text(number: int, text: Any) -> RescuedText:
    lines = text.get("text") if isinstance(text, dict) else None
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise _changed()
    # Half an emoji cannot be stored; browsers send this sign in its place when they save.
    words = "\n".join(lines).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    form = DraftForm({"text": words, **{name: text.get(name) for name in ("version", "sitting", "turn")}})
    if not form.is_valid():
        raise _changed()
    try:
        clean_text(words)
    except TextRefusedError as error:
        raise ValidationError(
            _("Text %(number)s of the file: %(reason)s"), params={"number": number, "reason": error}
        ) from error
    return RescuedText(_keys(text.get("address")), form.draft())


def _keys(address: Any) -> tuple[str, ...]:
    """Return the keys in an address that texts are saved to; no other address is taken."""
    try:
        match = resolve(address) if isinstance(address, str) else None
    except Resolver404:
        match = None
    if match is None or match.url_name not in {"answer_save", "note_save"}:
        raise ValidationError(_("The file holds a text for a place that is not on this site."))
    return tuple(match.kwargs.values())


class RescueFileForm(forms.Form):
    """A rescue file; and whose it is, from those who may send in other people's."""

    file = forms.FileField(
        label=gettext_lazy("Rescue file"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={
            "required": gettext_lazy("Choose the file first."),
            "empty": gettext_lazy("This file is empty."),
        },
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the author"),
        required=False,
        help_text=gettext_lazy("If the file is not your own. You will not see the texts."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, for_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_others:
            del self.fields["email"]
        self.helper = form_helper(*self.fields, submit=_("Send in"))

    def clean_file(self) -> RescueContents:
        """Return what is in the file."""
        file = self.cleaned_data["file"]
        if file.size > RESCUE_FILE_MAX_BYTES:
            raise forms.ValidationError(_("This file is too large to be a rescue file."))
        return read_rescue_file(file.read())
