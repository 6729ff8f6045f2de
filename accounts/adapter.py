"""Where sign-up and sign-in differ from allauth's own way."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.constants import DEMO_DOMAIN, GUEST_DOMAIN
from accounts.models import User

# Where somebody was going who had to sign in or sign up first.
GOING_TO = "accounts_going_to"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up and sign-in of this site."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your current password."),
        "incorrect_code": _("That code is not right, or it is too old."),
        "invalid_address": _("No mail can reach that address."),
        "too_many_login_attempts": _("Too many tries. Please wait five minutes, then try again."),
    }

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Refuse the demo's people, whatever password or passkey somebody has given them in the demo."""
        if user.email.endswith("@" + DEMO_DOMAIN):
            request.session.flush()  # with the sign-in that is half done
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead on where somebody was going, whatever way they took to get in."""
        return request.session.pop(GOING_TO, None) or super().get_login_redirect_url(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Likewise once somebody new has confirmed their address."""
        return request.session.pop(GOING_TO, None) or super().get_signup_redirect_url(request)

    def clean_email(self, email: str) -> str:
        """Refuse the placeholders of guests: no mail arrives there."""
        if email.lower().endswith("@" + GUEST_DOMAIN):
            raise self.validation_error("invalid_address")
        return super().clean_email(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail, but never to the placeholder of a guest."""
        if not email.endswith("@" + GUEST_DOMAIN):
            super().send_mail(template_prefix, email, context)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Save somebody new; sent twice at once (a double click), the second is no error."""
        try:
            with transaction.atomic():
                return super().save_user(request, user, form, commit)
        except IntegrityError as error:
            messages.info(request, gettext("Your account is there already: please sign in."))
            raise ImmediateHttpResponse(redirect("account_login")) from error

    def set_password(self, user: User, password: str) -> None:
        """Write the password alone: an admin may be changing this person's rights at this moment."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner that somebody tried to sign up, in the time that a real sign-up takes."""
        make_password("as slow as the password of somebody new")
        super().send_account_already_exists_mail(email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the account, not to an empty password form."""
        return reverse("account_overview")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts per host as well, and `Host: site:1`, `site:2`, … would each start at zero.
        return credentials.get("email", "").lower()


class MFAAdapter(DefaultMFAAdapter):
    """Second factors and passkeys, in the words of our pages."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": _("Please confirm your e-mail address first."),
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """Suggest a name for a new passkey; its owner may write a better one."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey {number}").format(number=number)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name this site as the device shall show it."""
        return super().get_public_key_credential_rp_entity() | {"name": gettext("JMDI Learning")}
