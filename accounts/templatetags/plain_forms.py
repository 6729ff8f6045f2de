"""What forms of libraries lack to read like ours."""

from django import forms, template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def plain(form: forms.BaseForm) -> forms.BaseForm:
    """Return *form* without placeholders that repeat their label, and with the password's rules in one line."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in {"email", "login"}:
            field.label = gettext("E-mail address")
        if name == "password1":
            field.help_text = gettext("At least 8 characters, and not a common password.")
        if name == "code":
            field.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
    return form
