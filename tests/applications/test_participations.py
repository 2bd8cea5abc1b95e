import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from applications.models import Participation
from applications.workflow import participations
from tests.factories import CallFactory, MunicipalityFactory, ParticipationFactory


def test_a_lead_adds_a_late_joiner_and_a_reviewer_does_not(lead, reviewer):
    late = ParticipationFactory.build(
        project=CallFactory().project, municipality=MunicipalityFactory()
    )

    with pytest.raises(PermissionDenied):
        participations.add_late_joiner(late, by=reviewer)
    participations.add_late_joiner(late, by=lead)

    assert Participation.objects.get().joined_late
    assert AuditEntry.objects.get().action == "participation.started"
