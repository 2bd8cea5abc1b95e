import json
from datetime import timedelta
from io import StringIO

import pytest
from celery import current_app
from celery.signals import after_task_publish
from django.core.management import call_command
from django.utils import timezone

from documents.models import Document
from documents.workflow import ATTEMPTS, claim
from journey.sweeping import sweepers
from notifications.models import Mail
from notifications.outbox import enqueue

pytestmark = pytest.mark.django_db
PRODUCE = "applications.tasks.produce_receipt"


def said(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def document(coordinator):
    return Document.objects.create(task=PRODUCE, key="1", asked_by=coordinator)


@pytest.fixture
def mail():
    return enqueue("somebody@town.example", "fi", "Hei", "Teksti")


def test_a_job_tells_state_attempt_heartbeat_owner_and_age(document, coordinator):
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Document.objects.update(created_at=an_hour_ago)
    claim(document.pk)

    [job] = json.loads(said("jobs", "--json"))

    assert (job["kind"], job["id"], job["state"]) == ("document", document.pk, "rendering")
    assert (job["task"], job["attempt"], job["owner"]) == (PRODUCE, 1, coordinator.email)
    assert job["heartbeat_at"]
    assert 3600 <= job["age_seconds"] < 3700


def test_a_mail_is_a_job_too(mail):
    [job] = json.loads(said("jobs", "--json"))

    assert (job["kind"], job["state"], job["owner"]) == ("mail", "waiting", "somebody@town.example")


def test_the_list_tells_no_words_of_a_mail(mail):
    assert "Teksti" not in said("jobs", "--json")


def test_in_short_there_is_a_line_for_each_state(document, mail):
    lines = [line.split() for line in said("jobs").splitlines()]

    assert lines == [["document", "queued", "1"], ["mail", "waiting", "1"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_two_queries_however_long_it_is(rows, django_assert_num_queries, member):
    for number in range(rows):
        Document.objects.create(task=PRODUCE, key=str(number), asked_by=member)

    with django_assert_num_queries(2):
        said("jobs", "--json")


def test_every_sweeper_of_the_schedule_is_run():
    assert {"documents.tasks.sweep", "notifications.tasks.sweep"} <= set(sweepers())


@pytest.fixture
def broker(monkeypatch, nudged):
    """A broker that takes everything: what is asked of it is announced as Celery does."""
    taken = current_app.send_task

    def take(name, arguments, **options):
        taken(name, arguments, **options)
        after_task_publish.send(sender=name)

    monkeypatch.setattr(current_app, "send_task", take)


def test_sweeping_starts_what_waits_and_says_so(broker, document, mail):
    Mail.objects.update(next_at=timezone.now() - timedelta(minutes=2))

    lines = said("sweep").splitlines()

    assert f"documents.tasks.sweep: 1 x {PRODUCE} started" in lines
    assert "notifications.tasks.sweep: +1 mail sent, -1 mail waiting" in lines


def test_sweeping_gives_up_on_what_killed_its_worker_and_says_so(document):
    silent = timezone.now() - timedelta(hours=1)
    Document.objects.update(state="rendering", attempt=ATTEMPTS, heartbeat_at=silent)

    done = {one["task"]: one for one in json.loads(said("sweep", "--json"))}

    changed = done["documents.tasks.sweep"]["changed"]
    assert changed == {"document failed": 1, "document rendering": -1}


def test_with_nothing_lost_there_is_nothing_to_do():
    assert {line.partition(": ")[2] for line in said("sweep").splitlines()} == {"nothing to do"}
