"""What forms of libraries lack to read like ours."""

from allauth.account.forms import AddEmailForm, BaseConfirmCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms, template
from django.utils.translation import gettext_lazy as _

register = template.Library()

_LABELS = {
    "email": _("E-mail address"),
    "login": _("E-mail address"),
    "oldpassword": _("Current password"),
    "password2": _("New password, again"),
    "code": _("Code"),
    "passwordless": _("Sign in with it instead of my password"),
}


@register.filter
def plain(form: forms.BaseForm) -> forms.BaseForm:
    """Return *form* in our words, without placeholders that repeat their label, ready to write where it is needed."""
    for bound in form:
        attributes = bound.field.widget.attrs
        attributes.pop("placeholder", None)
        bound.label = _LABELS.get(bound.name, bound.label)
        if bound.name == "email" and isinstance(form, AddEmailForm):
            bound.label = _("New e-mail address")
        if bound.name == "password1":
            bound.label = _("New password") if "password2" in form.fields else _("Password")
            bound.help_text = _("At least 8 characters, and not a common password.")
        if bound.name == "passwordless":
            bound.help_text = _("Your device then asks for its PIN, your fingerprint or your face.")
        if bound.name == "code":
            # Codes by e-mail have letters, in any case; those of an app, and recovery codes, are numbers.
            letters = isinstance(form, BaseConfirmCodeForm)
            attributes |= {"autocapitalize": "characters"} if letters else {"inputmode": "numeric"}
            attributes |= {"spellcheck": "false", "dir": "ltr"}
            if not isinstance(form, ActivateTOTPForm):  # there, much is to be done before
                attributes["autofocus"] = True
    for name in list(form.errors)[:1]:
        if name in form.fields:
            form.fields[name].widget.attrs["autofocus"] = True
    return form
