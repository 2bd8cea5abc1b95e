"""The demo's strategies: each stage can be built, in both languages."""

import pytest

from journey.stages import strategies as stages
from strategies.models import Measure, Strategy
from strategies.workflow import obstacles


def begun(participation, coordinator, language):
    return stages.begin(participation, by=coordinator, language=language)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_a_whole_strategy_is_adopted_and_published(
    participation, recommendation, coordinator, member, language
):
    strategy = begun(participation, coordinator, language)
    stages.write(strategy, by=member)

    stages.adopt_and_publish(strategy, by=coordinator)

    assert list(Strategy.objects.published()) == [strategy]
    assert recommendation.measures.count() == 1
    content = strategy.versions.get().content
    assert [len(content[name]) for name in ("chapters", "objectives", "decisions")] == [10, 3, 3]


def test_the_half_written_one_lacks_an_owner(participation, coordinator, member):
    strategy = begun(participation, coordinator, "fi")

    stages.write(strategy, by=member, whole=False)

    assert Measure.objects.of(strategy).without_owner().count() == 1
    assert len(obstacles(strategy)) == 2


def test_the_bodies_wait_for_the_board_and_the_council(participation, coordinator, member):
    strategy = begun(participation, coordinator, "sv")
    stages.write(strategy, by=member)

    stages.lay_before_bodies(strategy, by=coordinator)

    outcomes = list(strategy.steps.order_by("number").values_list("outcome", flat=True))
    assert outcomes == ["approved", "", ""]
