import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts.models import User
from notifications.models import Mail
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_signing_up_stores_name_language_and_a_lower_case_address(client):
    answers = {
        "email": "Noora@Town.Example",
        "password1": "lumi tulee ja sataa",
        "name": "Noora",
        "language": "sv",
    }

    client.post(reverse("account_signup"), answers)

    user = User.objects.get()
    assert (user.email, user.name, user.language) == ("noora@town.example", "Noora", "sv")
    assert Mail.objects.get().language == "sv"
    assert "/sv/accounts/confirm-email/" in Mail.objects.get().text


@pytest.mark.parametrize("host", ["evil.example", "localhost:8000.evil.example"])
def test_a_reset_mail_never_names_another_host(client, host):
    UserFactory(email="a@town.example")

    page = client.post(
        reverse("account_reset_password"), {"email": "a@town.example"}, headers={"host": host}
    )

    assert page.status_code == 400
    assert not Mail.objects.exists()


def test_the_secret_of_a_second_factor_is_stored_encrypted(person):
    person("coordinator")

    stored = Authenticator.objects.get().data["secret"]

    assert stored.startswith("gAAAA")
