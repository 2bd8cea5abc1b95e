"""What a municipality writes while it completes an application is its own until it submits it."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applications import workflow
from applications.models import Application, Attachment, Completion
from applications.tasks import receipt
from applications.workflow import completions
from documents.frozen import checksum
from drafting.saving import save
from notifications.models import Mail
from tests.applications.reviewing_cast import send_back
from tests.documents import files
from tests.factories import AttachmentFactory, RequirementFactory

State = Application.State
TYPED = "Half a sentence that nobody has submitted"


def reread(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def typed(returned, member):
    """The returned application, in which a member has begun to write anew."""
    return save(returned, {"motivation": TYPED}, read=0, by=member).row


@pytest.fixture
def time_is_over(typed):
    Completion.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    return reread(typed)


def long_ago(attachment):
    """As it is when the application was submitted with it."""
    upload = attachment.upload
    type(upload).objects.filter(pk=upload.pk).update(at=timezone.now() - timedelta(days=9))
    return attachment


def staff_pages(client, application):
    change = reverse("admin:applications_application_change", args=[application.pk])
    export = reverse("admin:applications_application_export", args=["json"])
    detail = reverse("applications:detail", args=[application.pk])
    return [client.get(address).text for address in (change, export, detail)]


def test_the_staff_read_what_was_submitted_until_it_is_submitted_again(
    client, typed, lead, coordinator
):
    client.force_login(lead)
    before = staff_pages(client, typed)
    workflow.move(typed, State.SUBMITTED, by=coordinator)
    after = staff_pages(client, typed)

    assert all("CANARY-motivation" in page and TYPED not in page for page in before)
    assert all(TYPED in page for page in after)


def test_its_own_people_read_what_they_write(client, typed, member):
    client.force_login(member)

    assert TYPED in client.get(reverse("applications:detail", args=[typed.pk])).text


def test_a_receipt_made_meanwhile_says_what_was_submitted(typed, coordinator):
    workflow.ask_for_receipt(typed, by=coordinator)

    html, _name = receipt(reread(typed).receipt)

    assert "CANARY-motivation" in html
    assert TYPED not in html


def test_a_lead_goes_on_with_what_was_submitted_and_the_rest_stays_in_the_history(
    time_is_over, lead
):
    completions.take_back(time_is_over, by=lead)
    row = reread(time_is_over)

    assert row.motivation == "CANARY-motivation"
    assert row.values_at(row.version - 1, ["motivation"]) == {"motivation": TYPED}


def test_attachments_go_back_to_what_they_were_too(time_is_over, lead, member):
    added = AttachmentFactory(application=time_is_over, what="plan")
    removed = long_ago(AttachmentFactory(application=time_is_over))
    Attachment.objects.filter(pk=removed.pk).update(removed_at=timezone.now(), removed_by=member)

    completions.take_back(time_is_over, by=lead)

    assert list(time_is_over.attachments.kept()) == [removed]
    assert list(time_is_over.attachments.removed()) == [added]


def test_what_may_follow_anyway_is_not_undone(time_is_over, lead):
    later = timezone.now() + timedelta(days=3)
    RequirementFactory(call=time_is_over.call, what="decision", follows_until=later)
    extract = AttachmentFactory(application=time_is_over, what="decision")

    completions.take_back(time_is_over, by=lead)

    assert list(time_is_over.attachments.kept()) == [extract]


def test_staff_do_not_see_an_attachment_that_is_not_submitted(client, typed, lead):
    AttachmentFactory(application=typed, what="plan", upload__name="new-plan.pdf")
    client.force_login(lead)
    address = reverse("admin:applications_application_change", args=[typed.pk])

    assert "new-plan.pdf" not in client.get(address).text


def test_a_missing_attachment_that_is_not_open_does_not_keep_it_from_being_completed(
    cleared, lead, coordinator
):
    RequirementFactory(call=cleared.call, what="decision")
    returned = send_back(cleared, lead, fields=["motivation"])

    row, changed = workflow.move(returned, State.SUBMITTED, by=coordinator)

    assert changed
    assert row.state == State.SUBMITTED


def test_every_kind_can_be_attached_where_attachments_are_open(client, returned, member):
    later = timezone.now() + timedelta(days=3)
    RequirementFactory(call=returned.call, what="decision", follows_until=later)
    client.force_login(member)
    file = SimpleUploadedFile("plan.pdf", files.pdf())

    page = client.post(
        reverse("applications:attachments", args=[returned.pk]),
        {"file": file, "what": "plan"},
        follow=True,
    )

    assert "“plan.pdf” is attached." in page.text


def test_the_checksum_counts_what_was_attached_to_complete_it(client, returned, coordinator):
    AttachmentFactory(application=returned, what="plan", upload__name="new-plan.pdf")

    row, _changed = workflow.move(returned, State.SUBMITTED, by=coordinator)
    client.force_login(coordinator)
    text = client.get(reverse("applications:content", args=[row.pk])).content

    assert [one["name"] for one in json.loads(text)["attachments"]] == ["new-plan.pdf"]
    assert checksum(json.loads(text)) == row.checksum


def test_the_registry_is_told_that_it_was_submitted_again(returned, coordinator):
    returned.registry_email = "registry@omala.example"
    returned.save()

    workflow.move(returned, State.SUBMITTED, by=coordinator)

    mail = Mail.objects.get(to="registry@omala.example")
    assert "The completed application of Omala" in mail.text
    assert "was submitted again on" in mail.text
