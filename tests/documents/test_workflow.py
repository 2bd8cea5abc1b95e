from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models.functions import Now

from documents import workflow
from documents.models import Document

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
