"""Passkeys, with a device that only Chromium has."""

import pytest
from playwright.sync_api import expect

from accounts.tests.doors import PASSWORD, newest_mail_to
from conftest import make_user

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def somebody(visit, settings):
    """Somebody at a browser on localhost (passkeys know no numbers), whose device keeps passkeys."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    visitor = visit()
    visitor.address = visitor.address.replace("127.0.0.1", "localhost")
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    visitor.device = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    visitor.devices = session
    return visitor


def sign_in_by_password(visitor, user):
    page = visitor.open("/accounts/login/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()


def add_passkey(visitor, is_password_replaced):
    page = visitor.open("/accounts/2fa/webauthn/add/")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name").fill("My phone")
    if is_password_replaced:
        page.get_by_label("Sign in with it instead of my password").check()
    page.get_by_role("button", name="Ask my device").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()


def sign_out(page):
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_a_passkey_signs_in_without_a_password(somebody):
    ben = make_user("ben@example.org")
    sign_in_by_password(somebody, ben)
    add_passkey(somebody, is_password_replaced=True)
    assert "A passkey was added to your account." in newest_mail_to(ben.email).body
    sign_out(somebody.page)

    page = somebody.open("/accounts/login/?next=/my/answers/")
    page.get_by_role("button", name="Use a passkey").click()

    expect(page).to_have_url(somebody.address + "/my/answers/")
    expect(page.locator(".menu-name")).to_have_text("Ben")


def test_a_passkey_is_the_second_step_after_a_password(somebody):
    ben = make_user("ben@example.org")
    sign_in_by_password(somebody, ben)
    add_passkey(somebody, is_password_replaced=False)
    sign_out(somebody.page)

    sign_in_by_password(somebody, ben)
    expect(somebody.page.get_by_role("heading", name="One more step")).to_be_visible()
    somebody.page.get_by_role("button", name="Use a passkey").click()

    expect(somebody.page.get_by_role("heading", name="Welcome")).to_be_visible()


def test_when_the_device_has_no_passkey_the_page_says_so(somebody):
    somebody.devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": somebody.device})
    somebody.devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page = somebody.open("/accounts/login/")

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("That did not work")


def test_without_javascript_the_page_says_that_passkeys_need_it_and_all_else_works(visit):
    visitor = visit(java_script_enabled=False)
    ben = make_user("ben@example.org")
    page = visitor.open("/accounts/login/")

    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    sign_in_by_password(visitor, ben)
    page = visitor.open("/accounts/profile/")
    page.locator(".languages summary").click()
    page.get_by_label("Español").check()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    ben.refresh_from_db()
    assert ben.languages == ["es"]
