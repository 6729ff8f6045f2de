"""Every page of an account, as people come to see it: nothing that hinders (axe), in both widths and both lights."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.tests.doors import give_passkey, link_mailed_to, set_up_app, show_it_is_me, sign_in, sign_up
from accounts.tests.looking import blemishes
from conftest import make_user, signed_in

Page = tuple[str, Client, str]


def pages_before_signing_in() -> Iterator[Page]:
    """Yield a name, a client and a path for every page that somebody sees who is not in yet."""
    visitor = Client()
    for path in ("login", "signup", "login/code", "password/reset", "password/reset/done", "inactive"):
        yield path.replace("/", "-"), visitor, f"/accounts/{path}/"
    yield "reset-used-up", visitor, "/accounts/password/reset/key/1-abc/"

    new = Client()
    sign_up(new, "fatou@example.org")
    yield "signup-code", new, "/accounts/confirm-email/"

    ben = make_user("ben@example.org")
    by_code = Client()
    by_code.post("/accounts/login/code/", {"email": ben.email})
    yield "login-code-confirm", by_code, "/accounts/login/code/confirm/"

    forgetful = Client()
    forgetful.post("/accounts/password/reset/", {"email": ben.email})
    yield "reset-choose", forgetful, forgetful.get(link_mailed_to(ben.email)).url

    guarded = signed_in(ben)
    set_up_app(guarded)
    half_in = Client()
    sign_in(half_in, ben.email)
    yield "second-step", half_in, "/accounts/2fa/authenticate/"


def pages_of_my_account() -> Iterator[Page]:
    """Yield likewise every page of somebody's own account."""
    cleo = make_user("cleo@example.org", organization="City of Sfax", languages=["ar", "fr"], time_zone="Africa/Tunis")
    me = Client()
    sign_in(Client(headers={"user-agent": "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Firefox/130.0"}), cleo.email)
    sign_in(Client(), cleo.email)
    sign_in(me, cleo.email)
    for path in ("", "profile", "logout", "reauthenticate", "password/change", "sessions", "2fa"):
        yield f"my-{path.replace('/', '-') or 'account'}", me, f"/accounts/{path}/".replace("//", "/")
    show_it_is_me(me)
    for path in ("email", "2fa/totp/activate", "2fa/webauthn", "2fa/webauthn/add"):
        yield f"my-{path.replace('/', '-')}", me, f"/accounts/{path}/"
    set_up_app(me)
    key = give_passkey(cleo)
    for path in (
        "",
        "2fa",
        "2fa/totp/deactivate",
        "2fa/recovery-codes",
        "2fa/recovery-codes/generate",
        "2fa/reauthenticate",
        "2fa/webauthn/reauthenticate",
        f"2fa/webauthn/keys/{key.pk}/edit",
        f"2fa/webauthn/keys/{key.pk}/remove",
    ):
        yield f"guarded-{path.replace('/', '-')}", me, f"/accounts/{path}/".replace("//", "/")
    me.post("/accounts/email/", {"email": "cleo@work.example.org", "action_add": ""})
    yield "my-email-code", me, "/accounts/confirm-email/"
    dag = make_user("dag@example.org")
    dag.set_unusable_password()
    dag.save()
    yield "without-password", signed_in(dag), "/accounts/password/set/"


ERRORS = {
    "/accounts/login/": {"login": "nobody@example.org", "password": "wrong"},
    "/accounts/signup/": {"name": "", "email": "not an address", "password1": "short"},
    "/accounts/profile/": {"name": "", "organization": "a\u202eb"},
}


@pytest.mark.browser
@pytest.mark.parametrize("pages", [pages_before_signing_in, pages_of_my_account])
def test_no_page_hinders_anybody(visit: Callable, pages: Callable[[], Iterator[Page]]):
    visitor = visit()
    found = []

    for _name, client, path in pages():
        visitor.context.clear_cookies()
        become(visitor, client)
        visitor.page.goto(visitor.address + path)
        assert visitor.page.url == visitor.address + path
        found += blemishes(visitor.page)

    assert found == []


def become(visitor: Any, client: Client) -> None:
    """Go on in the browser where *client* stands."""
    for cookie in client.cookies.values():
        if cookie.value:
            visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.address}])


@pytest.mark.browser
def test_pages_with_mistakes_on_them_hinder_nobody_either(visit):
    visitor = visit()
    found = []

    for path, fields in ERRORS.items():
        if path == "/accounts/profile/":
            visitor.sign_in(make_user("ben@example.org", languages=["ar"]))
        page = visitor.open(path)
        for name, value in fields.items():
            page.fill(f"main [name={name}]", value)
        page.evaluate("document.querySelector('main form').noValidate = true")
        page.click("main form [type=submit]")
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('main details').forEach((part) => part.open = true)")
        expect(page.locator("main [role=alert], main [aria-invalid=true]").first).to_be_visible()
        found += blemishes(page)

    assert found == []
