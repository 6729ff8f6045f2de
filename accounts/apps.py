from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The user, sign-up and sign-in, my profile."""

    name = "accounts"
    verbose_name = _("People")
