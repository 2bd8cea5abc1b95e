from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications import workflow
from applications.models import Application, Call, Participation, Review
from documents.models import Document
from notifications.models import Mail
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    MembershipFactory,
    MunicipalityFactory,
    ParticipationFactory,
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

    with pytest.raises(Refused, match="The call has closed"):
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


def test_a_reviewer_who_belongs_to_the_municipality_does_not_judge_it(in_review, reviewer):
    MembershipFactory(user=reviewer, municipality=in_review.municipality, role="reader")

    with pytest.raises(PermissionDenied):
        workflow.hand_in_review(in_review, by=reviewer, score=90, comment="Ours.")


def test_a_review_handed_in_again_replaces_the_first(in_review, reviewer):
    for score in (40, 60):
        workflow.hand_in_review(in_review, by=reviewer, score=score, comment="Read again.")

    assert Review.objects.get().score == 60
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["review.handed_in", "review.changed"]


def test_others_reviews_show_once_the_own_one_is_handed_in(in_review, reviewer, second_lead):
    workflow.hand_in_review(in_review, by=second_lead, score=80, comment="Strong.")

    before = Review.objects.visible_to(reviewer).count()
    workflow.hand_in_review(in_review, by=reviewer, score=70, comment="Good.")

    assert (before, Review.objects.visible_to(reviewer).count()) == (0, 2)


@pytest.fixture
def three(closed_call):
    """A closed call of two seats with three applications under review."""
    more = ApplicationFactory.create_batch(2, call=closed_call, in_review=True)
    return [closed_call.applications.exclude(pk__in=[a.pk for a in more]).get(), *more]


def test_another_lead_confirms_and_everything_is_published_at_once(
    closed_call, three, lead, second_lead, coordinator
):
    selection = workflow.propose(closed_call, three[:2], by=lead, reason="The two best.")

    _selection, changed = workflow.confirm(selection, by=second_lead)

    assert changed
    assert [reread(a).state for a in three] == ["selected", "selected", "not_selected"]
    assert reread(closed_call).state == Call.State.DECIDED
    assert Participation.objects.count() == 2
    assert [m.subject for m in Mail.objects.all()] == ["Selected: Omala"]


def test_the_lead_who_proposed_cannot_confirm(closed_call, three, lead):
    selection = workflow.propose(closed_call, three[:1], by=lead, reason="The best.")

    with pytest.raises(PermissionDenied):
        workflow.confirm(selection, by=lead)

    assert not Participation.objects.exists()


def test_more_than_the_seats_cannot_be_proposed(closed_call, three, lead):
    with pytest.raises(Refused, match="3 were chosen, but the call has 2 seats"):
        workflow.propose(closed_call, three, by=lead, reason="All are good.")


def test_seats_taken_away_after_the_proposal_stop_the_confirmation(
    closed_call, three, lead, second_lead
):
    selection = workflow.propose(closed_call, three[:2], by=lead, reason="The two best.")
    Call.objects.update(seats=1)

    with pytest.raises(Refused, match="2 were chosen, but the call has 1 seats"):
        workflow.confirm(selection, by=second_lead)

    assert {a.state for a in Application.objects.all()} == {"in_review"}
    assert not Participation.objects.exists()


def test_a_second_confirmation_says_that_it_is_done(closed_call, three, lead, second_lead):
    selection = workflow.propose(closed_call, three[:2], by=lead, reason="The two best.")
    workflow.confirm(selection, by=second_lead)

    _selection, changed = workflow.confirm(selection, by=second_lead)

    assert changed is None
    assert Participation.objects.count() == 2


def test_a_proposal_that_was_sent_back_can_be_made_anew(closed_call, three, lead, second_lead):
    first = workflow.propose(closed_call, three[:2], by=lead, reason="The two best.")
    workflow.send_back(first, by=second_lead, note="Look at the regions.")

    second = workflow.propose(closed_call, three[1:], by=lead, reason="The other two.")

    assert second.pk != first.pk
    assert AuditEntry.objects.filter(note="Look at the regions.").exists()


def test_an_unread_application_stops_the_confirmation(closed_call, three, lead, second_lead):
    ApplicationFactory(call=closed_call, submitted=True)
    selection = workflow.propose(closed_call, three[:2], by=lead, reason="The two best.")

    with pytest.raises(Refused, match="not under review"):
        workflow.confirm(selection, by=second_lead)


def test_an_application_withdrawn_meanwhile_stops_the_confirmation(
    closed_call, three, lead, second_lead, coordinator
):
    selection = workflow.propose(closed_call, three[:2], by=lead, reason="The two best.")
    workflow.move(three[0], State.WITHDRAWN, by=coordinator)

    with pytest.raises(Refused, match="under review can be chosen"):
        workflow.confirm(selection, by=second_lead)


def test_a_lead_adds_a_late_joiner_and_a_reviewer_does_not(lead, reviewer):
    late = ParticipationFactory.build(
        project=CallFactory().project, municipality=MunicipalityFactory()
    )

    with pytest.raises(PermissionDenied):
        workflow.add_late_joiner(late, by=reviewer)
    workflow.add_late_joiner(late, by=lead)

    assert Participation.objects.get().joined_late
    assert AuditEntry.objects.get().action == "participation.started"
