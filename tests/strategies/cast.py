"""A strategy of Omala in each state that matters, with what belongs to it."""

import pytest

from drafting.saving import save
from drafting.workflow import Place, say
from strategies import workflow
from strategies.models import Strategy
from tests.conftest import store
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


@pytest.fixture
def strategy(participation):
    return StrategyFactory(participation=participation)


@pytest.fixture
def chapter(strategy):
    return ChapterFactory(strategy=strategy)


@pytest.fixture
def objective(strategy):
    return ObjectiveFactory(strategy=strategy)


@pytest.fixture
def measure(objective):
    return MeasureFactory(objective=objective)


@pytest.fixture
def recommendation(assessment):
    return RecommendationFactory(assessment=assessment, title_en="CANARY-recommendation")


@pytest.fixture
def answered(measure, recommendation, member):
    """The measure, once it answers the recommendation."""
    measure.answered.create(recommendation=recommendation, by=member)
    return measure


@pytest.fixture
def step(strategy):
    """A body that has not decided yet."""
    return StepFactory(strategy=strategy, outcome="", section_number="")


@pytest.fixture
def before_bodies(strategy):
    """The strategy once it lies before the deciding bodies."""
    Strategy.objects.filter(pk=strategy.pk).update(state="decision")
    strategy.refresh_from_db()
    return strategy


@pytest.fixture
def step_to_decide(before_bodies, step):
    return step


@pytest.fixture
def approved(before_bodies, measure):
    """The strategy with all that adopting it needs."""
    StepFactory(strategy=before_bodies)
    return before_bodies


@pytest.fixture
def adopted(approved, coordinator):
    return workflow.move(approved, "adopted", by=coordinator)[0]


@pytest.fixture
def published(adopted, coordinator):
    """An adopted strategy with its files, shown to everybody."""
    for file in adopted.versions.get().files.select_related("document"):
        store(file.document)
    workflow.publish(adopted, by=coordinator, shown=True)
    return Strategy.objects.get(pk=adopted.pk)


@pytest.fixture
def removed_measure(measure):
    measure.removed_at = measure.objective.strategy.founded_at
    measure.save()
    return measure


@pytest.fixture
def removed_objective(objective):
    objective.removed_at = objective.strategy.founded_at
    objective.save()
    return objective


@pytest.fixture
def other_participation(other_town, participation):
    """Muuala takes part in the same project."""
    return ParticipationFactory(municipality=other_town, project=participation.project)


@pytest.fixture
def strategy_invitation(strategy, other_participation, coordinator):
    return StrategyInvitationFactory(
        strategy=strategy, municipality=other_participation.municipality, by=coordinator
    )


@pytest.fixture
def invited(town, other_participation, person):
    """An invitation of Omala into a strategy of Muuala."""
    theirs = StrategyFactory(participation=other_participation)
    by = person("other_coordinator")
    return StrategyInvitationFactory(strategy=theirs, municipality=town, by=by)


@pytest.fixture
def written_chapter(chapter, coordinator):
    return save(chapter, {"text": "Now."}, read=0, by=coordinator).row


@pytest.fixture
def written_objective(objective, coordinator):
    return save(objective, {"text": "Now."}, read=0, by=coordinator).row


@pytest.fixture
def written_measure(measure, coordinator):
    return save(measure, {"text": "Now."}, read=0, by=coordinator).row


def remark(row, member, noun):
    place = Place(row.municipality, f"strategies:{noun}_text", row.pk, "text", "Text", "text")
    return say(row, "CANARY-comment", by=member, place=place, people=[], key=noun)[0]


@pytest.fixture
def said_of_chapter(chapter, member):
    return remark(chapter, member, "chapter")


@pytest.fixture
def said_of_objective(objective, member):
    return remark(objective, member, "objective")


@pytest.fixture
def said_of_measure(measure, member):
    return remark(measure, member, "measure")


@pytest.fixture
def chapter_before_bodies(chapter, before_bodies):
    return chapter


@pytest.fixture
def measure_before_bodies(measure, before_bodies):
    return measure


@pytest.fixture
def chapter_amended(chapter, before_bodies):
    """A chapter of a strategy that one body has approved with amendments."""
    StepFactory(strategy=before_bodies, body="committee", outcome="amended")
    return chapter


@pytest.fixture
def chapter_adopted(chapter, adopted):
    return chapter
