from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from indexanalysis.models import Recommendation
from strategies.models import (
    Chapter,
    DecisionStep,
    Measure,
    Objective,
    Strategy,
    StrategyInvitation,
)
from tests.factories import (
    AssessmentFactory,
    MunicipalityFactory,
    ParticipationFactory,
    UserFactory,
)


class StrategyFactory(DjangoModelFactory):
    """A strategy being drafted by the one municipality that leads it; without chapters."""

    class Meta:
        model = Strategy
        skip_postgeneration_save = True

    participation = factory.SubFactory(ParticipationFactory)
    title = "CANARY-strategy"
    language = "fi"
    starts_on, ends_on = date(2027, 1, 1), date(2030, 12, 31)

    @factory.post_generation
    def lead(strategy, create, value):
        strategy.towns.create(municipality=strategy.municipality, is_lead=True)


class ChapterFactory(DjangoModelFactory):
    class Meta:
        model = Chapter

    strategy = factory.SubFactory(StrategyFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Chapter {n}")
    text = "CANARY-chapter"


class ObjectiveFactory(DjangoModelFactory):
    class Meta:
        model = Objective

    strategy = factory.SubFactory(StrategyFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Objective {n}")


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = Measure

    objective = factory.SubFactory(ObjectiveFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Measure {n}")
    responsible = "Education services"


class RecommendationFactory(DjangoModelFactory):
    """An accepted recommendation, in English and Finnish, on two questions of the index."""

    class Meta:
        model = Recommendation

    assessment = factory.SubFactory(AssessmentFactory)
    number = factory.Sequence(lambda n: n + 101)  # beside those that are issued by the workflow
    section = "commitment"
    questions = ["COM-01", "COM-05"]
    language = "en"
    title_en = factory.Sequence(lambda n: f"Recommendation {n}")
    title_fi = factory.LazyAttribute(lambda row: row.title_en.replace("ecommendation", "uositus"))
    text_en, text_fi = "Do this.", "Tee näin."
    state = "accepted"
    started_by = factory.SubFactory(UserFactory)
    issued_at = factory.LazyFunction(timezone.now)


class StepFactory(DjangoModelFactory):
    """The council's approval; with `outcome=""` what it is still to decide."""

    class Meta:
        model = DecisionStep

    strategy = factory.SubFactory(StrategyFactory)
    municipality = factory.SelfAttribute("strategy.municipality")
    number = factory.Sequence(lambda n: n + 1)
    body = "municipal_council"
    name = "Municipal council"
    decided_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=3))
    section_number = "§ 252"
    outcome = "approved"


class StrategyInvitationFactory(DjangoModelFactory):
    class Meta:
        model = StrategyInvitation

    strategy = factory.SubFactory(StrategyFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    by = factory.SubFactory(UserFactory)
