from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment, AuditEntry
from accounts.workflow import Refused
from applications.models import Participation
from applications.workflow import participations
from notifications.models import Mail
from tests.factories import (
    AssignmentFactory,
    CallFactory,
    MunicipalityFactory,
    ParticipationFactory,
)

State = Participation.State


def test_a_lead_adds_a_late_joiner_and_a_reviewer_does_not(lead, reviewer):
    late = ParticipationFactory.build(
        project=CallFactory().project, municipality=MunicipalityFactory()
    )

    with pytest.raises(PermissionDenied):
        participations.add_late_joiner(late, by=reviewer)
    participations.add_late_joiner(late, by=lead)

    assert Participation.objects.get().joined_late
    assert AuditEntry.objects.get().action == "participation.started"


def test_who_leaves_loses_its_experts_and_keeps_its_work(
    client, participation, assessment, person, lead, coordinator
):
    expert = person("expert")

    row, changed = participations.end(participation, "withdrawn", by=lead, reason="No time left.")

    assert changed
    assert row.state == State.WITHDRAWN
    assert not expert.assignments.current().exists()
    mail = Mail.objects.get(user=coordinator)
    assert mail.subject == "No longer taking part: Omala"
    assert "No time left." in mail.text
    client.force_login(coordinator)
    assert client.get(assessment.get_absolute_url()).status_code == 200
    page = client.get(reverse("applications:participation", args=[participation.pk]))
    assert "The experts' assignments in the municipality end at once" in page.text
    client.force_login(expert)
    assert client.get(assessment.get_absolute_url()).status_code == 404


def test_an_assignment_that_would_begin_later_never_does(participation, lead):
    tomorrow = timezone.localdate() + timedelta(days=1)
    AssignmentFactory(municipality=participation.municipality, since=tomorrow)
    today = AssignmentFactory(municipality=participation.municipality, since=timezone.localdate())

    participations.end(participation, "withdrawn", by=lead, reason="No time left.")

    assert list(Assignment.objects.values_list("pk", "until")) == [(today.pk, timezone.localdate())]
    assert AuditEntry.objects.filter(action="assignment.ended").count() == 2


def test_who_takes_part_elsewhere_keeps_its_experts(participation, person, lead):
    expert = person("expert")
    ParticipationFactory(municipality=participation.municipality)

    participations.end(participation, "withdrawn", by=lead, reason="No time left.")

    assert expert.assignments.current().exists()


def test_leaving_needs_a_reason_and_a_lead(participation, lead, reviewer, coordinator):
    with pytest.raises(Refused, match="Say why"):
        participations.end(participation, "withdrawn", by=lead, reason=" ")
    for person in (reviewer, coordinator):
        with pytest.raises(PermissionDenied):
            participations.end(participation, "withdrawn", by=person, reason="Because.")

    assert Participation.objects.get().state == State.ACTIVE


def test_who_has_completed_leaves_no_more(participation, lead, coordinator):
    participations.end(participation, "completed", by=lead, reason="")

    with pytest.raises(Refused, match="Nothing was changed"):
        participations.end(participation, "withdrawn", by=lead, reason="Because.")

    assert [m.subject for m in Mail.objects.all()] == ["Taking part is completed: Omala"]


def test_the_page_says_what_happens_and_a_second_click_that_it_was_done(
    client, participation, lead
):
    client.force_login(lead)
    url = reverse("admin:applications_participation_end", args=[participation.pk, "withdrawn"])

    page = client.get(url)
    without = client.post(url, {"reason": ""})
    first, second = (client.post(url, {"reason": "No time."}, follow=True) for _ in range(2))

    assert "Nothing is deleted by this." in page.text
    assert without.status_code == 400
    assert "Omala is now “withdrawn”." in first.text
    assert "Omala was already “withdrawn”." in second.text
    assert AuditEntry.objects.filter(action="participation.withdrawn").count() == 1
