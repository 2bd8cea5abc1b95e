from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications import workflow
from applications.models import Application, Call
from documents.models import Document
from notifications.models import Mail
from tests.factories import (
    ApplicationFactory,
    CallFactory,
)

State = Application.State


def reread(row):
    return type(row).objects.get(pk=row.pk)


def test_submitting_stamps_the_time_orders_the_receipt_and_tells_the_coordinator(
    draft, coordinator
):
    application, changed = workflow.move(draft, State.SUBMITTED, by=coordinator)

    assert changed
    assert application.state == State.SUBMITTED
    assert timezone.now() - application.submitted_at < timedelta(minutes=1)
    assert application.receipt.state == Document.State.QUEUED
    assert [mail.to for mail in Mail.objects.all()] == [coordinator.email]
    assert AuditEntry.objects.get().action == "application.submitted"


def test_a_second_click_changes_nothing_and_says_so(client, draft, coordinator):
    client.force_login(coordinator)
    url = reverse("applications:move", args=[draft.pk, State.SUBMITTED])

    pages = [client.post(url, follow=True) for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert "was already" in pages[1].text
    assert AuditEntry.objects.count() == Document.objects.count() == Mail.objects.count() == 1


def test_after_the_deadline_nothing_is_submitted_and_the_text_stays(draft, coordinator):
    Call.objects.update(closes_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(Refused, match="The call closed on"):
        workflow.move(draft, State.SUBMITTED, by=coordinator)

    assert reread(draft).state == State.DRAFT
    assert reread(draft).motivation == "CANARY-motivation"
    assert not Document.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("gap", ["motivation", "decided_on", "stays_to_the_end"])
def test_an_application_with_a_gap_is_not_submitted(town, coordinator, gap):
    empty = {"motivation": "", "decided_on": None, "stays_to_the_end": False}[gap]
    draft = ApplicationFactory(municipality=town, **{gap: empty})

    with pytest.raises(Refused, match="missing"):
        workflow.move(draft, State.SUBMITTED, by=coordinator)

    assert workflow.missing(draft) == [gap]


def test_a_withdrawn_application_makes_room_for_a_new_one(draft, coordinator):
    workflow.move(draft, State.WITHDRAWN, by=coordinator)

    again, created = workflow.start(draft.call, draft.municipality, by=coordinator)

    assert created
    assert again.pk != draft.pk


def test_a_second_start_opens_the_application_that_stands(draft, coordinator):
    again, created = workflow.start(draft.call, draft.municipality, by=coordinator)

    assert (again.pk, created) == (draft.pk, False)


def test_no_application_begins_before_or_after_the_call(town, coordinator):
    tomorrow = timezone.now() + timedelta(days=1)
    for call in (CallFactory(closed=True), CallFactory(opens_at=tomorrow)):
        with pytest.raises(Refused, match="not open now"):
            workflow.start(call, town, by=coordinator)

    assert not Application.objects.exists()


def test_a_merged_municipality_does_not_apply(call, town, other_town, coordinator):
    town.successor, town.valid_until = other_town, timezone.localdate()
    town.save()

    with pytest.raises(Refused, match="has merged"):
        workflow.start(call, town, by=coordinator)
