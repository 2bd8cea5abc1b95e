"""Chapters, objectives, measures, and the recommendations that the measures answer."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from accounts.workflow import Refused
from indexanalysis.models import Recommendation
from strategies.models import Measure, Objective, Strategy
from strategies.workflow import parts
from tests.strategies.factories import (
    ChapterFactory,
    MeasureFactory,
    ObjectiveFactory,
    RecommendationFactory,
    StepFactory,
)

WRITERS = ["coordinator", "member", "partner"]
OTHERS = ["reader", "expert", "lead", "reviewer", "other_coordinator"]


@pytest.mark.parametrize("name", WRITERS)
def test_whoever_edits_adds_at_the_end(strategy, person, name):
    ObjectiveFactory(strategy=strategy, number=4)

    objective, _created = parts.add_objective(strategy, by=person(name), title="Kieli")
    measure, _created = parts.add_measure(objective, by=person(name), title="Kahvila")
    chapter, _created = parts.add_chapter(strategy, by=person(name), title="Talous")

    assert (objective.number, measure.number, chapter.number) == (5, 1, 1)


@pytest.mark.parametrize("name", OTHERS)
def test_others_add_nothing(strategy, objective, person, name):
    by = person(name)

    for add, to in [
        (parts.add_objective, strategy),
        (parts.add_chapter, strategy),
        (parts.add_measure, objective),
    ]:
        with pytest.raises(PermissionDenied):
            add(to, by=by, title="New")


def test_the_same_title_twice_is_one_row(strategy, objective, member):
    first = [
        parts.add_chapter(strategy, by=member, title="A")[0],
        parts.add_objective(strategy, by=member, title="A")[0],
        parts.add_measure(objective, by=member, title="A")[0],
    ]

    again = [
        parts.add_chapter(strategy, by=member, title="A"),
        parts.add_objective(strategy, by=member, title="A"),
        parts.add_measure(objective, by=member, title="A"),
    ]

    assert again == [(row, False) for row in first]


@pytest.mark.parametrize("state", ["decision", "adopted", "superseded"])
def test_a_closed_text_takes_nothing_more(strategy, objective, coordinator, state):
    Strategy.objects.filter(pk=strategy.pk).update(state=state)

    with pytest.raises(PermissionDenied):
        parts.add_measure(objective, by=coordinator, title="New")


def test_what_a_body_has_amended_a_coordinator_enters_and_nobody_else(
    before_bodies, objective, step, coordinator, member
):
    before_bodies.steps.update(outcome="amended", section_number="§ 1")

    measure, _created = parts.add_measure(objective, by=coordinator, title="Amended")

    assert measure.pk
    with pytest.raises(PermissionDenied):
        parts.add_measure(objective, by=member, title="Mine")


@pytest.mark.parametrize("outcome", ["approved", "returned"])
def test_what_was_amended_before_the_last_decision_opens_nothing(
    before_bodies, objective, coordinator, outcome
):
    StepFactory(strategy=before_bodies, outcome="amended")
    StepFactory(strategy=before_bodies, outcome=outcome)

    with pytest.raises(PermissionDenied):
        parts.add_measure(objective, by=coordinator, title="Late")


# Made of a recommendation


def test_a_measure_made_of_a_recommendation_has_its_words_and_the_tags_of_its_questions(
    objective, recommendation, member
):
    measure, created = parts.make_measure(objective, recommendation, by=member)

    edition = recommendation.assessment.edition
    questions = [edition.question(code) for code in recommendation.questions]
    assert created
    assert (measure.title, measure.text) == (recommendation.title_fi, "Tee näin.")
    for kind in ("dimensions", "principles", "policy_areas"):
        expected = {code for question in questions for code in getattr(question, kind)}
        assert set(getattr(measure, kind)) == expected
    assert [link.recommendation for link in measure.answered.all()] == [recommendation]


def test_a_recommendation_in_another_language_comes_as_it_was_written(
    strategy, objective, recommendation, member
):
    Strategy.objects.filter(pk=strategy.pk).update(language="sv")
    objective.strategy.refresh_from_db()

    measure, _created = parts.make_measure(objective, recommendation, by=member)

    assert measure.title == recommendation.title_en


def test_an_objective_made_of_a_recommendation_has_the_tags_and_no_link(
    strategy, recommendation, member
):
    objective, created = parts.make_objective(strategy, recommendation, by=member)

    assert created
    assert objective.policy_areas == parts.tags_of(recommendation)["policy_areas"]
    assert not recommendation.measures.exists()


def test_made_twice_it_is_one_measure(objective, recommendation, member):
    first, _created = parts.make_measure(objective, recommendation, by=member)

    assert parts.make_measure(objective, recommendation, by=member) == (first, False)
    assert first.answered.count() == 1


@pytest.mark.parametrize("state", ["issued", "not_taken_up"])
def test_nothing_is_made_of_what_is_not_accepted(objective, recommendation, member, state):
    Recommendation.objects.filter(pk=recommendation.pk).update(state=state, response="No money.")
    recommendation.refresh_from_db()

    with pytest.raises(Refused, match="accepted"):
        parts.make_measure(objective, recommendation, by=member)

    assert not Measure.objects.exists()


# Linking


def test_a_link_is_made_once_and_taken_away_once(measure, recommendation, member):
    links = [parts.link(measure, recommendation, by=member) for _ in range(2)]
    cuts = [parts.unlink(measure, recommendation, by=member) for _ in range(2)]

    assert (links, cuts) == ([True, False], [True, False])


def test_a_measure_without_tags_takes_those_of_the_first_recommendation(
    measure, recommendation, member
):
    parts.link(measure, recommendation, by=member)

    measure.refresh_from_db()
    assert measure.tags == parts.tags_of(recommendation)
    assert measure.version == 1


def test_tags_that_a_person_has_chosen_stay(measure, recommendation, member):
    Measure.objects.filter(pk=measure.pk).update(dimensions=["security"])

    parts.link(measure, recommendation, by=member)

    measure.refresh_from_db()
    assert measure.tags == {"dimensions": ["security"], "principles": [], "policy_areas": []}


def test_what_was_not_taken_up_is_linked_with_a_reason_only(measure, recommendation, member):
    Recommendation.objects.filter(pk=recommendation.pk).update(
        state="not_taken_up", response="No money."
    )
    recommendation.refresh_from_db()

    with pytest.raises(Refused):
        parts.link(measure, recommendation, by=member)
    parts.link(measure, recommendation, by=member, reason="There is money now.")

    assert measure.answered.get().reason == "There is money now."


def test_a_reason_does_not_help_where_the_recommendation_is_unanswered(
    measure, recommendation, member
):
    Recommendation.objects.filter(pk=recommendation.pk).update(state="issued")
    recommendation.refresh_from_db()

    with pytest.raises(Refused):
        parts.link(measure, recommendation, by=member, reason="All the same.")


def test_another_municipalitys_recommendation_is_not_linked(measure, member):
    with pytest.raises(Refused, match="another municipality"):
        parts.link(measure, RecommendationFactory(), by=member)


# Removing


def test_a_measure_is_removed_and_put_back_and_both_are_recorded(measure, member):
    removals = [parts.remove(measure, by=member) for _ in range(2)]
    gone = Measure.objects.of(measure.strategy).count()
    returns = [parts.put_back(measure, by=member) for _ in range(2)]

    assert (removals, gone, returns) == ([True, False], 0, [True, False])
    assert Measure.objects.of(measure.strategy).get() == measure
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["measure.removed", "measure.put_back"]


def test_an_objective_with_measures_stays(measure, member):
    with pytest.raises(Refused, match="measures of this objective"):
        parts.remove(measure.objective, by=member)


def test_a_measure_comes_back_only_to_an_objective_that_is_there(removed_measure, member):
    parts.remove(removed_measure.objective, by=member)

    with pytest.raises(Refused, match="objective of this measure"):
        parts.put_back(removed_measure, by=member)


def test_nothing_is_added_to_a_removed_objective(removed_objective, member):
    with pytest.raises(Refused, match="removed"):
        parts.add_measure(removed_objective, by=member, title="New")


@pytest.mark.parametrize("name", OTHERS)
def test_others_remove_and_link_nothing(measure, recommendation, person, name):
    by = person(name)

    for act in (
        lambda: parts.remove(measure, by=by),
        lambda: parts.put_back(measure, by=by),
        lambda: parts.link(measure, recommendation, by=by),
        lambda: parts.unlink(measure, recommendation, by=by),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_the_measures_of_a_strategy_stand_in_the_order_of_its_objectives(strategy):
    second = ObjectiveFactory(strategy=strategy, number=2)
    first = ObjectiveFactory(strategy=strategy, number=1)
    late = MeasureFactory(objective=second)
    early = MeasureFactory(objective=first)
    MeasureFactory()

    assert list(Measure.objects.of(strategy)) == [early, late]
    assert list(Objective.objects.kept().filter(strategy=strategy)) == [first, second]


def test_adding_what_two_chapters_are_called_already_finds_the_first(strategy, coordinator):
    first, _second = ChapterFactory.create_batch(2, strategy=strategy, title="Housing")

    added = parts.add_chapter(strategy, by=coordinator, title="Housing")

    assert added == (first, False)
