from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.invitation import hash_of
from accounts.models import AccessRequest, Assignment, Invitation, Membership, User
from applications.models import (
    Application,
    Attachment,
    Call,
    Criterion,
    Declaration,
    Participation,
    Partner,
    Project,
    Requirement,
    Review,
)
from documents.models import Upload
from indexanalysis import edition
from indexanalysis.models import Answer, Assessment, Round
from municipalities.models import Municipality, Region
from municipalities.sorting import sort_key


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ["code"]

    code = "01"
    name_fi, name_sv, name_en = "Uusimaa", "Nyland", "Uusimaa"


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality

    code = factory.Sequence(lambda n: f"{100 + n % 800}")  # three digits; 905 is the matrix' Vaasa
    name_fi = factory.Sequence(lambda n: f"Kunta {n}")
    name_sv = factory.Sequence(lambda n: f"Kommun {n}")
    name_en = factory.SelfAttribute("name_fi")
    sort_fi = factory.LazyAttribute(lambda town: sort_key(town.name_fi))
    sort_sv = factory.LazyAttribute(lambda town: sort_key(town.name_sv))
    sort_en = factory.LazyAttribute(lambda town: sort_key(town.name_en))
    region = factory.SubFactory(RegionFactory)
    language_status = "unilingual_fi"
    urbanity = "rural"
    population = 12_345


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@town.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    role = "coordinator"
    since = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=100))


class InvitationFactory(DjangoModelFactory):
    """An open invitation of a member; its link's secret is `token`."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda n: f"secret-{n}")

    municipality = factory.SubFactory(MunicipalityFactory)
    email = factory.Sequence(lambda n: f"invited{n}@town.example")
    role = "member"
    language = "en"
    invited_by = factory.SubFactory(UserFactory)
    token_hash = factory.LazyAttribute(lambda invitation: hash_of(invitation.token))
    sent_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))


class AssignmentFactory(DjangoModelFactory):
    class Meta:
        model = Assignment

    user = factory.SubFactory(UserFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    since = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=100))


class AccessRequestFactory(DjangoModelFactory):
    class Meta:
        model = AccessRequest

    user = factory.SubFactory(UserFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    post = "Development manager"
    reason = "I coordinate integration."


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project

    code = factory.Sequence(lambda n: f"project-{n}")
    name_en, name_fi, name_sv = "Project", "Hanke", "Projekt"
    funding_en, funding_fi, funding_sv = "Funders", "Rahoittajat", "Finansiärer"
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=10))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=500))


class CallFactory(DjangoModelFactory):
    class Meta:
        model = Call

    class Params:
        closed = factory.Trait(
            closes_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
        )

    project = factory.SubFactory(ProjectFactory)
    slug = factory.Sequence(lambda n: f"call-{n}")
    title_en, title_fi, title_sv = "Call", "Haku", "Utlysning"
    text_en, text_fi, text_sv = "Read me.", "Lue.", "Läs."
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    seats = 2
    pass_mark = 0
    state = "published"


class ApplicationFactory(DjangoModelFactory):
    """A complete draft; `submitted` as the staff see it."""

    class Meta:
        model = Application

    class Params:
        submitted = factory.Trait(
            state="submitted", submitted_at=factory.LazyFunction(timezone.now)
        )
        in_review = factory.Trait(
            state="in_review", submitted_at=factory.LazyFunction(timezone.now)
        )

    call = factory.SubFactory(CallFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    state = "draft"
    contact_name = coordinator_name = "Maija Meikäläinen"
    contact_email = "maija@town.example"
    coordinator_post = "Development manager"
    deciding_body = "Municipal board"
    decided_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=3))
    motivation = "CANARY-motivation"
    present_work = "A multicultural council."
    working_group = "Education, culture, business."
    staff_time = "Two days a month."
    works_in_english = stays_to_the_end = True
    answer_by = factory.LazyAttribute(
        lambda a: timezone.localdate() + timedelta(days=14) if a.state == "selected" else None
    )


class CriterionFactory(DjangoModelFactory):
    class Meta:
        model = Criterion

    call = factory.SubFactory(CallFactory)
    name_en = factory.Sequence(lambda n: f"Criterion {n}")
    name_fi = factory.Sequence(lambda n: f"Kriteeri {n}")
    name_sv = factory.Sequence(lambda n: f"Kriterium {n}")
    position = factory.Sequence(lambda n: n)


class DeclarationFactory(DjangoModelFactory):
    """That there is no conflict of interest, so that the person may read the application."""

    class Meta:
        model = Declaration

    application = factory.SubFactory(ApplicationFactory, in_review=True)
    person = factory.SubFactory(UserFactory)
    has_conflict = False


class ReviewFactory(DjangoModelFactory):
    """A review that is handed in; `to_do` as a lead has given it out."""

    class Meta:
        model = Review

    class Params:
        to_do = factory.Trait(score=None, comment="", handed_in_at=None)

    application = factory.SubFactory(ApplicationFactory, in_review=True)
    reviewer = factory.SubFactory(UserFactory)
    score = 70
    comment = "Well prepared."
    handed_in_at = factory.LazyFunction(timezone.now)


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = Participation

    project = factory.SubFactory(ProjectFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    joined_on = factory.LazyFunction(timezone.localdate)


class RoundFactory(DjangoModelFactory):
    class Meta:
        model = Round

    project = factory.SubFactory(ProjectFactory)
    edition_code = "2026"
    edition_checksum = factory.LazyAttribute(lambda r: edition.load(r.edition_code).checksum)
    opens_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=60))


class AssessmentFactory(DjangoModelFactory):
    """An open assessment with an empty answer to every question."""

    class Meta:
        model = Assessment
        skip_postgeneration_save = True

    participation = factory.SubFactory(ParticipationFactory)
    round = factory.SubFactory(
        RoundFactory, project=factory.SelfAttribute("..participation.project")
    )

    @factory.post_generation
    def answers(assessment, create, values):
        given = values or {}
        Answer.objects.bulk_create(
            Answer(assessment=assessment, question=q.code, value=given.get(q.code))
            for q in assessment.edition.questions
        )


class UploadFactory(DjangoModelFactory):
    """A stored file, with its bytes on the disk."""

    class Meta:
        model = Upload

    municipality = factory.SubFactory(MunicipalityFactory)
    by = factory.SubFactory(UserFactory)
    name = "CANARY-attachment.pdf"
    kind = "pdf"
    size = 12
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    file = factory.django.FileField(data=b"CANARY-bytes", filename="upload")


class AttachmentFactory(DjangoModelFactory):
    class Meta:
        model = Attachment

    application = factory.SubFactory(ApplicationFactory)
    upload = factory.SubFactory(
        UploadFactory, municipality=factory.SelfAttribute("..application.municipality")
    )
    what = "letter"


class PartnerFactory(DjangoModelFactory):
    """A municipality that was asked to apply together."""

    class Meta:
        model = Partner

    class Params:
        answered = factory.Trait(
            answered_by=factory.SubFactory(UserFactory),
            answered_at=factory.LazyFunction(timezone.now),
        )

    application = factory.SubFactory(ApplicationFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    asked_by = factory.SubFactory(UserFactory)


class RequirementFactory(DjangoModelFactory):
    class Meta:
        model = Requirement

    call = factory.SubFactory(CallFactory)
    what = "letter"
