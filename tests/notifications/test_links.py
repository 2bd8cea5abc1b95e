"""Links in mails lead to the portal's own address, whatever the request's headers claim."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.models import AccessRequest
from accounts.workflow import decide
from notifications.models import Mail
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SITE = "https://portal.example"
LINK = re.compile(r"\bhttps?://\S+|\b\S*evil\S*")
PASSWORD = "lumi tulee ja sataa"

HEADERS = [
    {"host": "evil.example"},
    {"host": "portal.example.evil.example"},
    {"host": "evil.example:443"},
    {"host": "portal.example:9999"},  # ours, but for the port
    {"host": "PORTAL.EXAMPLE."},
    {"host": "portal.example@evil.example"},
    {"x-forwarded-host": "evil.example"},
    {"x-forwarded-host": "portal.example, evil.example"},
    {"x-forwarded-server": "evil.example"},
    {"x-host": "evil.example"},
    {"forwarded": "for=1.2.3.4;host=evil.example;proto=http"},
    {"x-forwarded-proto": "http", "x-forwarded-port": "9999"},
    {"x-original-url": "http://evil.example/", "x-rewrite-url": "http://evil.example/"},
    {"referer": "https://evil.example/", "origin": "https://evil.example"},
]


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["portal.example", "testserver"]


@pytest.fixture
def known(db):
    user = UserFactory(email="known@town.example")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_up(client, headers, known, email="new@town.example"):
    answers = {"email": email, "password1": PASSWORD, "name": "Noora", "language": "sv"}
    return client.post(reverse("account_signup"), answers, headers=headers)


def sign_up_again(client, headers, known):
    return sign_up(client, headers, known, known.email)


def reset(client, headers, known):
    return client.post(reverse("account_reset_password"), {"email": known.email}, headers=headers)


def reset_of_nobody(client, headers, known):
    address = {"email": "nobody@town.example"}
    return client.post(reverse("account_reset_password"), address, headers=headers)


def change_password(client, headers, known):
    client.force_login(known)
    answers = {"oldpassword": PASSWORD, "password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    return client.post(reverse("account_change_password"), answers, headers=headers)


def submit(client, headers, coordinator, draft):
    client.force_login(coordinator)
    url = reverse("applications:move", args=[draft.pk, "submitted"])
    return client.post(url, headers=headers)


def links():
    return [link for mail in Mail.objects.all() for link in LINK.findall(mail.text)]


def check(answer, refused=(400, 403)):
    """Either nothing happened, or a mail was written and names nobody but us."""
    if answer.status_code in refused:
        assert not Mail.objects.exists()
        return
    assert links()
    assert {urlsplit(link)[:2] for link in links()} == {("https", "portal.example")}


BY_VISITORS = [sign_up, sign_up_again, reset, reset_of_nobody, change_password]


@pytest.mark.parametrize("act", BY_VISITORS)
@pytest.mark.parametrize("headers", HEADERS, ids=str)
def test_a_mail_about_an_account_names_our_address(client, known, act, headers):
    check(act(client, headers, known))


@pytest.mark.parametrize("headers", HEADERS, ids=str)
def test_a_mail_about_an_application_names_our_address(client, coordinator, draft, headers):
    check(submit(client, headers, coordinator, draft))


def test_a_mail_written_outside_a_request_names_our_address(access_request, reviewer):
    decide(access_request, AccessRequest.State.APPROVED, by=reviewer)

    assert links()
    assert {urlsplit(link)[:2] for link in links()} == {("https", "portal.example")}


def test_the_plain_way_writes_a_mail_each(client, known):
    """So that the tests above do not pass because nothing is ever written."""
    for number, act in enumerate(BY_VISITORS, 1):
        act(client, {}, known)
        assert Mail.objects.count() == number
        client.logout()
