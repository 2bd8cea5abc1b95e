from datetime import time, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories import ParticipationFactory, UserFactory
from tests.indexanalysis.factories import RecommendationFactory
from visits.models import Finding, Note, Observation, PersonMet, ProgrammeItem, Visit


class VisitFactory(DjangoModelFactory):
    """A planned visit of two days that ended yesterday."""

    class Meta:
        model = Visit
        skip_postgeneration_save = True

    participation = factory.SubFactory(ParticipationFactory)
    place = "Town hall"
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=2))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))

    @factory.post_generation
    def experts(visit, create, people):
        visit.experts.set(people or [])


class ItemFactory(DjangoModelFactory):
    class Meta:
        model = ProgrammeItem

    visit = factory.SubFactory(VisitFactory)
    day = factory.SelfAttribute("visit.starts_on")
    starts, ends = time(9), time(10)
    title = factory.Sequence(lambda n: f"Library {n}")
    section = "education"


class PersonMetFactory(DjangoModelFactory):
    class Meta:
        model = PersonMet

    visit = factory.SubFactory(VisitFactory)
    name = factory.Sequence(lambda n: f"Person met {n}")
    organisation = "Library"


class NoteFactory(DjangoModelFactory):
    """A confidential note."""

    class Meta:
        model = Note

    visit = factory.SubFactory(VisitFactory)
    by = factory.SubFactory(UserFactory)
    text = "CANARY-note"


class FindingFactory(DjangoModelFactory):
    """A draft that can be shared."""

    class Meta:
        model = Finding

    visit = factory.SubFactory(VisitFactory)
    kind = "strength"
    section = "education"
    title = "CANARY-finding"
    text = "CANARY-found"
    started_by = factory.SubFactory(UserFactory)


class ObservationFactory(DjangoModelFactory):
    class Meta:
        model = Observation

    recommendation = factory.SubFactory(RecommendationFactory, issued=True)
    side = "expert"
    by = factory.SubFactory(UserFactory)
    text = "CANARY-observation"
    key = factory.Sequence(lambda n: f"{n:064x}")
