import threading
from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from documents import workflow
from documents.models import Document
from documents.reasons import sentence

State = Document.State
TASK = "applications.tasks.produce_receipt"


@pytest.fixture
def document(db):
    return workflow.queue(TASK, "one", by=None)


def go_silent(document):
    silence = timedelta(seconds=settings.SILENT_SECONDS + 1)
    Document.objects.filter(pk=document.pk).update(heartbeat_at=Now() - silence)


def test_the_same_request_twice_is_one_document(document):
    again = workflow.queue(TASK, "one", by=None)

    assert again.pk == document.pk


def test_a_document_in_hand_is_not_claimed_again(document):
    first, second = workflow.claim(document.pk), workflow.claim(document.pk)

    assert first.attempt == 1
    assert second is None


def test_a_silent_worker_loses_its_document_to_the_next(document):
    first = workflow.claim(document.pk)
    go_silent(document)

    second = workflow.claim(document.pk)

    assert (first.attempt, second.attempt) == (1, 2)


def test_a_worker_that_comes_back_late_changes_nothing(document, tmp_path):
    late = workflow.claim(document.pk)
    go_silent(document)
    current = workflow.claim(document.pk)

    workflow.finish(late, b"late", "late.pdf")
    workflow.fail(late, "error")
    workflow.finish(current, b"current", "current.pdf")

    document.refresh_from_db()
    assert (document.state, document.name) == (State.READY, "current.pdf")
    assert document.file.read() == b"current"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    document.file.close()


def test_after_three_lost_workers_the_sweeper_gives_up_with_a_reason(document):
    for _ in range(workflow.ATTEMPTS):
        workflow.claim(document.pk)
        go_silent(document)

    workflow.sweep()

    document.refresh_from_db()
    assert (document.state, document.reason) == (State.FAILED, "worker_lost")
    assert workflow.claim(document.pk) is None


def test_the_sweeper_starts_again_what_a_lost_nudge_left(document, nudged):
    workflow.sweep()

    assert nudged == [(TASK, document.pk)]


def test_a_failed_document_is_queued_again_and_a_ready_one_is_not(document):
    workflow.fail(workflow.claim(document.pk), "error")
    workflow.ask_again(document)
    workflow.finish(workflow.claim(document.pk), b"pdf", "a.pdf")

    workflow.ask_again(document)

    assert Document.objects.get().state == State.READY


def test_asked_again_with_nothing_changed_it_is_the_finished_one(document, nudged):
    workflow.finish(workflow.claim(document.pk), b"pdf", "a.pdf")

    again = workflow.queue(TASK, "one", by=None)

    assert (again.pk, again.state, nudged) == (document.pk, State.READY, [])


@pytest.mark.parametrize("state", [State.FAILED, State.DENIED, State.EXPIRED])
def test_what_ended_without_a_file_is_made_again_for_who_asks_now(document, nudged, state, member):
    Document.objects.update(state=state, attempt=3, reason="x")

    again = workflow.queue(TASK, "one", by=member)

    assert (again.pk, again.state, again.attempt) == (document.pk, State.QUEUED, 0)
    assert again.asked_by == member
    assert nudged == [(TASK, document.pk)]


def test_a_fingerprint_changes_with_any_part_and_with_nothing_else():
    now = timezone.now()
    one = workflow.fingerprint("a", 1, now, {"b": [None, True], "c": 2})

    assert one == workflow.fingerprint("a", 1, now, {"c": 2, "b": [None, True]})
    assert one != workflow.fingerprint("a", 1, now, {"b": [None, False], "c": 2})
    assert one != workflow.fingerprint("a1", now, {"b": [None, True], "c": 2})
    assert len(one) == 40


def age(document, days):
    Document.objects.filter(pk=document.pk).update(
        expires_at=F("expires_at") - timedelta(days=days)
    )


def test_a_file_goes_after_its_time_and_the_row_says_so(document, settings, tmp_path):
    settings.DOCUMENT_DAYS = {TASK: 10}
    workflow.finish(workflow.claim(document.pk), b"pdf", "a.pdf")

    age(document, 9)
    workflow.expire()
    early = Document.objects.get().state
    age(document, 2)
    for _ in range(2):
        workflow.expire()

    document.refresh_from_db()
    assert early == State.READY
    assert (document.state, document.reason, bool(document.file)) == (
        State.EXPIRED, "expired", False,
    )  # fmt: skip
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_kinds_without_a_date_of_their_own_have_the_common_one(db, settings):
    settings.OTHER_DOCUMENT_DAYS = 3
    document = workflow.queue("another.task", "one", by=None)

    workflow.finish(workflow.claim(document.pk), b"pdf", "a.pdf")

    document.refresh_from_db()
    assert document.expires_at - document.finished_at == timedelta(days=3)


def test_what_is_given_back_is_tried_three_times_in_all(document):
    for attempt in range(1, workflow.ATTEMPTS + 1):
        workflow.give_back(workflow.claim(document.pk), "no_room")
        document.refresh_from_db()
        ended = document.state == State.FAILED
        assert (document.attempt, ended) == (attempt, attempt == workflow.ATTEMPTS)

    assert workflow.claim(document.pk) is None
    assert "no room" in str(sentence(document))


def test_a_clock_that_is_wrong_on_the_worker_counts_for_nothing(document, monkeypatch):
    """Ten minutes off: all times are the database's, so nobody is thought lost."""
    workflow.claim(document.pk)
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(minutes=10))

    workflow.sweep()

    document.refresh_from_db()
    assert document.state == State.RENDERING
    assert abs(document.heartbeat_at - document.created_at) < timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_do_no_harm(monkeypatch):
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **options: None)
    documents = [workflow.queue(TASK, str(number), by=None) for number in range(20)]
    for document in documents[:10]:
        workflow.finish(workflow.claim(document.pk), b"pdf", "a.pdf")
        age(document, 9_999)
    for document in documents[10:]:
        for _ in range(workflow.ATTEMPTS):
            workflow.claim(document.pk)
            go_silent(document)
    ready = threading.Barrier(2)
    faults = []

    def sweep():
        try:
            ready.wait(10)
            workflow.sweep()
            workflow.expire()
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    states = list(Document.objects.values_list("state", flat=True))
    assert faults == []
    assert (states.count(State.EXPIRED), states.count(State.FAILED)) == (10, 10)
