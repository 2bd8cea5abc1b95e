"""The bodies that decide, and the municipalities that come into a strategy."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from accounts.workflow import Refused
from notifications.models import Mail
from strategies import permissions, workflow
from strategies.models import DecisionStep, Strategy
from strategies.workflow import decisions, towns
from tests.factories import MunicipalityFactory
from tests.strategies.factories import StepFactory

COMMITTEE = {"body": "committee", "name": "Education Committee"}
DECIDED = {
    "decided_on": date(2026, 11, 16),
    "section_number": "§ 252",
    "outcome": "approved",
    "note": "",
}


def state(strategy):
    return Strategy.objects.get(pk=strategy.pk).state


def test_bodies_are_listed_in_the_order_in_which_they_are_added(strategy, town, coordinator):
    for name in ("Education Committee", "Municipal board", "Municipal council"):
        decisions.plan(strategy, by=coordinator, municipality=town, body="committee", name=name)

    numbers = list(strategy.steps.values_list("number", "name"))
    assert numbers == [(1, "Education Committee"), (2, "Municipal board"), (3, "Municipal council")]


def test_the_same_body_added_twice_is_one_step(strategy, town, coordinator):
    first, _created = decisions.plan(strategy, by=coordinator, municipality=town, **COMMITTEE)

    again = decisions.plan(strategy, by=coordinator, municipality=town, **COMMITTEE)

    assert again == (first, False)
    assert AuditEntry.objects.get(action="decisionstep.planned").municipality == town


@pytest.mark.parametrize("name", ["member", "reader", "partner", "expert", "lead"])
def test_only_a_coordinator_lists_bodies(strategy, town, person, name):
    with pytest.raises(PermissionDenied):
        decisions.plan(strategy, by=person(name), municipality=town, **COMMITTEE)


def test_nobody_lists_the_bodies_of_another_municipality(strategy, other_town, coordinator):
    strategy.towns.create(municipality=other_town)

    with pytest.raises(PermissionDenied):
        decisions.plan(strategy, by=coordinator, municipality=other_town, **COMMITTEE)


def test_a_municipality_outside_has_no_say(strategy, other_town, person):
    with pytest.raises(PermissionDenied):
        decisions.plan(
            strategy, by=person("other_coordinator"), municipality=other_town, **COMMITTEE
        )


def test_an_adopted_strategy_takes_no_further_body(adopted, town, coordinator):
    with pytest.raises(Refused, match="adopted"):
        decisions.plan(adopted, by=coordinator, municipality=town, **COMMITTEE)


def test_an_outcome_is_recorded_and_can_be_corrected(step_to_decide, coordinator):
    decisions.decide(step_to_decide, by=coordinator, **DECIDED)
    decisions.decide(step_to_decide, by=coordinator, **DECIDED | {"section_number": "§ 253"})

    step = DecisionStep.objects.get()
    assert (step.outcome, step.section_number) == ("approved", "§ 253")
    notes = AuditEntry.objects.filter(action="decisionstep.recorded").order_by("pk")
    assert list(notes.values_list("note", flat=True)) == ["§ 252, approved", "§ 253, approved"]


def test_an_outcome_that_is_sent_twice_is_recorded_once(step_to_decide, coordinator):
    for _click in range(2):
        decisions.decide(step_to_decide, by=coordinator, **DECIDED)

    assert AuditEntry.objects.filter(action="decisionstep.recorded").count() == 1


def test_an_outcome_needs_a_strategy_before_the_bodies(step, coordinator):
    with pytest.raises(Refused, match="before the deciding bodies"):
        decisions.decide(step, by=coordinator, **DECIDED)


@pytest.mark.parametrize("name", ["member", "reader", "partner", "expert", "lead"])
def test_only_a_coordinator_records_an_outcome(step_to_decide, person, name):
    with pytest.raises(PermissionDenied):
        decisions.decide(step_to_decide, by=person(name), **DECIDED)


def test_another_municipalitys_coordinator_records_only_its_own(
    before_bodies, other_town, step_to_decide, person
):
    before_bodies.towns.create(municipality=other_town)
    own = StepFactory(strategy=before_bodies, municipality=other_town, outcome="")
    other = person("other_coordinator")

    decisions.decide(own, by=other, **DECIDED)

    with pytest.raises(PermissionDenied):
        decisions.decide(step_to_decide, by=other, **DECIDED)


def test_what_is_returned_for_preparation_is_drafted_again(step_to_decide, coordinator):
    returned = DECIDED | {"outcome": "returned", "note": "The costs are missing."}

    decisions.decide(step_to_decide, by=coordinator, **returned)

    assert state(step_to_decide.strategy) == "drafting"
    assert "The costs are missing." in Mail.objects.get().text


@pytest.mark.parametrize("outcome", ["approved", "amended", "tabled"])
def test_any_other_outcome_leaves_it_before_the_bodies(step_to_decide, coordinator, outcome):
    decisions.decide(step_to_decide, by=coordinator, **DECIDED | {"outcome": outcome})

    assert state(step_to_decide.strategy) == "decision"
    assert not Mail.objects.exists()


def test_a_body_that_has_not_decided_can_be_taken_off_the_list(step, coordinator):
    decisions.drop(step, by=coordinator)

    assert not DecisionStep.objects.exists()


def test_a_body_that_has_decided_stays(before_bodies, coordinator):
    step = StepFactory(strategy=before_bodies)

    with pytest.raises(Refused, match="decided already"):
        decisions.drop(step, by=coordinator)


# Another municipality


def test_an_invited_municipality_comes_in_when_its_coordinator_accepts(strategy_invitation, person):
    strategy = strategy_invitation.strategy

    changed = towns.answer(strategy_invitation, "accepted", by=person("other_coordinator"))

    assert changed
    assert [t.municipality.name for t in strategy.towns.all()] == ["Omala", "Muuala"]
    visible = Strategy.objects.visible_to
    assert [visible(person(n)).exists() for n in ("other_member", "free_expert")] == [True, True]
    assert (
        sorted(Mail.objects.values_list("subject", flat=True))
        == ["Muuala has a part in the strategy now"] * 2
    )


def test_before_it_accepts_a_municipality_sees_nothing(strategy_invitation, person):
    other = person("other_coordinator")

    assert not Strategy.objects.visible_to(other).exists()
    assert type(strategy_invitation).objects.visible_to(other).exists()


def test_a_declined_invitation_leaves_all_as_it_was_and_can_be_sent_again(
    strategy_invitation, coordinator, other_town, person
):
    towns.answer(strategy_invitation, "declined", by=person("other_coordinator"))

    assert strategy_invitation.strategy.towns.count() == 1
    assert Mail.objects.get().subject == "Muuala does not join the strategy"
    assert towns.invite(strategy_invitation.strategy, other_town, by=coordinator)[1]


@pytest.mark.parametrize("name", ["coordinator", "other_member", "lead"])
def test_only_the_invited_municipalitys_coordinator_answers(strategy_invitation, person, name):
    with pytest.raises(PermissionDenied):
        towns.answer(strategy_invitation, "accepted", by=person(name))


def test_once_the_text_is_closed_nobody_joins(strategy_invitation, person):
    Strategy.objects.update(state="decision")

    with pytest.raises(Refused, match="no longer being drafted"):
        towns.answer(strategy_invitation, "accepted", by=person("other_coordinator"))

    assert strategy_invitation.strategy.towns.count() == 1


def test_an_answer_that_is_refused_leaves_the_invitation_open(strategy_invitation, person):
    Strategy.objects.update(state="decision")

    with pytest.raises(Refused):
        towns.answer(strategy_invitation, "accepted", by=person("other_coordinator"))

    strategy_invitation.refresh_from_db()
    assert strategy_invitation.state == "open"


def test_an_invitation_is_sent_once(strategy, other_participation, person, coordinator):
    town = other_participation.municipality
    person("other_coordinator")

    created = [towns.invite(strategy, town, by=coordinator)[1] for _ in range(2)]

    assert created == [True, False]
    assert Mail.objects.get().subject == "Omala invites you into its strategy"


@pytest.mark.parametrize("name", ["member", "reader", "partner", "expert", "lead"])
def test_only_the_leading_municipalitys_coordinator_invites(
    strategy, other_participation, person, name
):
    with pytest.raises(PermissionDenied):
        towns.invite(strategy, other_participation.municipality, by=person(name))


def test_a_municipality_outside_the_project_is_not_invited(strategy, coordinator):
    with pytest.raises(Refused, match="does not take part"):
        towns.invite(strategy, MunicipalityFactory(), by=coordinator)


def test_a_municipality_with_a_part_is_not_invited(strategy, town, coordinator):
    with pytest.raises(Refused, match="has a part already"):
        towns.invite(strategy, town, by=coordinator)


# A text that is drafted again


def test_a_text_that_is_drafted_again_is_not_adopted_by_the_earlier_approval(approved, coordinator):
    for to in ("drafting", "decision"):
        workflow.move(approved, to, by=coordinator)

    with pytest.raises(Refused, match="The last decision step of Omala must be an approval"):
        workflow.move(approved, "adopted", by=coordinator)


def test_the_same_body_approves_the_new_text(approved, coordinator):
    for to in ("drafting", "decision"):
        workflow.move(approved, to, by=coordinator)

    decisions.decide(approved.steps.get(), by=coordinator, **DECIDED)

    assert workflow.move(approved, "adopted", by=coordinator)[1]


def test_one_municipalitys_return_takes_the_others_approval_back(
    approved, other_town, coordinator, person
):
    approved.towns.create(municipality=other_town)
    own = StepFactory(strategy=approved, municipality=other_town, outcome="")
    other = person("other_coordinator")
    decisions.decide(own, by=other, **DECIDED | {"outcome": "returned"})
    workflow.move(approved, "decision", by=coordinator)

    decisions.decide(own, by=other, **DECIDED)

    assert len(workflow.obstacles(approved)) == 1


def test_an_amendment_of_an_earlier_text_opens_nothing_before_the_bodies(
    chapter_amended, coordinator
):
    strategy = chapter_amended.strategy
    assert permissions.can_write(coordinator, strategy)

    for to in ("drafting", "decision"):
        workflow.move(strategy, to, by=coordinator)

    assert not permissions.can_write(coordinator, strategy)


def test_name_and_period_are_closed_with_the_text(before_bodies, coordinator):
    words = {"title": "Newer", "starts_on": date(2028, 1, 1), "ends_on": date(2031, 12, 31)}

    with pytest.raises(PermissionDenied):
        workflow.change(before_bodies, by=coordinator, **words)

    StepFactory(strategy=before_bodies, body="committee", outcome="amended")
    assert workflow.change(before_bodies, by=coordinator, **words).title == "Newer"
