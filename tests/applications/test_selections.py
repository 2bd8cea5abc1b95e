import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications import workflow
from applications.models import Application, Call, Letter, Participation, Review, Selection
from applications.workflow import selections
from applications.workflow.selections import Choice
from notifications.models import Mail
from tests.applications.selecting_cast import choices, in_all, in_two_weeks
from tests.factories import ApplicationFactory, ReviewFactory

State = Application.State


def reread(row):
    return type(row).objects.get(pk=row.pk)


def states(applications):
    return [reread(a).state for a in applications]


def test_another_lead_confirms_and_everything_is_published_at_once(
    put_forward, ranked, second_lead, coordinator
):
    selection, changed = selections.confirm(put_forward(), by=second_lead)

    assert changed
    assert states(ranked) == ["selected", "selected", "reserve", "reserve"]
    assert reread(selection.call).state == Call.State.DECIDED
    assert {reread(a).answer_by for a in ranked[:2]} == {in_two_weeks()}
    assert reread(ranked[2]).answer_by is None
    assert Letter.objects.count() == 4
    assert [m.subject for m in Mail.objects.all()] == ["Selected to take part: Omala"]
    assert not Participation.objects.exists()  # that comes with the answer


def test_the_lead_who_proposed_cannot_confirm(put_forward, ranked, lead):
    selection = put_forward()

    with pytest.raises(PermissionDenied):
        selections.confirm(selection, by=lead)

    assert set(states(ranked)) == {"in_review"}


def test_more_than_the_seats_cannot_be_proposed(closed_call, ranked, lead):
    with pytest.raises(Refused, match="3 were chosen, but the call has 2 seats"):
        selections.propose(
            closed_call,
            choices(*ranked, selected=3, reserve=1),
            by=lead,
            reasons=in_all("All are good."),
            answer_by=in_two_weeks(),
        )


def test_below_the_pass_mark_nobody_is_proposed_whatever_the_reason(closed_call, ranked, lead):
    closed_call.pass_mark = 85
    closed_call.save()

    with pytest.raises(Refused, match="does not reach the pass mark"):
        selections.propose(
            closed_call,
            choices(*ranked, selected=2, reason="We like it."),
            by=lead,
            reasons=in_all("So be it."),
            answer_by=in_two_weeks(),
        )


def test_the_order_is_left_only_with_a_reason(closed_call, ranked, lead):
    best, *others = ranked
    given = choices(*others, best, selected=2, reserve=2)
    terms = {"by": lead, "reasons": in_all("The coast."), "answer_by": in_two_weeks()}

    with pytest.raises(Refused, match=r"Omala: This leaves the order of the scores\. Say why"):
        selections.propose(closed_call, given, **terms)
    given[best.pk] = Choice("reserve", 2, "It asked to begin a year later.")
    selection = selections.propose(closed_call, given, **terms)

    assert selection.lines.get(application=best).position == 2


def test_the_reserve_is_numbered_without_gaps_in_the_order_given(closed_call, ranked, lead):
    given = choices(*ranked, selected=2, reserve=2)
    given[ranked[2].pk] = Choice("reserve", 7, "It joins when the second one has.")
    given[ranked[3].pk] = Choice("reserve", 3)

    selection = selections.propose(
        closed_call, given, by=lead, reasons=in_all("x"), answer_by=in_two_weeks()
    )

    places = {line.application_id: line.position for line in selection.lines.all()}
    assert [places[a.pk] for a in ranked] == [None, None, 2, 1]


def test_seats_taken_away_after_the_proposal_stop_the_confirmation(
    put_forward, ranked, second_lead
):
    selection = put_forward()
    Call.objects.update(seats=1)

    with pytest.raises(Refused, match="2 were chosen, but the call has 1 seats"):
        selections.confirm(selection, by=second_lead)

    assert set(states(ranked)) == {"in_review"}
    assert not Letter.objects.exists()


def test_scores_that_changed_after_the_proposal_stop_the_confirmation(
    closed_call, ranked, lead, second_lead
):
    given = choices(*ranked, selected=2, reserve=2)
    terms = {"by": lead, "reasons": in_all("By the scores."), "answer_by": in_two_weeks()}
    selection = selections.propose(closed_call, given, **terms)
    Review.objects.filter(application=ranked[3]).update(score=99)

    with pytest.raises(Refused, match="leaves the order"):
        selections.confirm(selection, by=second_lead)


def test_a_day_to_answer_that_is_over_stops_the_confirmation(put_forward, second_lead):
    selection = put_forward()
    Selection.objects.update(answer_by=timezone.localdate())

    with pytest.raises(Refused, match="has to lie in the future"):
        selections.confirm(selection, by=second_lead)


def test_a_second_confirmation_says_that_it_is_done(decided, second_lead):
    selection = decided.selections.get()

    _selection, changed = selections.confirm(selection, by=second_lead)

    assert changed is None
    assert Letter.objects.count() == 4
    assert AuditEntry.objects.filter(action="call.decided").count() == 1


def test_a_proposal_that_was_sent_back_is_what_the_next_one_begins_with(
    client, put_forward, closed_call, second_lead, lead
):
    first = put_forward()
    selections.send_back(first, by=second_lead, note="Look at the regions.")
    client.force_login(lead)

    page = client.get(reverse("admin:applications_call_selection", args=[closed_call.pk]))

    assert "CANARY-line-reason" in page.text
    assert "By the scores." in page.text
    assert AuditEntry.objects.filter(note="Look at the regions.").exists()
    assert put_forward().pk != first.pk


def test_an_unread_application_stops_the_confirmation(put_forward, closed_call, second_lead):
    selection = put_forward()
    ApplicationFactory(call=closed_call, submitted=True)

    with pytest.raises(Refused, match="not under review"):
        selections.confirm(selection, by=second_lead)


def test_an_application_withdrawn_meanwhile_stops_the_confirmation(
    put_forward, ranked, second_lead, coordinator
):
    selection = put_forward()
    workflow.move(ranked[0], State.WITHDRAWN, by=coordinator)

    with pytest.raises(Refused, match="Not the same applications"):
        selections.confirm(selection, by=second_lead)


@pytest.fixture
def board(client, closed_call, lead):
    """The board as `lead` sees it, and what happens to what the lead sends."""

    def ask(step="selection", **data):
        client.force_login(lead)
        url = reverse(f"admin:applications_call_{step}", args=[closed_call.pk])
        return client.post(url, data, follow=True) if step != "selection" else client.get(url)

    return ask


def sent(*applications, selected, **fields):
    """A form of the board in which the first `selected` are selected and the others neither."""
    reasons = {f"reason_{language}": "By the scores." for language in ("en", "fi", "sv")}
    data = reasons | {"answer_by": in_two_weeks().isoformat()} | fields
    for number, application in enumerate(applications):
        data[f"{application.pk}-outcome"] = "selected" if number < selected else "not_selected"
        data[f"{application.pk}-reason"] = f"Reason {number}"
    return data


def test_when_all_that_pass_fit_the_seats_the_board_says_so_and_ranks_nobody(
    board, closed_call, in_review
):
    ReviewFactory(application=in_review, score=70)

    page = board()

    assert "Nobody competes." in page.text
    assert "Rank" not in page.text


def test_the_board_ranks_and_says_by_which_rule_when_there_are_more(board, ranked):
    page = board()

    assert "Nobody competes." not in page.text
    assert "the higher mean goes first" in page.text
    assert "Regions, sizes and languages of the selected" in page.text


def test_what_is_missing_is_said_at_its_line_and_the_rest_is_kept(board, ranked):
    data = sent(*ranked, selected=2)
    data[f"{ranked[2].pk}-reason"] = ""

    page = board("propose", **data)

    assert page.status_code == 400
    assert "gets less than is free. Say why." in page.text
    assert "Reason 3" in page.text
    assert not Selection.objects.exists()


def test_too_many_and_a_day_in_the_past_are_said_and_the_rest_is_kept(board, ranked):
    page = board("propose", **sent(*ranked, selected=3))
    late = board("propose", **sent(*ranked, selected=2, answer_by="1.1.2020"))

    assert "3 were chosen, but the call has 2 seats." in page.text
    assert "has to lie in the future" in late.text
    assert "Reason 3" in page.text
    assert not Selection.objects.exists()


def test_a_second_proposal_changes_nothing_and_says_so(board, ranked):
    pages = [board("propose", **sent(*ranked, selected=2)) for _ in range(2)]

    assert "The proposal is stored." in pages[0].text
    assert "A proposal stands already." in pages[1].text
    assert Selection.objects.count() == 1


def test_a_reviewer_sees_no_scores_before_there_is_a_proposal(
    client, closed_call, ranked, reviewer
):
    client.force_login(reviewer)

    page = client.get(reverse("admin:applications_call_selection", args=[closed_call.pk]))

    assert "Mean score" not in page.text
    assert "90.0" not in page.text


def test_the_board_costs_the_same_for_one_and_for_three(count, lead, closed_call, in_review):
    def add():
        ReviewFactory(application=ApplicationFactory(call=closed_call, in_review=True))

    route = "admin:applications_call_selection"
    add()
    one = count(lead, route, closed_call.pk)
    add()
    add()

    assert count(lead, route, closed_call.pk) == one
