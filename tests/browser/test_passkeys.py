"""Passkeys in a real browser, with the authenticator that its developer tools offer."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.models import AuditEntry
from notifications.models import Mail
from tests.browser.conftest import NARROW, PASSWORD, WIDE, faults
from tests.browser.test_pages import too_wide
from tests.factories import AssignmentFactory, UserFactory

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def expert(transactional_db):
    """Somebody who needs a second step and has none."""
    user = UserFactory(email="anna@expert.example", name="Anna")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    AssignmentFactory(user=user)
    return user


@pytest.fixture
def page(site, browser, browser_context_args):
    """A page whose device keeps passkeys; the browser's complaints are gathered in `page.said`."""
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    added = tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.tools, page.device = tools, added["authenticatorId"]
    yield page
    context.close()


def give_password(page, site, user):
    page.goto(site("account_login"))
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def add_passkey(page, site, *, alone):
    page.goto(site("mfa_add_webauthn"))
    if page.locator("input[name=password]").count():
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
    page.locator("input[name=name]").fill("Work phone")
    page.locator("input[name=passwordless]").set_checked(alone)
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(re.compile("recovery-codes|2fa/$"))


def sign_out(page):
    page.locator("form[action*=logout] button").first.click()
    page.wait_for_url(re.compile("/en/$"))


def test_a_passkey_is_added_signs_in_alone_and_is_removed(site, page, expert):
    give_password(page, site, expert)
    page.wait_for_url(site("mfa_index"))

    add_passkey(page, site, alone=True)
    page.goto(site("journey:home"))
    assert page.url == site("journey:home")
    sign_out(page)

    page.goto(site("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(site("journey:home"))
    assert AuditEntry.objects.filter(action="user.signed_in").first().note == "webauthn"

    page.goto(site("mfa_list_webauthn"))
    assert page.get_by_role("heading", name="Work phone").count()
    page.get_by_role("link", name=re.compile("^Remove")).click()
    page.get_by_role("link", name="Use your passkey").click()
    page.get_by_role("button", name="Use the passkey").click()
    page.get_by_role("button", name="Remove the passkey").click()
    page.wait_for_url(site("mfa_list_webauthn"))
    assert not Authenticator.objects.exists()
    page.goto(site("journey:home"))
    assert page.url == site("mfa_index")
    subjects = set(Mail.objects.filter(to=expert.email).values_list("subject", flat=True))
    assert {"A passkey was added", "A passkey was removed"} <= subjects
    assert [text for text in page.said if "Content Security Policy" in text] == []


def test_a_key_that_does_not_sign_in_alone_is_the_second_step(site, page, expert):
    give_password(page, site, expert)
    add_passkey(page, site, alone=False)
    page.goto(site("journey:home"))
    sign_out(page)

    give_password(page, site, expert)
    page.get_by_role("button", name="Use the passkey").click()

    page.wait_for_url(site("journey:home"))
    assert AuditEntry.objects.filter(action="user.signed_in").first().note == "password, webauthn"


def test_a_device_without_a_passkey_says_so_and_the_page_stays(site, page, expert):
    page.tools.send(
        "WebAuthn.setUserVerified", {"authenticatorId": page.device, "isUserVerified": False}
    )
    page.goto(site("account_login"))

    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("The passkey was not used").wait_for()
    assert page.url == site("account_login")


def test_a_key_of_another_person_opens_nothing(site, page, expert):
    """The answer is bound to the person whose password was given."""
    give_password(page, site, expert)
    add_passkey(page, site, alone=True)
    page.goto(site("journey:home"))
    sign_out(page)
    Authenticator.objects.update(user=UserFactory(email="other@expert.example"))

    page.goto(site("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("This passkey does not open the portal").wait_for()
    page.goto(site("journey:home"))
    assert site("account_login") in page.url


@pytest.mark.parametrize("view", [WIDE, NARROW])
def test_the_pages_of_signing_in_are_accessible_and_fit(site, page, expert, view):
    page.set_viewport_size(view)
    wrong = []

    def look(route, *args):
        page.goto(site(route, *args))
        wrong.extend(faults(page) + too_wide(page))

    for route in ("account_login", "account_request_login_code"):
        look(route)
    page.locator("main form button[type=submit]").first.click()  # an empty form
    wrong.extend(faults(page) + too_wide(page))
    page.locator("input[name=email]").fill(expert.email)
    page.locator("main form button[type=submit]").first.click()
    page.locator("input[name=code]").fill("WRONG-CODE")
    page.locator("main form button[type=submit]").first.click()
    wrong.extend(faults(page) + too_wide(page))
    page.context.clear_cookies()
    give_password(page, site, expert)
    wrong.extend(faults(page) + too_wide(page))  # the second step is missing
    add_passkey(page, site, alone=True)
    for route in ("mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "usersessions_list"):
        look(route)
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk
    look("mfa_edit_webauthn", key)
    look("mfa_remove_webauthn", key)
    look("mfa_reauthenticate_webauthn")
    page.context.clear_cookies()
    give_password(page, site, expert)
    page.locator("input[name=code]").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).last.click()
    wrong.extend(faults(page) + too_wide(page))

    assert wrong == []
