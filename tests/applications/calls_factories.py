from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from applications.models import (
    Announcement,
    CallDate,
    CallDocument,
    CallQuestion,
    Contact,
    ProjectBody,
)
from tests.factories import CallFactory, ProjectFactory, UploadFactory


class CompleteCallFactory(CallFactory):
    """With all its texts; a contact person is what it lacks."""

    gives_en, gives_fi, gives_sv = "A report.", "Raportin.", "En rapport."
    expects_en, expects_fi, expects_sv = "A group.", "Työryhmän.", "En arbetsgrupp."
    eligible_en, eligible_fi, eligible_sv = "All.", "Kaikki.", "Alla."


class CallDateFactory(DjangoModelFactory):
    class Meta:
        model = CallDate

    call = factory.SubFactory(CallFactory)
    name_en, name_fi, name_sv = "Information session", "Infotilaisuus", "Informationsmöte"
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=5))


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    call = factory.SubFactory(CallFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")
    organisation = "Project team"
    email = "contact@team.example"
    area_en, area_fi, area_sv = "Applying", "Hakeminen", "Ansökan"
    languages = ["fi", "sv"]


class CallQuestionFactory(DjangoModelFactory):
    class Meta:
        model = CallQuestion

    call = factory.SubFactory(CallFactory)
    question_en, question_fi, question_sv = "May we?", "Saammeko?", "Får vi?"
    answer_en, answer_fi, answer_sv = "Yes.", "Kyllä.", "Ja."


class CallDocumentFactory(DjangoModelFactory):
    class Meta:
        model = CallDocument

    call = factory.SubFactory(CallFactory)
    title_en, title_fi, title_sv = "Guide", "Ohje", "Anvisning"
    upload = factory.SubFactory(UploadFactory, municipality=None, name="guide.pdf")


class ProjectBodyFactory(DjangoModelFactory):
    class Meta:
        model = ProjectBody

    project = factory.SubFactory(ProjectFactory)
    role = "implementing"
    name_en, name_fi, name_sv = "Ministry", "Ministeriö", "Ministeriet"


class AnnouncementFactory(DjangoModelFactory):
    class Meta:
        model = Announcement

    call = factory.SubFactory(CallFactory)
    audience = "drafts"
    subject_en, subject_fi, subject_sv = "News", "Uutisia", "Nyheter"
    body_en, body_fi, body_sv = "Read this.", "Lukekaa tämä.", "Läs detta."
