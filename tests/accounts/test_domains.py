"""The mail domains of a municipality, by which a first person's address is looked at."""

import pytest
from django.urls import reverse

from accounts.domains import Standing, standing
from accounts.models import AccessRequest, MailDomain
from accounts.workflow import Refused, decide
from notifications.models import Mail
from tests.factories import AccessRequestFactory, MunicipalityFactory, UserFactory

LIST = "admin:accounts_accessrequest_changelist"


@pytest.fixture
def stranger_asks(mail_domain):
    """Somebody whose address is not in the municipality's domain asks for access."""
    user = UserFactory(email="somebody@mail.example")
    return AccessRequestFactory(municipality=mail_domain.municipality, user=user)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("a@town.example", Standing.INSIDE),
        ("a@TOWN.example", Standing.INSIDE),
        ("a@edu.town.example", Standing.INSIDE),
        ("a@nottown.example", Standing.OUTSIDE),
        ("a@town.example.evil.example", Standing.OUTSIDE),
        ("town.example@mail.example", Standing.OUTSIDE),
    ],
)
def test_an_address_is_inside_a_domain_or_below_it(mail_domain, address, expected):
    assert standing(address, mail_domain.municipality) == expected


def test_without_a_domain_nothing_is_known(town):
    assert standing("a@town.example", town) == Standing.UNKNOWN


def test_a_strange_address_is_let_in_only_with_a_reason(stranger_asks, lead):
    with pytest.raises(Refused, match="not in a mail domain of Omala"):
        decide(stranger_asks, "approved", by=lead, note="  ")
    assert AccessRequest.objects.get().state == "pending"
    assert not Mail.objects.exists()

    decide(stranger_asks, "approved", by=lead, note="The registry knows her.")

    assert stranger_asks.user.memberships.get().role == "coordinator"
    assert "The registry knows her." in Mail.objects.get().text


def test_declining_needs_none(stranger_asks, lead):
    assert decide(stranger_asks, "declined", by=lead)[1]


def test_the_staffs_list_says_how_each_address_stands(client, stranger_asks, lead):
    AccessRequestFactory(municipality=stranger_asks.municipality)  # person…@town.example
    AccessRequestFactory()
    client.force_login(lead)

    page = client.get(reverse(LIST)).text

    assert "somebody@mail.example: not in the municipality" in page
    assert "domain known" in page
    assert "@town.example: in the municipality" in page


def test_the_reason_is_written_beside_the_action(client, stranger_asks, lead):
    client.force_login(lead)
    form = {"action": "approve", "_selected_action": stranger_asks.pk}

    refused = client.post(reverse(LIST), form, follow=True)
    client.post(reverse(LIST), form | {"reason": "Phoned the town hall."})

    assert "Write a reason." in refused.text
    assert AccessRequest.objects.get().state == "approved"


def test_the_list_costs_the_same_for_one_and_for_three(count, lead, mail_domain):
    AccessRequestFactory()
    one = count(lead, LIST)
    for _ in range(2):
        MailDomain.objects.create(municipality=AccessRequestFactory().municipality, domain="x.fi")

    assert count(lead, LIST) == one


@pytest.mark.parametrize(
    ("typed", "stored"), [(" Vaasa.FI ", "vaasa.fi"), ("edu.vaasa.fi", "edu.vaasa.fi")]
)
def test_a_lead_keeps_the_domains(client, lead, typed, stored):
    town = MunicipalityFactory()
    client.force_login(lead)

    client.post(
        reverse("admin:accounts_maildomain_add"), {"municipality": town.pk, "domain": typed}
    )

    assert MailDomain.objects.get().domain == stored


@pytest.mark.parametrize("typed", ["", "vaasa", "a@vaasa.fi", "https://vaasa.fi", "x y.fi", ".fi"])
def test_what_is_no_domain_is_told_at_the_field(client, lead, typed):
    town = MunicipalityFactory()
    client.force_login(lead)
    form = {"municipality": town.pk, "domain": typed}

    page = client.post(reverse("admin:accounts_maildomain_add"), form)

    assert page.status_code == 200
    assert page.context["adminform"].form.errors["domain"]
    assert not MailDomain.objects.exists()
