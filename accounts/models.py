"""The user: somebody with an e-mail address, and what helps to mix groups."""

import zoneinfo
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.constants import GUEST_DOMAIN


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless *name* is a zone of the IANA database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a known time zone."), params={"name": name})


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail addresses are stored in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who signs in with *email*; without *password* only by an e-mailed code."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an admin with every permission."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        """Return the user with *email*, in any case."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. All but the e-mail address (of guests a placeholder) and the name may be left open."""

    class GovernmentLevel(models.TextChoices):
        """Where in the public order a person works; used to mix groups."""

        LOCAL = "local", _("Local (city, municipality, district)")
        REGIONAL = "regional", _("Regional (province, state, department)")
        NATIONAL = "national", _("National")
        INTERNATIONAL = "international", _("International organization")
        CIVIL_SOCIETY = "civil", _("Civil society or migrant association")
        OTHER = "other", _("Other")

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150)
    organization = models.CharField(_("organization"), max_length=200, blank=True)
    government_level = models.CharField(_("level of government"), max_length=20, choices=GovernmentLevel, blank=True)
    country = CountryField(_("country"), blank=True)
    territory = models.CharField(_("territory"), max_length=200, blank=True)
    function = models.CharField(_("function"), max_length=200, blank=True)
    languages = ArrayField(models.CharField(max_length=10), verbose_name=_("languages"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True, validators=[validate_time_zone])
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    is_facilitator = models.BooleanField(
        _("facilitator"),
        default=False,
        help_text=_("May make cohorts and read the guides of the activities."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_email"),
            models.CheckConstraint(
                condition=~Q(email__endswith="@" + GUEST_DOMAIN)
                | Q(is_facilitator=False, is_staff=False, is_superuser=False),
                name="guests_have_no_rights",
                violation_error_message=_("Guests have no rights: this person must add an e-mail address first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_guest(self) -> bool:
        """Whether the person takes part with a name alone; see `accounts.guests`."""
        return self.email.endswith("@" + GUEST_DOMAIN)

    def get_full_name(self) -> str:
        """Return the name shown to others."""
        return self.name

    def get_short_name(self) -> str:
        """Return the first word of the name, to greet with."""
        return self.name.split(" ", 1)[0]
