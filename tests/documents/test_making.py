import errno

import pytest

from applications import workflow as applying
from applications.tasks import may_read, produce_receipt
from documents import making, rendering, workflow
from documents.models import Document
from documents.reasons import sentence
from indexanalysis.tasks import produce_report
from tests.factories import AttachmentFactory, DeclarationFactory

State = Document.State
PAGE = '<!DOCTYPE html><html lang="en"><title>A page</title><body><h1>A page</h1></body></html>'


def page(document):
    return PAGE, "page.pdf"


@pytest.fixture
def document(member):
    return workflow.queue("a.task", "one", by=member)


def make(document, *, build=page, may=lambda user, document: True):
    making.make(document.pk, build, may=may)
    document.refresh_from_db()
    return document.state


def stored(tmp_path):
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def test_who_may_read_it_gets_it(document, tmp_path):
    assert make(document) == State.READY
    assert len(stored(tmp_path)) == 1


def test_who_lost_the_right_before_the_work_gets_no_file(document, tmp_path):
    assert make(document, may=lambda user, document: False) == State.DENIED
    assert stored(tmp_path) == []
    assert "may not read it any more" in str(sentence(document))


def test_who_lost_the_right_during_the_work_gets_no_file(document, tmp_path):
    rights = iter([True, False])

    assert make(document, may=lambda user, document: next(rights)) == State.DENIED
    assert stored(tmp_path) == []


def test_who_may_not_sign_in_any_more_gets_no_file(document, member):
    member.is_active = False
    member.save()

    assert make(document) == State.DENIED


def test_what_nobody_asked_for_is_made_without_asking_for_a_right(db):
    document = workflow.queue("a.task", "one", by=None)

    assert make(document, may=lambda user, document: False) == State.READY


def receipt_of(draft, coordinator):
    AttachmentFactory(application=draft)
    return applying.move(draft, "submitted", by=coordinator)[0].receipt


def test_a_receipt_is_made_for_its_asker_and_lists_the_attachments(draft, coordinator):
    receipt = receipt_of(draft, coordinator)

    produce_receipt(receipt.pk)

    receipt.refresh_from_db()
    assert receipt.state == State.READY
    receipt.file.close()


@pytest.mark.parametrize("lost", ["membership", "account"])
def test_a_receipt_is_denied_to_who_has_lost_the_right_meanwhile(
    draft, coordinator, lost, tmp_path
):
    receipt = receipt_of(draft, coordinator)
    before = len(stored(tmp_path))
    if lost == "membership":
        coordinator.memberships.all().delete()
    else:
        coordinator.is_active = False
        coordinator.save()

    produce_receipt(receipt.pk)

    receipt.refresh_from_db()
    assert receipt.state == State.DENIED
    assert len(stored(tmp_path)) == before


def test_a_report_is_denied_to_who_has_lost_the_right_meanwhile(handed_in, coordinator):
    coordinator.memberships.all().delete()

    for report in handed_in.reports.all():
        produce_report(report.document_id)

    states = handed_in.reports.values_list("document__state", flat=True)
    assert set(states) == {State.DENIED}


def test_the_right_to_a_receipt_is_that_to_its_application(submitted, person):
    people = [person(name) for name in ("reader", "lead", "stranger")]

    def who_may():
        return [may_read(one, submitted.receipt) for one in people]

    assert who_may() == [True, False, False]
    DeclarationFactory(application=submitted, person=people[1])
    assert who_may() == [True, True, False]


def full(document):
    raise OSError(errno.ENOSPC, "No space left on device")


def faulty(document):
    raise ValueError("a fault of ours")


@pytest.mark.parametrize(
    ("build", "error", "words"), [(full, OSError, "no room"), (faulty, ValueError, "a fault")]
)
def test_what_may_pass_is_tried_three_times_and_then_failed_in_words(document, build, error, words):
    states = []
    for _ in range(workflow.ATTEMPTS):
        with pytest.raises(error):
            make(document, build=build)
        document.refresh_from_db()
        states.append(document.state)

    assert states == [State.QUEUED, State.QUEUED, State.FAILED]
    assert make(document) == State.FAILED  # not a fourth time
    assert words in str(sentence(document))


def test_after_the_disk_has_room_again_the_next_attempt_succeeds(document):
    with pytest.raises(OSError, match="No space"):
        make(document, build=full)

    assert make(document) == State.READY


def test_a_page_that_cannot_be_made_is_not_tried_again(document, monkeypatch):
    monkeypatch.setattr(rendering, "SECONDS", 1)

    state = make(document, build=lambda document: (PAGE + "<p>sana " * 400_000, "a.pdf"))

    assert (state, document.attempt, document.reason) == (State.FAILED, 1, "too_long")
