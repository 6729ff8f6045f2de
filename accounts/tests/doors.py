"""How people get in and what they set up, over HTTP: steps that the tests share."""

import re
import time

import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.models import User

PASSWORD = "correct horse battery"  # noqa: S105  nobody's


def sign_up(client: Client, email: str, name: str = "Fatou Diop") -> HttpResponse:
    """Fill in the form for new people."""
    return client.post("/accounts/signup/", {"name": name, "email": email, "password1": PASSWORD}, follow=True)


def sign_in(client: Client, email: str, password: str = PASSWORD, **options) -> HttpResponse:
    """Fill in the form for people with a password."""
    return client.post("/accounts/login/", {"login": email, "password": password}, **options)


def code_mailed_to(email: str) -> str:
    """Return the code in the newest mail to *email*."""
    return re.search(r"\b[B-Z]{4}-[B-Z]{4}\b", newest_mail_to(email).body)[0]


def link_mailed_to(email: str) -> str:
    """Return the path of the first link in the newest mail to *email*."""
    return re.search(r"https?://[^/\s]+(/\S+)", newest_mail_to(email).body)[1]


def newest_mail_to(email: str) -> mail.EmailMessage:
    """Return the newest mail to *email*."""
    return next(message for message in reversed(mail.outbox) if message.to == [email])


def show_it_is_me(client: Client) -> None:
    """Type the password again, as pages ask that change how an account is guarded."""
    response = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert response.status_code == 302


def number_shown(secret: str) -> str:
    """Return what an authenticator app with *secret* shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_app(client: Client) -> str:
    """Set up an authenticator app; return its secret."""
    show_it_is_me(client)
    secret = re.search(r'<code class="key" dir="ltr">(\w+)</code>', client.get("/accounts/2fa/totp/activate/").text)[1]
    with time_machine.travel(time.time(), tick=False):
        response = client.post("/accounts/2fa/totp/activate/", {"code": number_shown(secret)})
    assert response.status_code == 302
    return secret


def give_passkey(user: User, name: str = "My phone") -> Authenticator:
    """Give *user* a passkey, as their device would have sent it."""
    public_key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    proof = AttestationObject.create(
        "none",
        AuthenticatorData.create(
            sha256(b"testserver"),
            AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT,
            0,
            AttestedCredentialData.create(bytes(16), b"phone", public_key),
        ),
        {},
    )
    client_data = CollectedClientData.create("webauthn.create", b"challenge", "http://testserver")
    response = {"clientDataJSON": websafe_encode(client_data), "attestationObject": websafe_encode(proof)}
    credential = {
        "id": websafe_encode(b"phone"),
        "rawId": websafe_encode(b"phone"),
        "type": "public-key",
        "response": response,
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
    return user.authenticator_set.create(type="webauthn", data={"name": name, "credential": credential})
