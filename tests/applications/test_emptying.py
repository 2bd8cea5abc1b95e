"""What becomes of a withdrawn application: a draft is emptied, what was submitted stays."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from applications import workflow
from applications.models import WRITTEN, Application, Attachment
from applications.tasks import empty_withdrawn
from documents.models import Upload
from drafting.models import Comment, Revision
from tests.factories import AttachmentFactory


@pytest.fixture
def withdrawn(written_draft, said_of_text, coordinator):
    """A written and discussed draft with an attachment, withdrawn."""
    AttachmentFactory(application=written_draft)
    return workflow.move(written_draft, "withdrawn", by=coordinator)[0]


def days_pass(days):
    Application.objects.update(withdrawn_at=timezone.now() - timedelta(days=days))


def test_withdrawing_stamps_the_time_and_deletes_nothing(withdrawn):
    assert timezone.now() - withdrawn.withdrawn_at < timedelta(minutes=1)

    days_pass(29)
    empty_withdrawn()

    assert Application.objects.get().motivation == "Now."
    assert Attachment.objects.exists()


def test_after_its_days_a_draft_is_emptied_with_all_that_was_said_about_it(withdrawn):
    days_pass(31)

    empty_withdrawn()

    row = Application.objects.get()
    left = {name: getattr(row, name) for name in WRITTEN}
    assert set(left.values()) <= {"", None, False}
    assert row.emptied_at is not None
    assert not Revision.objects.exists()
    assert not Comment.objects.exists()
    assert not Attachment.objects.exists()
    assert Upload.objects.unused().count() == 1  # the sweep of files takes it
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.by) == ("application.emptied", None)


def test_emptied_twice_it_is_one_entry(withdrawn):
    days_pass(31)
    empty_withdrawn()
    empty_withdrawn()

    assert AuditEntry.objects.filter(action="application.emptied").count() == 1


def test_what_had_been_submitted_stays_in_the_staffs_record(handed_over, coordinator):
    workflow.move(handed_over, "withdrawn", by=coordinator)
    days_pass(400)

    empty_withdrawn()

    row = Application.objects.get()
    assert (row.motivation, row.emptied_at) == ("CANARY-motivation", None)


@pytest.mark.parametrize("state", ["draft", "submitted", "in_review", "selected"])
def test_nothing_else_is_ever_emptied(withdrawn, state):
    days_pass(400)
    Application.objects.update(state=state, answer_by=timezone.localdate())

    empty_withdrawn()

    assert Application.objects.get().motivation == "Now."


def test_the_page_says_what_becomes_of_the_data(client, draft, submitted, coordinator):
    client.force_login(coordinator)

    pages = [
        client.get(reverse("applications:confirm", args=[row.pk, "withdrawn"])).text
        for row in (draft, submitted)
    ]

    assert "still read it for 30 days" in pages[0]
    assert "are deleted" in pages[0]
    assert "record of the call" in pages[1]
    assert "deleted" not in pages[1]


def test_an_emptied_draft_says_so(client, withdrawn, coordinator):
    days_pass(31)
    empty_withdrawn()
    client.force_login(coordinator)

    page = client.get(reverse("applications:detail", args=[withdrawn.pk]))

    assert "Its texts and attachments were deleted on" in page.text
