import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications import workflow
from applications.models import Application, Call, Participation
from applications.workflow import selections
from notifications.models import Mail
from tests.factories import ApplicationFactory

State = Application.State


def reread(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def three(closed_call):
    """A closed call of two seats with three applications under review."""
    more = ApplicationFactory.create_batch(2, call=closed_call, in_review=True)
    return [closed_call.applications.exclude(pk__in=[a.pk for a in more]).get(), *more]


def test_another_lead_confirms_and_everything_is_published_at_once(
    closed_call, three, lead, second_lead, coordinator
):
    selection = selections.propose(closed_call, three[:2], by=lead, reason="The two best.")

    _selection, changed = selections.confirm(selection, by=second_lead)

    assert changed
    assert [reread(a).state for a in three] == ["selected", "selected", "not_selected"]
    assert reread(closed_call).state == Call.State.DECIDED
    assert Participation.objects.count() == 2
    assert [m.subject for m in Mail.objects.all()] == ["Selected: Omala"]


def test_the_lead_who_proposed_cannot_confirm(closed_call, three, lead):
    selection = selections.propose(closed_call, three[:1], by=lead, reason="The best.")

    with pytest.raises(PermissionDenied):
        selections.confirm(selection, by=lead)

    assert not Participation.objects.exists()


def test_more_than_the_seats_cannot_be_proposed(closed_call, three, lead):
    with pytest.raises(Refused, match="3 were chosen, but the call has 2 seats"):
        selections.propose(closed_call, three, by=lead, reason="All are good.")


def test_seats_taken_away_after_the_proposal_stop_the_confirmation(
    closed_call, three, lead, second_lead
):
    selection = selections.propose(closed_call, three[:2], by=lead, reason="The two best.")
    Call.objects.update(seats=1)

    with pytest.raises(Refused, match="2 were chosen, but the call has 1 seats"):
        selections.confirm(selection, by=second_lead)

    assert {a.state for a in Application.objects.all()} == {"in_review"}
    assert not Participation.objects.exists()


def test_a_second_confirmation_says_that_it_is_done(closed_call, three, lead, second_lead):
    selection = selections.propose(closed_call, three[:2], by=lead, reason="The two best.")
    selections.confirm(selection, by=second_lead)

    _selection, changed = selections.confirm(selection, by=second_lead)

    assert changed is None
    assert Participation.objects.count() == 2


def test_a_proposal_that_was_sent_back_can_be_made_anew(closed_call, three, lead, second_lead):
    first = selections.propose(closed_call, three[:2], by=lead, reason="The two best.")
    selections.send_back(first, by=second_lead, note="Look at the regions.")

    second = selections.propose(closed_call, three[1:], by=lead, reason="The other two.")

    assert second.pk != first.pk
    assert AuditEntry.objects.filter(note="Look at the regions.").exists()


def test_an_unread_application_stops_the_confirmation(closed_call, three, lead, second_lead):
    ApplicationFactory(call=closed_call, submitted=True)
    selection = selections.propose(closed_call, three[:2], by=lead, reason="The two best.")

    with pytest.raises(Refused, match="not under review"):
        selections.confirm(selection, by=second_lead)


def test_an_application_withdrawn_meanwhile_stops_the_confirmation(
    closed_call, three, lead, second_lead, coordinator
):
    selection = selections.propose(closed_call, three[:2], by=lead, reason="The two best.")
    workflow.move(three[0], State.WITHDRAWN, by=coordinator)

    with pytest.raises(Refused, match="under review can be chosen"):
        selections.confirm(selection, by=second_lead)
