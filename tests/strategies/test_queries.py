"""Each page asks the database at most 20 times, and as often for three rows as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import ParticipationFactory
from tests.strategies.factories import (
    ChapterFactory,
    MeasureFactory,
    ObjectiveFactory,
    RecommendationFactory,
    StepFactory,
    StrategyFactory,
    StrategyInvitationFactory,
)

MOST = 20


@pytest.fixture
def count(client, known_types):
    def queries(user, route, *args):
        if user:
            client.force_login(user)
        with CaptureQueriesContext(connection) as caught:
            page = client.get(reverse(f"strategies:{route}", args=args))
        assert page.status_code == 200
        return len(caught)

    return queries


PAGES = ["detail", "text", "coverage", "recommendations", "decisions", "towns"]


def furnish(strategy, assessment, member):
    """One more of everything that a strategy can hold."""
    objective = ObjectiveFactory(strategy=strategy)
    MeasureFactory(objective=objective, points=["B1"], removed_at=strategy.founded_at)
    measure = MeasureFactory(objective=objective, points=["B1"])
    recommendation = RecommendationFactory(assessment=assessment)
    measure.answered.create(recommendation=recommendation, by=member)
    ObjectiveFactory(strategy=strategy, removed_at=strategy.founded_at)
    ChapterFactory(strategy=strategy)
    StepFactory(strategy=strategy)
    part = ParticipationFactory(project=strategy.participation.project)
    strategy.towns.create(municipality=ParticipationFactory(project=part.project).municipality)
    StrategyInvitationFactory(strategy=strategy, municipality=part.municipality)


@pytest.mark.parametrize("state", ["drafting", "decision"])
def test_the_pages_cost_the_same_for_one_and_for_three(
    count, strategy, assessment, coordinator, member, state
):
    type(strategy).objects.filter(pk=strategy.pk).update(state=state)

    def costs():
        return {name: count(coordinator, name, strategy.pk) for name in PAGES}

    furnish(strategy, assessment, member)
    one = costs()
    furnish(strategy, assessment, member)
    furnish(strategy, assessment, member)

    assert costs() == one
    assert max(one.values()) <= MOST, one


def test_a_measure_costs_the_same_for_one_and_for_three_recommendations(
    count, answered, assessment, coordinator, member
):
    def add():
        answered.answered.create(
            recommendation=RecommendationFactory(assessment=assessment), by=member
        )

    def costs():
        return [count(coordinator, name, answered.pk) for name in ("measure", "measure_edit")]

    one = costs()
    add()
    add()

    assert costs() == one
    assert max(one) <= MOST


def test_the_lists_cost_the_same_for_one_and_for_three(count, published, coordinator, town):
    def costs():
        return [count(coordinator, name) for name in ("list", "published_list")]

    def add():
        project = ParticipationFactory(municipality=town)
        more = StrategyFactory(participation=project, state="adopted")
        type(more).objects.filter(pk=more.pk).update(published_at=more.founded_at)
        StrategyInvitationFactory(municipality=town)
        ParticipationFactory(municipality=town)

    add()
    one = costs()
    add()
    add()

    assert costs() == one
    assert max(one) <= MOST


@pytest.mark.parametrize(
    ("route", "about", "args"),
    [
        ("change", "strategy", ()),
        ("found", "participation", ()),
        ("confirm", "approved", ("adopted",)),
        ("detail", "published", ()),
        ("files", "published", ()),
        ("published", "published", ()),
        ("published_data", "published", ()),
        ("chapter_edit", "chapter", ()),
        ("chapter_text", "chapter", ("text",)),
        ("chapter_text_history", "written_chapter", ("text",)),
        ("objective_edit", "objective", ()),
        ("objective_text", "objective", ("text",)),
        ("measure_text", "measure", ("resources",)),
        ("measure_text_history", "written_measure", ("text",)),
        ("confirm", "strategy", ("decision",)),
        ("publish", "adopted", ("published",)),
        ("objective_add", "strategy", ()),
        ("chapter_add", "strategy", ()),
        ("measure_add", "objective", ()),
        ("decision", "step", ()),
        ("invitation", "invited", ()),
    ],
)
def test_a_page_stays_within_its_queries(request, count, coordinator, route, about, args):
    row = request.getfixturevalue(about)

    assert count(coordinator, route, row.pk, *args) <= MOST
