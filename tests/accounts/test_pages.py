import re

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from notifications.models import Mail

PASSWORD = "lumi tulee ja sataa"
ANYBODY = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
]
SIGNED_IN = ["account_logout", "account_email", "account_change_password", "mfa_index"]
PROVED = [
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_index",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_deactivate_totp",
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_and_without_earlier_attempts(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture(params=["en", "fi", "sv"])
def language(request):
    with override(request.param):
        yield request.param


@pytest.fixture
def person():
    user = User.objects.create_user("maija@oulu.example", PASSWORD, name="Maija")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@pytest.fixture
def second_step(person):
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)


def prove(client, person):
    """Sign in, and give the password again as the pages about the second step ask."""
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def headings(response):
    assert response.status_code == 200
    return len(re.findall(r"<h1[ >]", response.content.decode()))


@pytest.mark.parametrize("name", ANYBODY)
def test_a_page_for_anybody_has_one_heading(client, language, name):
    assert headings(client.get(reverse(name))) == 1


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_page_of_a_signed_in_person_has_one_heading(client, person, language, name):
    client.force_login(person)

    assert headings(client.get(reverse(name))) == 1


@pytest.mark.parametrize("name", PROVED)
def test_a_page_about_the_second_step_has_one_heading(client, person, second_step, language, name):
    prove(client, person)

    assert headings(client.get(reverse(name))) == 1


def test_the_page_that_sets_up_the_second_step_shows_the_key_as_text(client, person, language):
    prove(client, person)

    page = client.get(reverse("mfa_activate_totp"))

    assert headings(page) == 1
    assert f">{page.context['form'].secret}</code>" in page.content.decode()


def test_the_page_that_asks_for_the_code_has_one_heading(client, person, second_step, language):
    form = {"login": person.email, "password": PASSWORD}

    page = client.post(reverse("account_login"), form, follow=True)

    assert page.redirect_chain[-1][0] == reverse("mfa_authenticate")
    assert headings(page) == 1


def test_the_recovery_codes_can_be_downloaded(client, person, second_step, language):
    prove(client, person)

    text = client.get(reverse("mfa_download_recovery_codes")).content.decode()

    assert len(re.findall(r"^\d{8}$", text, re.MULTILINE)) == 10


def test_a_person_without_a_password_can_choose_one(client, person, language):
    person.set_unusable_password()
    person.save()
    client.force_login(person)

    assert headings(client.get(reverse("account_set_password"))) == 1


@pytest.mark.parametrize("works", [True, False])
def test_the_page_behind_the_confirmation_link_has_one_heading(client, person, language, works):
    address = EmailAddress.objects.create(user=person, email="new@oulu.example")
    key = EmailConfirmationHMAC.create(address).key if works else "1:nothing"

    page = client.get(reverse("account_confirm_email", args=[key]))

    assert headings(page) == 1
    assert bool(page.context["can_confirm"]) is works


def link_asked_for(client, address):
    client.post(reverse("account_reset_password"), {"email": address})
    return re.search(r"https?://\S+", Mail.objects.get().text).group()


def test_the_link_to_a_new_password_leads_to_our_own_address_and_works(client, person, language):
    link = link_asked_for(client, person.email)

    page = client.get(link.removeprefix(settings.SITE_URL), follow=True)

    assert link.startswith(f"{settings.SITE_URL}/")
    assert headings(page) == 1
    assert not page.context.get("token_fail")


def test_a_broken_link_to_a_new_password_says_so(client, language):
    url = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "a-b"})

    page = client.get(url)

    assert headings(page) == 1
    assert page.context["token_fail"]


def test_asking_for_a_new_password_does_not_tell_who_has_an_account(client, person):
    ask = reverse("account_reset_password")

    pages = [
        client.post(ask, {"email": address}, follow=True)
        for address in (person.email, "nobody@oulu.example")
    ]

    known, unknown = ((p.redirect_chain, p.content) for p in pages)
    assert known == unknown


def test_the_three_days_that_pages_and_mails_promise_are_the_ones_set():
    days = settings.PASSWORD_RESET_TIMEOUT / 60 / 60 / 24

    assert days == getattr(settings, "ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS", 3) == 3
