"""An attachment that may follow: after the submission that one kind is taken, until its day."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from applications.models import Attachment, Requirement
from applications.workflow import attachments
from tests.documents import files
from tests.factories import ApplicationFactory, AttachmentFactory


@pytest.fixture
def send(client, to_follow, member):
    def post(what):
        client.force_login(member)
        url = reverse("applications:attachments", args=[to_follow.pk])
        file = SimpleUploadedFile("extract.pdf", files.pdf())
        return client.post(url, {"what": what, "file": file}, follow=True)

    return post


def test_the_extract_is_added_with_an_audit_entry_of_its_own(send, to_follow):
    page = send("decision")

    assert "“extract.pdf” is attached." in page.text
    assert Attachment.objects.get().application == to_follow
    assert AuditEntry.objects.get().action == "attachment.followed"


@pytest.mark.parametrize("what", ["letter", "plan", "other", "nonsense"])
def test_nothing_else_is_taken(send, what):
    page = send(what)

    assert page.status_code == 400
    assert not Attachment.objects.exists()


def test_after_its_day_nothing_is_taken_any_more(send):
    Requirement.objects.update(follows_until=timezone.now() - timedelta(seconds=1))

    assert "its attachments are locked" in send("decision").text
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("state", ["selected", "not_selected", "withdrawn"])
def test_once_it_is_decided_nothing_follows(to_follow, state):
    row = ApplicationFactory(call=to_follow.call, state=state, submitted_at=timezone.now())

    assert attachments.following(row) == []


def test_what_was_handed_in_is_not_removed_meanwhile(client, to_follow, member):
    attachment = AttachmentFactory(application=to_follow, what="decision")
    client.force_login(member)

    url = reverse("applications:attachment_remove", args=[attachment.pk])
    page = client.post(url, follow=True)

    assert "its attachments are locked" in page.text
    assert Attachment.objects.kept().count() == 1


def test_the_pages_say_what_may_still_be_added(client, to_follow, member, reviewer):
    client.force_login(member)
    detail = client.get(reverse("applications:detail", args=[to_follow.pk]))
    page = client.get(reverse("applications:attachments", args=[to_follow.pk]))

    assert "These attachments may still be added:" in detail.text
    assert "May follow until" in page.text
    assert "motivation letter" not in page.text  # one kind only, to choose from
    client.force_login(reviewer)
    assert "may still be added" not in client.get(detail.request["PATH_INFO"]).text
