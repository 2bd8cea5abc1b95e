import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from indexanalysis.models import Recommendation
from tests.factories import AssessmentFactory, UserFactory


class RecommendationFactory(DjangoModelFactory):
    """A finished draft in English; `issued` as the municipality reads it."""

    class Meta:
        model = Recommendation

    class Params:
        issued = factory.Trait(
            state="issued",
            number=factory.Sequence(lambda n: n + 1),
            issued_at=factory.LazyFunction(timezone.now),
        )

    assessment = factory.SubFactory(AssessmentFactory, state="submitted")
    section = "commitment"
    questions = ["COM-01"]
    title_en = "CANARY-title"
    text_en = "CANARY-text"
    reason_en = "CANARY-reason"
    started_by = factory.SubFactory(UserFactory)
