"""A strategy from its founding to its public page: who moves it, what follows, what is refused."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from accounts.workflow import Refused
from documents.models import Document
from notifications.models import Mail
from strategies import workflow
from strategies.frozen import checksum
from strategies.models import Heading, Measure, Strategy
from tests.factories import MembershipFactory, ParticipationFactory
from tests.strategies.factories import (
    ChapterFactory,
    MeasureFactory,
    ObjectiveFactory,
    StepFactory,
    StrategyFactory,
)

WORDS = {
    "title": "Kotoutumisstrategia",
    "language": "fi",
    "starts_on": date(2027, 1, 1),
    "ends_on": date(2030, 12, 31),
}


def found(participation, by):
    return workflow.found(participation, by=by, **WORDS)


def actions():
    return set(AuditEntry.objects.values_list("action", flat=True))


def templates():
    return sorted(Mail.objects.values_list("subject", flat=True))


def state(strategy):
    return Strategy.objects.get(pk=strategy.pk).state


# Founding


def test_a_strategy_begins_with_the_skeleton_in_its_language(participation, coordinator):
    strategy, created = found(participation, coordinator)

    assert created
    titles = list(strategy.chapters.values_list("title", flat=True))
    assert titles == list(Heading.objects.values_list("title_fi", flat=True))
    assert [(t.municipality, t.is_lead) for t in strategy.towns.all()] == [
        (participation.municipality, True)
    ]
    assert "strategy.founded" in actions()


def test_founded_twice_it_is_one_strategy(participation, coordinator):
    first, _created = found(participation, coordinator)

    second, created = found(participation, coordinator)

    assert (second, created) == (first, False)
    assert first.chapters.count() == Heading.objects.count()


@pytest.mark.parametrize("name", ["member", "reader", "partner", "other_coordinator", "expert"])
def test_only_a_coordinator_founds(participation, person, name):
    with pytest.raises(PermissionDenied):
        found(participation, person(name))


def test_who_no_longer_takes_part_founds_nothing(participation, coordinator):
    participation.state = "completed"
    participation.save()

    with pytest.raises(PermissionDenied):
        found(participation, coordinator)


def test_after_an_adopted_one_a_new_one_can_be_founded(adopted, coordinator):
    strategy, created = found(adopted.participation, coordinator)

    assert created
    assert strategy.pk != adopted.pk


# Before the bodies, and back


def test_laying_it_before_the_bodies_closes_the_text_and_tells_the_coordinators(
    strategy, coordinator
):
    moved, changed = workflow.move(strategy, "decision", by=coordinator)

    assert (moved.state, changed) == ("decision", True)
    assert templates() == ["Strategy before the deciding bodies: Omala"]
    assert "strategy.decision" in actions()


def test_a_second_click_changes_nothing(strategy, coordinator):
    workflow.move(strategy, "decision", by=coordinator)

    _strategy, changed = workflow.move(strategy, "decision", by=coordinator)

    assert not changed
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("name", ["member", "reader", "partner", "expert", "lead", "reviewer"])
@pytest.mark.parametrize("to", ["decision", "drafting", "adopted"])
def test_only_a_coordinator_moves_it(approved, person, name, to):
    if to == "decision":
        Strategy.objects.filter(pk=approved.pk).update(state="drafting")

    with pytest.raises(PermissionDenied):
        workflow.move(approved, to, by=person(name))


def test_a_draft_is_not_adopted_without_lying_before_the_bodies(strategy, coordinator):
    with pytest.raises(Refused, match="being drafted"):
        workflow.move(strategy, "adopted", by=coordinator)


def test_taken_back_it_is_drafted_again_and_the_mail_says_why(before_bodies, coordinator):
    workflow.move(before_bodies, "drafting", by=coordinator, note="The budget is missing.")

    assert state(before_bodies) == "drafting"
    assert "The budget is missing." in Mail.objects.get().text
    assert AuditEntry.objects.get(action="strategy.drafting").note == "The budget is missing."


# Adopting


def test_adopting_freezes_the_text_and_orders_a_file_in_each_language(approved, coordinator):
    ChapterFactory(strategy=approved, title="Visio", text="Kaikki mukaan.")

    strategy, _changed = workflow.move(approved, "adopted", by=coordinator)

    version = strategy.versions.get()
    assert (version.number, version.by) == (1, coordinator)
    assert [c["text"] for c in version.content["chapters"]] == ["Kaikki mukaan."]
    assert version.checksum == checksum(version.content)
    assert sorted(version.files.values_list("language", flat=True)) == ["en", "fi", "sv"]
    assert set(Document.objects.values_list("task", flat=True)) == {
        "strategies.tasks.produce_strategy"
    }
    assert strategy.adopted_at
    assert templates() == ["Strategy adopted: Omala"]


def test_the_checksum_is_that_of_what_is_read_back_from_the_database(adopted):
    version = adopted.versions.get()
    version.refresh_from_db()

    assert checksum(version.content) == version.checksum


def test_what_is_frozen_does_not_change_with_the_rows(adopted):
    Measure.objects.update(title="Something else")

    measures = adopted.versions.get().content["objectives"][0]["measures"]
    assert [measure["title"] for measure in measures] != ["Something else"]


def test_a_second_adoption_makes_no_second_version(adopted, coordinator):
    _strategy, changed = workflow.move(adopted, "adopted", by=coordinator)

    assert not changed
    assert adopted.versions.count() == 1
    assert Document.objects.count() == 3


def test_a_measure_without_an_owner_is_named_and_nothing_is_adopted(approved, coordinator):
    MeasureFactory(objective=approved.objectives.get(), title="Kielikahvila", responsible="")

    with pytest.raises(Refused, match="“Kielikahvila”"):
        workflow.move(approved, "adopted", by=coordinator)

    assert state(approved) == "decision"
    assert not approved.versions.exists()


def test_a_removed_measure_needs_no_owner(approved, coordinator):
    objective = approved.objectives.get()
    MeasureFactory(objective=objective, responsible="", removed_at=approved.founded_at)

    assert workflow.move(approved, "adopted", by=coordinator)[1]


@pytest.mark.parametrize(
    "last",
    [
        {"outcome": "returned"},
        {"outcome": "tabled"},
        {"outcome": "", "section_number": ""},
        {"body": "committee"},
        {"body": "board_section"},
    ],
)
def test_the_last_step_must_be_an_approval_by_the_board_or_the_council(approved, coordinator, last):
    StepFactory(strategy=approved, **last)

    with pytest.raises(Refused, match="The last decision step of Omala"):
        workflow.move(approved, "adopted", by=coordinator)


@pytest.mark.parametrize("body", ["municipal_board", "municipal_council"])
@pytest.mark.parametrize("outcome", ["approved", "amended"])
def test_an_approval_with_amendments_adopts_as_well(
    before_bodies, measure, coordinator, body, outcome
):
    StepFactory(strategy=before_bodies, body="committee", outcome="returned")
    StepFactory(strategy=before_bodies, body=body, outcome=outcome)

    assert workflow.move(before_bodies, "adopted", by=coordinator)[1]


def test_in_a_joint_strategy_each_municipality_decides_for_itself(
    approved, other_town, coordinator
):
    approved.towns.create(municipality=other_town)

    with pytest.raises(Refused, match="The last decision step of Muuala"):
        workflow.move(approved, "adopted", by=coordinator)

    StepFactory(strategy=approved, municipality=other_town)
    assert workflow.move(approved, "adopted", by=coordinator)[1]


def test_without_any_decision_nothing_is_adopted(before_bodies, coordinator):
    assert len(workflow.obstacles(before_bodies)) == 1


def test_a_new_strategy_supersedes_the_municipalitys_earlier_one(adopted, coordinator):
    project = ParticipationFactory(municipality=adopted.municipality)
    newer = StrategyFactory(participation=project, state="decision")
    StepFactory(strategy=newer)
    foreign = StrategyFactory(state="adopted")

    workflow.move(newer, "adopted", by=coordinator)

    assert [state(s) for s in (adopted, newer, foreign)] == ["superseded", "adopted", "adopted"]
    assert "strategy.superseded" in actions()


def test_the_coordinators_of_all_its_municipalities_are_told_once(
    strategy, other_town, coordinator, person
):
    strategy.towns.create(municipality=other_town)
    MembershipFactory(user=person("other_coordinator"), municipality=strategy.municipality)

    workflow.move(strategy, "decision", by=coordinator)

    told = sorted(Mail.objects.values_list("to", flat=True))
    assert told == ["coordinator@cast.example", "other_coordinator@cast.example"]


# Publishing


def test_a_published_strategy_can_be_taken_back_and_shown_again(adopted, coordinator):
    changes = [
        workflow.publish(adopted, by=coordinator, shown=shown) for shown in (True, False, True)
    ]

    assert changes == [True, True, True]
    assert Strategy.objects.published().get() == adopted
    assert {"strategy.published", "strategy.withdrawn"} <= actions()


def test_publishing_twice_is_done_once(published, coordinator):
    assert workflow.publish(published, by=coordinator, shown=True) is False


def test_a_draft_is_not_published(strategy, coordinator):
    with pytest.raises(Refused, match="adopted"):
        workflow.publish(strategy, by=coordinator, shown=True)


@pytest.mark.parametrize("name", ["member", "reader", "partner", "expert", "lead"])
def test_only_a_coordinator_publishes(adopted, person, name):
    with pytest.raises(PermissionDenied):
        workflow.publish(adopted, by=person(name), shown=True)


def test_a_superseded_strategy_stays_public(published):
    Strategy.objects.filter(pk=published.pk).update(state="superseded")

    assert Strategy.objects.published().exists()


# Its name, period and files


def test_changing_the_name_is_recorded_and_only_while_it_is_unfinished(strategy, coordinator):
    words = {"title": "New", "starts_on": strategy.starts_on, "ends_on": strategy.ends_on}
    for _click in range(2):
        workflow.change(strategy, by=coordinator, **words)
    Strategy.objects.filter(pk=strategy.pk).update(state="adopted")

    with pytest.raises(PermissionDenied):
        workflow.change(strategy, by=coordinator, **words | {"title": "Newer"})

    assert Strategy.objects.get(pk=strategy.pk).title == "New"
    assert AuditEntry.objects.filter(action="strategy.changed").count() == 1


def test_a_file_that_failed_is_asked_for_again(adopted, lead):
    file = adopted.versions.get().files.get(language="fi")
    Document.objects.filter(pk=file.document_id).update(state="failed")

    for _click in range(2):
        workflow.remake(file, by=lead)

    assert Document.objects.get(pk=file.document_id).state == "queued"
    assert AuditEntry.objects.filter(action="strategy.file_asked_again").count() == 1


def test_a_member_does_not_ask_for_a_file_again(adopted, member):
    with pytest.raises(PermissionDenied):
        workflow.remake(adopted.versions.get().files.first(), by=member)


def test_objectives_are_numbered_by_their_place_in_what_is_frozen(approved, coordinator):
    ObjectiveFactory(strategy=approved, removed_at=approved.founded_at)
    second = ObjectiveFactory(strategy=approved)
    MeasureFactory.create_batch(2, objective=second)

    strategy, _changed = workflow.move(approved, "adopted", by=coordinator)

    numbers = [
        (objective["number"], [m["number"] for m in objective["measures"]])
        for objective in strategy.versions.get().content["objectives"]
    ]
    assert numbers == [("1", ["1.1"]), ("2", ["2.1", "2.2"])]
