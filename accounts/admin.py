"""People in the admin. They sign in by a code sent by e-mail until they choose a password themselves."""

from typing import Any

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms import validate_one_line, validate_visible
from accounts.languages import OWN_NAMES
from accounts.models import User

# allauth's own pages show authenticator secrets, search by a user name that nobody has, and let the address of
# EmailAddress and User drift apart. Importing them above registers them, once; here they go.
admin.site.unregister([EmailAddress, Authenticator, UserSession])


class PersonForm(forms.ModelForm):
    """A person as an admin sees them."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        choices=list(OWN_NAMES.items()),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007  UserAdmin's fieldsets choose

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, validators in {
            "name": [validate_one_line, validate_visible],
            "organization": [validate_one_line],
            "territory": [validate_one_line],
            "function": [validate_one_line],
        }.items():
            if name in self.fields:
                self.fields[name].validators.extend(validators)

        if self.instance.is_guest and "email" in self.fields:
            self.initial["email"] = ""
            self.fields["email"].required = False
            self.fields["email"].help_text = _("A guest has none. Whom you give one is a guest no more.")

    def clean_email(self) -> str:
        """Return the address in lower case, as sign-up stores it, unless it is somebody else's."""
        if self.instance.is_guest and not self.cleaned_data["email"]:
            return self.instance.email
        email = self.cleaned_data["email"].lower()
        others = User.objects.filter(Q(email__iexact=email) | Q(emailaddress__email=email))
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody with this address is here already."))
        return email


class SecondFactorInline(admin.TabularInline):
    """What somebody has set up beside the password: removing it helps who lost their phone."""

    model = Authenticator
    fields = readonly_fields = ["type", "created_at", "last_used_at"]
    extra = 0
    verbose_name = _("second factor or passkey")
    verbose_name_plural = _("second factors and passkeys")

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody sets up a second factor for somebody else."""
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People: found by name, address or place."""

    form = PersonForm
    list_display = [
        "name",
        "address",
        "organization",
        "country",
        "is_facilitator",
        "is_staff",
        "is_active",
        "date_joined",
    ]
    list_filter = ["is_facilitator", "is_staff", "is_active", "groups", "government_level"]
    search_fields = ["name", "email", "organization", "territory"]
    ordering = ["name"]
    filter_horizontal = ["groups", "user_permissions"]
    readonly_fields = ["address", "date_joined", "last_login"]
    inlines = [SecondFactorInline]
    fieldsets = [
        (None, {"fields": ["name", "email"]}),
        (
            _("Profile"),
            {
                "fields": [
                    "organization",
                    "government_level",
                    "function",
                    "territory",
                    "country",
                    "languages",
                    "time_zone",
                ]
            },
        ),
        (
            _("Rights"),
            {"fields": ["is_active", "is_facilitator", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (_("Dates"), {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["name", "email", "is_facilitator", "is_staff", "groups"],
                "description": _("They choose “Send me a code by e-mail” at sign-in; a password is theirs to set."),
            },
        ),
    ]

    @admin.display(description=_("e-mail address"), ordering="email")
    def address(self, person: User) -> str:
        """Show an address, and that a guest has none."""
        return gettext("guest") if person.is_guest else person.email

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Filter by nothing of the password: its hash could be found letter by letter."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> list:
        """Ask for little at first; of a guest who cannot be changed here, show no placeholder."""
        if obj is None:
            return self.add_fieldsets
        if "email" in self.get_readonly_fields(request, obj) or not self.has_change_permission(request, obj):
            return [(None, {"fields": ["name", "address"]}), *self.fieldsets[1:]]
        return self.fieldsets

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list:
        """Somebody new has no second factor."""
        return super().get_inlines(request, obj) if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Who may not do everything may not give it to others, nor to themselves."""
        fields = list(super().get_readonly_fields(request, obj))
        if not request.user.is_superuser:
            fields += ["is_superuser", "is_staff", "is_facilitator", "groups", "user_permissions"]
            if obj:
                # A code to sign in goes to the address: who changes it can become that person.
                fields.append("email")
        return fields

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Somebody who may edit people still may not edit one with all rights."""
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return not settings.DEMO and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Likewise for deleting."""
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return not settings.DEMO and super().has_delete_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """In the demo anybody is admin, and whom they let in here would stay after it: so people are only shown."""
        return not settings.DEMO and super().has_add_permission(request)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        """Save a person, and their address as confirmed: the admin vouches for it."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change or "email" in form.changed_data:
            obj.emailaddress_set.exclude(email=obj.email).delete()
            obj.emailaddress_set.update_or_create(email=obj.email, defaults={"verified": True, "primary": True})
