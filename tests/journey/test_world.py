from collections import Counter, defaultdict

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from accounts.models import AuditEntry, User
from applications.models import (
    Application,
    Call,
    Completion,
    Declaration,
    Letter,
    LetterText,
    Participation,
    Partner,
    Review,
    Selection,
    SelectionLine,
)
from documents.models import Document
from indexanalysis.models import Assessment, Recommendation
from journey.world.book import MARK, PORTAL, TOWNS, holds_words
from strategies.models import Strategy, StrategyInvitation
from tests.conftest import made_world
from visits.models import Finding, Note, Visit
from workinggroups.models import Meeting

pytestmark = pytest.mark.xdist_group("world")  # made once, in one process


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker, folder, fill_with_world):
    """The world, stored once; each test's own transaction lies inside this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=folder):
            yield fill_with_world()
        transaction.set_rollback(True)
    ContentType.objects.clear_cache()


@pytest.fixture
def world(standing, db, settings, folder):
    settings.MEDIA_ROOT = folder
    return standing


def of(world, town, start):
    return [o for o in world["objects"] if o["town"] == town and o["what"].startswith(start)]


def states(model, column="state"):
    return set(model.objects.values_list(column, flat=True))


def test_every_state_that_exists_is_in_the_world(world):
    phases = {call.phase for call in Call.objects.all()}

    assert phases == set(Call.Phase)
    for model in (
        Application, Partner, Selection, Participation, Assessment, Document, Strategy,
        StrategyInvitation,
    ):  # fmt: skip
        assert states(model) == set(model.State)
    assert states(SelectionLine, "outcome") == set(SelectionLine.Outcome)
    assert states(Letter, "outcome") == set(LetterText.Outcome)
    assert {r.handed_in_at is None for r in Review.objects.all()} == {True, False}
    assert {r.ended_at is None for r in Review.objects.all()} == {True, False}
    assert Completion.objects.open().exists()
    assert states(Declaration, "has_conflict") == {True, False}
    assert Declaration.objects.exclude(lifted_at=None).exists()


def test_each_town_has_an_application_and_a_job_in_every_state(world):
    found = defaultdict(set)
    for one in world["objects"]:
        found[one["town"], one["model"]].add(one["state"])

    for town in TOWNS:
        assert found[town, "applications.application"] == set(Application.State)
        assert found[town, "documents.document"] == set(Document.State)
        assert found[town, "indexanalysis.assessment"] == set(Assessment.State)
        assert found[town, "workinggroups.meeting"] == set(Meeting.State)
        for model in (Recommendation, Visit, Note, Finding):
            assert found[town, model._meta.label_lower] == set(model.State)
        assert found[town, "strategies.strategy"] == set(Strategy.State)
        assert found[town, "accounts.accessrequest"] == {"pending", "approved", "declined"}


def test_a_town_s_objects_hold_the_canaries_of_that_town_alone(world):
    written = [o for o in world["objects"] if o["town"] in TOWNS and o["canaries"]]

    assert [one for one in written if is_foreign(one)] == []
    assert Counter(o["town"] for o in written)["A"] > 200


def is_foreign(one):
    """Whether an object holds others' words alone; who of the staff reviews stands in the audit."""
    words = " ".join(one["canaries"].values())
    names_staff = one["what"] == "audit_entry" and f"{MARK}{PORTAL}-person." in words
    return f"{MARK}{one['town']}-" not in words and not names_staff


def test_every_text_that_people_write_holds_a_canary_somewhere(world):
    """A new text field without one would leave the leak tests blind to it."""
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]
    columns = [(m, f) for m in ours for f in m._meta.concrete_fields if holds_words(f)]

    without = {
        f"{model._meta.label}.{column.name}"
        for model, column in columns
        if not model.objects.filter(**{f"{column.name}__contains": MARK}).exists()
    }

    assert without == NOT_WRITTEN_BY_PEOPLE


OURS = {
    "accounts", "applications", "documents", "drafting", "indexanalysis", "notifications",
    "strategies", "visits", "workinggroups",
}  # fmt: skip
NOT_WRITTEN_BY_PEOPLE = {
    "accounts.AuditEntry.action",
    "accounts.AuditEntry.target",
    "accounts.AuditSeal.digest",
    "accounts.AuditSeal.link",
    "accounts.MailDomain.domain",
    "accounts.Recusal.target",
    "accounts.Tally.key",
    "accounts.User.email",
    "accounts.User.password",
    "documents.Document.key",
    "documents.Document.reason",
    "documents.Document.task",
    "documents.Upload.kind",
    "documents.Upload.sha256",
    "drafting.Comment.field",
    "drafting.Comment.key",
    "drafting.Proposal.key",
    "drafting.Revision.key",
    "indexanalysis.Recommendation.section",
    "indexanalysis.Answer.question",
    "indexanalysis.Round.edition_code",
    "notifications.Mail.key",
    "notifications.Mail.last_error",
    "notifications.Pulse.name",
    "workinggroups.LegalBasis.source_en",
    "workinggroups.LegalBasis.source_fi",
    "workinggroups.LegalBasis.source_sv",
    "workinggroups.PartyKind.name_en",
    "workinggroups.PartyKind.name_fi",
    "workinggroups.PartyKind.name_sv",
    "visits.Finding.section",
    "visits.Note.section",
    "visits.ProgrammeItem.section",
}


def test_the_workflows_left_their_audit_entries(world):
    actions = set(AuditEntry.objects.values_list("action", flat=True))

    assert {"application.selected", "application.confirmed", "assessment.submitted"} <= actions
    assert {"call.decided", "participation.withdrawn"} <= actions


def test_everybody_signs_in_with_what_the_description_says(world, client):
    for name in ("A.member", "stranger", "both"):
        person = world["people"][name]
        signed_in = client.login(email=person["email"], password=person["password"])

        assert signed_in
        assert client.get(reverse("journey:home")).status_code == 200


def test_the_second_factors_are_the_same_in_every_world(world):
    assert world["people"]["lead"]["totp_secret"] == "AFS4SH5VZF46OEBSTUQ2WYYQU3TVFZX3"
    assert world["people"]["A.member"]["totp_secret"] is None


def test_a_ready_file_holds_its_canary(world):
    [report] = of(world, "A", "report.en")

    with Document.objects.get(pk=report["id"]).file.open() as file:
        assert b"CANARY-A-report.en-file" in file.read()


def test_a_second_run_is_refused_and_changes_nothing(world):
    people = User.objects.count()

    with pytest.raises(CommandError, match="has people already"):
        made_world()

    assert User.objects.count() == people


@pytest.mark.django_db
def test_without_the_switch_nothing_is_filled():
    with pytest.raises(CommandError, match="--fill-this-database"):
        call_command("seed_world")


@pytest.mark.django_db
def test_production_is_refused(settings):
    settings.HTTPS = True

    with pytest.raises(CommandError, match="https"):
        call_command("seed_world", "--fill-this-database")


FOREIGNERS = ["stranger", "B.coordinator", "A.former", "B.expert", "A.past_expert", "A.asking"]


@pytest.mark.parametrize("name", FOREIGNERS)
def test_no_word_of_town_a_reaches_who_has_no_hat_there(world, client, name):
    person = world["people"][name]
    client.force_login(User.objects.get(pk=person["id"]))
    addresses = {o["url"] for o in of(world, "A", "application") + of(world, "A", "assessment")}

    pages = [client.get(address) for address in sorted(addresses)]

    assert {page.status_code for page in pages} == {404}
    assert f"{MARK}A" not in "".join(page.text for page in pages).replace(person["name"], "")
