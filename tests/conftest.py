import gc
import json
import os
import re
import shutil
import time
from copy import deepcopy
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from hypothesis import settings as hypothesis_settings

from accounts.audit import record
from applications.workflow import selections
from documents.models import Document
from documents.workflow import claim, finish
from drafting.saving import save
from drafting.workflow import Place, propose, say
from indexanalysis.workflow import submit
from journey.restore import WRITTEN_BY_MIGRATE
from notifications import outbox
from notifications.outbox import enqueue
from tests.factories import (
    AccessRequestFactory,
    ApplicationFactory,
    AssessmentFactory,
    AssignmentFactory,
    AttachmentFactory,
    CallFactory,
    InvitationFactory,
    MembershipFactory,
    MunicipalityFactory,
    ParticipationFactory,
    ReviewFactory,
    RoundFactory,
    UserFactory,
)
from tests.kept import keep, put_back

# The people and objects of one app each, beside those that all tests share.
pytest_plugins = [
    "tests.applications.applying_cast",
    "tests.applications.calls_cast",
    "tests.workinggroups.cast",
    "tests.indexanalysis.cast",
    "tests.visits.cast",
    "tests.strategies.cast",
    "tests.applications.reviewing_cast",
    "tests.applications.selecting_cast",
]

# `make drills` looks further than the tests do: HYPOTHESIS_PROFILE=drill.
# No deadlines: how long an example takes says how busy the machine is.
hypothesis_settings.register_profile("drill", max_examples=2000, deadline=None)
hypothesis_settings.register_profile("usual", deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

# Thousands of requests in one process: looking for cycles as often as a server does takes a tenth.
gc.set_threshold(50_000, 20, 50)

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The persons of the permission matrix, by name; anonymous is nobody.
CAST = [
    "anonymous",
    "stranger",
    "coordinator",
    "member",
    "reader",
    "partner",
    "other_coordinator",
    "other_member",
    "former",
    "expert",
    "past_expert",
    "free_expert",
    "reviewer",
    "lead",
    "observer",
    "superuser",
]


@pytest.fixture(scope="session", autouse=True)
def nobody_stays(django_db_setup, django_db_blocker):
    """A request that a closed browser left behind does not keep the database from being dropped."""
    yield
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
        connection.close()


OURS = ("strategies_", "workinggroups_")
OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


LISTS = tuple(sorted(name for name in WRITTEN_BY_MIGRATE if name.startswith(OURS)))
BUSY = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'"
)
# Who looks first whether it waits for ever is broken off; others look after a second.
NOT_WE = (
    "SELECT set_config('deadlock_timeout', '1min', false) FROM pg_roles"
    " WHERE rolname = current_user AND rolsuper"
)


@pytest.fixture(scope="session", autouse=True)
def own_broker():
    """Of two processes of tests neither takes what the other has asked its worker for."""
    if process := os.environ.get("PYTEST_XDIST_WORKER"):
        number = int(process.removeprefix("gw")) + 1
        settings.CELERY_BROKER_URL = re.sub(r"/\d*$", f"/{number}", settings.CELERY_BROKER_URL)
        current_app.conf.broker_url = settings.CELERY_BROKER_URL


@pytest.fixture(scope="session", autouse=True)
def emptied_in_peace(django_db_setup, django_db_blocker):
    """A request that a closed page left behind comes to its end before the tables are emptied.

    Otherwise each holds locks that the other waits for. Should a request come all the same, it is
    the one that PostgreSQL breaks off. Afterwards the lists of the migrations are there again.
    """
    empty = TransactionTestCase._fixture_teardown
    with django_db_blocker.unblock():
        lists = keep(LISTS)

    def wait_and_empty(case):
        end = time.monotonic() + 10
        with connection.cursor() as cursor:
            while cursor.execute(BUSY).fetchone()[0] and time.monotonic() < end:
                time.sleep(0.02)
            cursor.execute(NOT_WE)
        empty(case)
        put_back(lists, emptied=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", wait_and_empty)
        yield


@pytest.fixture(scope="session")
def fill_with_world(tmp_path_factory):
    """fill_with_world() stores the seeded world and its files, and returns what it is made of."""
    files, kept = tmp_path_factory.mktemp("world"), []

    def fill():
        if kept:
            put_back(kept[1])
        else:
            with override_settings(MEDIA_ROOT=files, PASSWORD_HASHERS=QUICK):
                kept.append(made_world())
            kept.append(keep())
        shutil.copytree(files, settings.MEDIA_ROOT, dirs_exist_ok=True)
        return deepcopy(kept[0])

    return fill


def made_world():
    said = StringIO()
    call_command("seed_world", "--fill-this-database", stdout=said)
    return json.loads(said.getvalue())


@pytest.fixture
def world_of_all(fill_with_world, db):
    """The seeded world, whose description `seed_world` gives."""
    yield fill_with_world()
    ContentType.objects.clear_cache()  # those of its rows, which are gone now


@pytest.fixture(autouse=True)
def in_english():
    """Each test starts in English, whatever the one before left behind."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def line_to_broker(monkeypatch):
    """What one test found of the broker says nothing to the next."""
    monkeypatch.setattr(outbox, "LINE", outbox.Line())


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Files that a test stores go with it."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def town(db):
    return MunicipalityFactory(name_fi="Omala", name_sv="Hemby", name_en="Omala")


@pytest.fixture
def other_town(db):
    return MunicipalityFactory(name_fi="Muuala", name_sv="Borta", name_en="Muuala")


@pytest.fixture
def person(db, town, other_town):
    """Make a person of the cast, with a second factor unless the test wants none."""
    made = {}

    def make(name, *, mfa=True):
        if name not in made:
            made[name] = new(name, town, other_town)
            if mfa:
                TOTP.activate(made[name], generate_totp_secret())
        return made[name]

    return make


def new(name, town, other_town):
    user = UserFactory(
        email=f"{name}@cast.example",
        name=name,
        is_staff=name in {"reviewer", "lead", "superuser"},
        is_superuser=name == "superuser",
    )
    if name in {"reviewer", "lead", "observer"}:
        user.groups.add(Group.objects.get_or_create(name=name)[0])
    give_hats(user, name, town, other_town)
    return user


def give_hats(user, name, town, other_town):
    yesterday = timezone.localdate() - timedelta(days=1)
    match name:
        case "coordinator" | "member" | "reader":
            MembershipFactory(user=user, municipality=town, role=name)
        case "partner":  # of both municipalities: in each a member, with the kind of partner
            part = {"user": user, "role": "member", "party": "employment_authority"}
            MembershipFactory(municipality=town, **part)
            MembershipFactory(municipality=other_town, **part)
        case "other_coordinator" | "other_member":
            MembershipFactory(user=user, municipality=other_town, role=name.removeprefix("other_"))
        case "former":
            MembershipFactory(user=user, municipality=town, until=yesterday)
        case "expert":
            AssignmentFactory(user=user, municipality=town)
        case "past_expert":
            AssignmentFactory(user=user, municipality=town, until=yesterday)
        case "free_expert":
            AssignmentFactory(user=user, municipality=other_town)


def enter(client, user):
    """Sign `user` in with one query, where the way in is not what a test is about."""
    store = SessionStore()
    values = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    Session.objects.create(
        session_key=(key := get_random_string(32)),
        session_data=store.encode(values),
        expire_date=timezone.now() + timedelta(hours=1),
    )
    client.cookies[settings.SESSION_COOKIE_NAME] = key


@pytest.fixture
def known_types(db):
    """Django asks for a content type once in a process; which test that meets is chance."""
    ContentType.objects.get_for_models(*apps.get_models())


@pytest.fixture
def count(client, known_types):
    """count(user, route, *args): how often the page asks the database; nobody's user is None."""

    def queries(user, route, *args):
        if user:
            client.force_login(user)
        with CaptureQueriesContext(connection) as caught:
            page = client.get(reverse(route, args=args))
        assert page.status_code == 200
        return len(caught)

    return queries


@pytest.fixture
def coordinator(person):
    return person("coordinator")


@pytest.fixture
def member(person):
    return person("member")


@pytest.fixture
def reviewer(person):
    return person("reviewer")


@pytest.fixture
def lead(person):
    return person("lead")


@pytest.fixture
def second_lead(db):
    user = UserFactory(name="second lead", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name="lead")[0])
    TOTP.activate(user, generate_totp_secret())
    return user


@pytest.fixture
def call(db):
    return CallFactory()


@pytest.fixture
def draft(town):
    return ApplicationFactory(municipality=town)


@pytest.fixture
def submitted(town):
    receipt = Document.objects.create(task="applications.tasks.produce_receipt", key="receipt")
    return ApplicationFactory(municipality=town, submitted=True, receipt=receipt)


@pytest.fixture
def in_review(town):
    return ApplicationFactory(municipality=town, in_review=True)


@pytest.fixture
def participation(town):
    return ParticipationFactory(municipality=town)


@pytest.fixture
def assessment(participation):
    return AssessmentFactory(participation=participation)


@pytest.fixture
def handed_in(assessment, coordinator):
    """A submitted assessment whose reports are queued."""
    return submit(assessment, by=coordinator)[0]


@pytest.fixture
def written_answer(assessment, coordinator):
    """The assessment, once COM-01 has an example as its version 1."""
    save(assessment.answers.get(question="COM-01"), {"example": "Now."}, read=0, by=coordinator)
    return assessment


@pytest.fixture
def written_draft(draft, coordinator):
    return save(draft, {"motivation": "Now."}, read=0, by=coordinator).row


@pytest.fixture
def said(assessment, member):
    """A member's comment on COM-01."""
    answer = assessment.answers.get(question="COM-01")
    place = Place(assessment.municipality, "indexanalysis:about", assessment.pk, "COM-01", "COM-01")
    return say(answer, "CANARY-comment", by=member, place=place, people=[], key="said")[0]


@pytest.fixture
def said_of_text(draft, member):
    """A member's comment on the draft's motivation."""
    place = Place(
        draft.municipality, "applications:text", draft.pk, "motivation", "Motivation", "motivation"
    )
    return say(draft, "CANARY-comment", by=member, place=place, people=[], key="said")[0]


@pytest.fixture
def suggested(written_answer, person):
    """A reader's suggestion for COM-01."""
    answer = written_answer.answers.get(question="COM-01")
    place = Place(
        written_answer.municipality, "indexanalysis:about", written_answer.pk, "COM-01", "COM-01"
    )
    values = {"example": "CANARY-suggestion"}
    return propose(
        answer, values, kind="reader", by=person("reader"), place=place, key="suggested"
    )[0]


@pytest.fixture
def no_factor():
    """Take a person's second factors away."""
    return lambda user: Authenticator.objects.filter(user=user).delete()


@pytest.fixture
def world(call, town):
    """What the matrix' addresses without a key name: two calls, and the register's Vaasa."""
    CallFactory(slug="the-call")
    CallFactory(slug="a-draft", state="draft")
    MunicipalityFactory(code="905", name_fi="Vaasa")


@pytest.fixture
def with_receipt(submitted):
    store(submitted.receipt)
    return submitted


@pytest.fixture
def with_reports(handed_in):
    for report in handed_in.reports.select_related("document"):
        store(report.document)
    return handed_in


def store(document):
    """Make the file there, as a worker would have."""
    finish(claim(document.pk), b"%PDF-1.7 CANARY-file", "file.pdf")


@pytest.fixture
def receipt(submitted):
    return submitted.receipt


@pytest.fixture
def access_request(town):
    return AccessRequestFactory(municipality=town)


@pytest.fixture
def stranger_row(person):
    return person("stranger")


@pytest.fixture
def lead_row(lead):
    return lead


@pytest.fixture
def superuser_row(person):
    return person("superuser")


@pytest.fixture
def audit_entry(draft, person):
    return record("application.started", draft, by=person("coordinator"))


@pytest.fixture
def membership(person):
    return person("coordinator").memberships.get()


@pytest.fixture
def members_part(person):
    return person("member").memberships.get()


@pytest.fixture
def invitation(town, person):
    return InvitationFactory(municipality=town, invited_by=person("coordinator"))


@pytest.fixture
def assignment(person):
    return person("expert").assignments.get()


@pytest.fixture
def mail(person):
    return enqueue("somebody@town.example", "fi", "Hei", "Teksti")


@pytest.fixture
def project(call):
    return call.project


@pytest.fixture
def open_round(participation):
    return RoundFactory(project=participation.project)


@pytest.fixture
def closed_call(in_review):
    call = in_review.call
    call.closes_at = timezone.now() - timedelta(hours=1)
    call.save()
    return call


@pytest.fixture
def proposal(second_lead):
    """A second lead's, to select the one application of a call."""
    application = ApplicationFactory(call=CallFactory(closed=True), in_review=True)
    ReviewFactory(application=application)
    return selections.propose(
        application.call,
        {application.pk: selections.Choice("selected")},
        by=second_lead,
        reasons={"en": "The best.", "fi": "Parhaat.", "sv": "De bästa."},
        answer_by=timezone.localdate() + timedelta(days=14),
    )


@pytest.fixture
def proposed_call(proposal):
    return proposal.call


@pytest.fixture
def nudged(monkeypatch):
    """The tasks that are asked of the broker, as (name, key); there is no broker in most tests."""
    asked = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args, **options: asked.append((name, *args))
    )
    monkeypatch.setattr(transaction, "on_commit", lambda act, **options: act())
    return asked


@pytest.fixture
def attached(draft):
    """An attachment of the draft."""
    return AttachmentFactory(application=draft)


@pytest.fixture
def attached_and_submitted(submitted):
    return AttachmentFactory(application=submitted)


@pytest.fixture
def selected(town):
    return ApplicationFactory(
        municipality=town, state="selected", submitted_at=timezone.now(), call=CallFactory()
    )


@pytest.fixture
def attached_and_selected(selected):
    return AttachmentFactory(application=selected)


@pytest.fixture
def removed(draft, person):
    """An attachment of the draft, in the bin."""
    return AttachmentFactory(
        application=draft, removed_at=timezone.now(), removed_by=person("member")
    )
