"""What belongs to applying: partners in their states, and what a call asks for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import MailDomain
from applications.workflow import move, partners
from tests.factories import PartnerFactory, RequirementFactory


@pytest.fixture
def asked(draft, other_town, coordinator):
    """The other town, asked to apply with the draft's."""
    return PartnerFactory(application=draft, municipality=other_town, asked_by=coordinator)


@pytest.fixture
def joined(asked, person):
    """The other town once it has confirmed."""
    return partners.move(asked, "confirmed", by=person("other_coordinator"))[0]


@pytest.fixture
def joint(joined):
    """The draft that the other town's people write, too."""
    return joined.application


@pytest.fixture
def letter_needed(draft):
    """The draft, whose call asks for a motivation letter."""
    RequirementFactory(call=draft.call)
    return draft


@pytest.fixture
def to_follow(submitted):
    """A submitted application to a call whose extract of the decision may still follow."""
    until = timezone.now() + timedelta(days=14)
    RequirementFactory(call=submitted.call, what="decision", follows_until=until)
    return submitted


@pytest.fixture
def handed_over(draft, coordinator):
    """The draft, submitted by the coordinator: with checksum and a queued receipt."""
    return move(draft, "submitted", by=coordinator)[0]


@pytest.fixture
def mail_domain(town):
    return MailDomain.objects.create(municipality=town, domain="town.example")
