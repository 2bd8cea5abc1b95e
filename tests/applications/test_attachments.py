import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications import workflow
from applications.models import Application, Attachment
from applications.workflow import attachments
from documents import storing
from documents.models import Document, Upload
from tests.documents import files
from tests.factories import (
    ApplicationFactory,
    AttachmentFactory,
    DeclarationFactory,
    MembershipFactory,
    UploadFactory,
)


def address(application):
    return reverse("applications:attachments", args=[application.pk])


def form(content=None, name="letter.pdf", what="letter"):
    content = files.pdf() if content is None else content
    return {"what": what, "file": SimpleUploadedFile(name, content)}


def stored(tmp_path):
    """What lies on the disk, wherever."""
    return [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.fixture
def signed_in(client, member):
    client.force_login(member)
    return client


def test_a_file_is_attached_and_comes_back_as_it_was(signed_in, draft, member, tmp_path):
    content = files.pdf()

    page = signed_in.post(address(draft), form(content), follow=True)

    attachment = Attachment.objects.get()
    download = signed_in.get(reverse("applications:attachment", args=[attachment.pk]))
    assert "“letter.pdf” is attached." in page.text
    assert download.getvalue() == content
    assert (attachment.upload.by, attachment.upload.municipality) == (member, draft.municipality)
    assert (attachment.upload.size, attachment.upload.flags) == (len(content), [])
    assert len(stored(tmp_path)) == 1
    assert AuditEntry.objects.get().action == "attachment.added"


def test_a_download_is_never_shown_or_kept(signed_in, attached):
    response = signed_in.get(reverse("applications:attachment", args=[attached.pk]))

    response.close()
    assert response["Content-Disposition"] == 'attachment; filename="CANARY-attachment.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_stored_name_tells_nothing_of_the_file(signed_in, draft):
    signed_in.post(address(draft), form())

    name = Upload.objects.get().file.name
    assert name.startswith("uploads/")
    assert "letter" not in name
    assert "." not in name


def test_a_refused_file_leaves_a_sentence_at_the_field_and_nothing_else(signed_in, draft, tmp_path):
    response = signed_in.post(
        address(draft), form(files.docx(("word/vbaProject.bin", "x")), "a.docx")
    )

    assert response.status_code == 400
    assert "The file has macros or other programs in it." in response.text
    assert 'value="letter" selected' in response.text
    assert not Upload.objects.exists()
    assert stored(tmp_path) == []


def test_without_a_file_the_page_asks_for_one(signed_in, draft):
    response = signed_in.post(address(draft), {"what": "letter"})

    assert response.status_code == 400
    assert "Choose a file first." in response.text


def test_an_active_file_is_taken_and_its_readers_are_told(client, draft, member, coordinator, lead):
    client.force_login(member)
    script = files.pdf(files.with_script_on_page)
    client.post(address(draft), form(script, "active.pdf"))
    workflow.move(draft, Application.State.SUBMITTED, by=coordinator)

    DeclarationFactory(application=draft, person=lead)
    client.force_login(lead)
    page = client.get(reverse("admin:applications_application_change", args=[draft.pk]))

    assert "active.pdf" in page.text
    assert "has JavaScript in it" in page.text


def test_a_double_click_attaches_once_and_says_so(signed_in, draft, tmp_path):
    content = files.pdf()

    pages = [signed_in.post(address(draft), form(content), follow=True) for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert "was attached already" in pages[1].text
    assert Attachment.objects.count() == Upload.objects.count() == len(stored(tmp_path)) == 1


def test_after_submission_the_attachments_are_locked(signed_in, attached, coordinator):
    workflow.move(attached.application, Application.State.SUBMITTED, by=coordinator)

    added = signed_in.post(address(attached.application), form(), follow=True)
    removed = signed_in.post(
        reverse("applications:attachment_remove", args=[attached.pk]), follow=True
    )

    for page in (added, removed):
        assert "its attachments are locked" in page.text
    assert [row.removed_at for row in Attachment.objects.all()] == [None]


def test_submission_waits_for_no_check_and_a_late_file_is_refused(draft, coordinator, member):
    """The right is asked for again under the lock, not only when the page was opened."""
    workflow.move(draft, Application.State.SUBMITTED, by=coordinator)

    with pytest.raises(Refused, match="locked"):
        attachments.attach(draft, None, what="letter", by=member)


def test_a_removed_file_can_be_put_back(signed_in, attached):
    for route in ("attachment_remove", "attachment_remove"):
        signed_in.post(reverse(f"applications:{route}", args=[attached.pk]))
    gone = signed_in.get(reverse("applications:attachment", args=[attached.pk])).status_code
    for route in ("attachment_put_back", "attachment_put_back"):
        signed_in.post(reverse(f"applications:{route}", args=[attached.pk]))

    attached.refresh_from_db()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert gone == 404
    assert attached.removed_at is None
    assert actions == ["attachment.removed", "attachment.put_back"]


def test_a_reader_may_neither_attach_nor_remove(attached, person):
    with pytest.raises(PermissionDenied):
        attachments.remove(attached, by=person("reader"))
    with pytest.raises(PermissionDenied):
        attachments.attach(attached.application, None, what="letter", by=person("reader"))


def test_a_member_removed_in_the_middle_of_it_attaches_nothing(signed_in, draft, member, tmp_path):
    member.memberships.all().delete()

    response = signed_in.post(address(draft), form())

    assert response.status_code == 404
    assert stored(tmp_path) == []


def long_ago(attachment, days):
    Attachment.objects.filter(pk=attachment.pk).update(
        removed_at=Now() - timedelta(days=days), removed_by=attachment.upload.by
    )


def test_the_bin_is_emptied_after_thirty_days_and_says_of_what(draft, settings):
    kept, recent, old = AttachmentFactory.create_batch(3, application=draft)
    long_ago(recent, 29)
    long_ago(old, 31)

    counts = [attachments.purge() for _ in range(2)]

    assert counts == [1, 0]
    assert set(Attachment.objects.all()) == {kept, recent}
    assert AuditEntry.objects.get().note == f"pdf, {old.upload.sha256}"


def test_a_file_that_another_row_refers_to_is_not_deleted(
    draft, settings, django_capture_on_commit_callbacks
):
    """Row 42: removing one thing must not remove what something else still shows."""
    settings.ORPHAN_SECONDS = -1
    shared = UploadFactory(municipality=draft.municipality)
    first = AttachmentFactory(application=draft, upload=shared)
    other = AttachmentFactory(
        application=ApplicationFactory(municipality=draft.municipality), upload=shared
    )
    alone = AttachmentFactory(application=draft)
    for attachment in (first, alone):
        long_ago(attachment, 31)

    attachments.purge()
    with django_capture_on_commit_callbacks(execute=True):
        storing.sweep()

    assert list(Attachment.objects.all()) == [other]
    assert list(Upload.objects.all()) == [shared]
    assert default_storage.exists(shared.file.name)
    assert not default_storage.exists(alone.upload.file.name)


def test_together_the_attachments_stay_below_their_limit(signed_in, draft, settings, tmp_path):
    settings.UPLOAD_BUNDLE_BYTES = 2 << 20
    AttachmentFactory(application=draft, upload__size=(2 << 20) - 10)

    response = signed_in.post(address(draft), form())

    assert response.status_code == 400
    assert "larger than 2 MB together" in response.text
    assert Upload.objects.count() == len(stored(tmp_path)) == 1


def test_what_is_in_the_bin_does_not_count_until_it_is_put_back(signed_in, removed, settings):
    settings.UPLOAD_BUNDLE_BYTES = 2 << 20
    Upload.objects.update(size=(2 << 20) - 10)

    signed_in.post(address(removed.application), form())
    page = signed_in.post(
        reverse("applications:attachment_put_back", args=[removed.pk]), follow=True
    )

    assert "larger than 2 MB together" in page.text
    assert Attachment.objects.kept().count() == 1


def test_all_files_of_a_municipality_stay_below_their_limit(signed_in, draft, settings, tmp_path):
    settings.UPLOAD_TOWN_BYTES = 3 << 20
    UploadFactory(municipality=draft.municipality, size=(3 << 20) - 10)

    response = signed_in.post(address(draft), form())

    assert response.status_code == 400
    assert "files would be larger than 3 MB together" in response.text
    assert len(stored(tmp_path)) == 1


def test_where_the_disk_is_nearly_full_the_page_says_so_and_stores_nothing(
    signed_in, draft, settings, tmp_path
):
    settings.DISK_RESERVE_BYTES = 1 << 60

    response = signed_in.post(address(draft), form())

    assert response.status_code == 507
    assert "The portal has no room for the file just now" in response.text
    assert not Upload.objects.exists()
    assert stored(tmp_path) == []


@pytest.mark.django_db(transaction=True)
def test_of_files_sent_at_once_none_gets_past_the_limit(draft, member, settings, tmp_path):
    """Eight at once, room for three: each is counted with those before it."""
    contents = [files.pdf(lambda made, n=n: made.docinfo.update({"/N": str(n)})) for n in range(8)]
    size = max(map(len, contents))
    settings.UPLOAD_BUNDLE_BYTES = 3 * size + size // 2
    client = Client()
    client.force_login(member)
    answers = []

    def send(content):
        own = Client()
        own.cookies = client.cookies
        answers.append(own.post(address(draft), form(content)).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=[content]) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302] * 3 + [400] * 5
    assert Upload.objects.count() == len(stored(tmp_path)) == 3


FOREIGN = ["stranger", "other_coordinator", "other_member", "former", "free_expert", "past_expert"]
STATES = Application.State.values


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", [*FOREIGN, "superuser"])
def test_nothing_of_an_attachment_reaches_a_stranger_in_any_state(
    client, person, town, state, name
):
    application = ApplicationFactory(municipality=town, state=state, submitted_at=Now())
    attachment = AttachmentFactory(application=application)
    client.force_login(person(name))

    answers = [
        client.get(reverse("applications:attachment", args=[attachment.pk])),
        client.get(address(application)),
        client.post(address(application), form()),
        client.post(reverse("applications:attachment_remove", args=[attachment.pk])),
        client.post(reverse("applications:attachment_put_back", args=[attachment.pk])),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert not any("CANARY" in answer.text for answer in answers)


@pytest.mark.parametrize("state", STATES)
def test_an_assigned_expert_reads_the_attachments_of_a_selected_one_only(
    client, person, town, state
):
    application = ApplicationFactory(municipality=town, state=state, submitted_at=Now())
    attachment = AttachmentFactory(application=application)
    client.force_login(person("expert"))

    response = client.get(reverse("applications:attachment", args=[attachment.pk]))

    response.close()
    assert response.status_code == (200 if state in {"selected", "confirmed"} else 404)


def test_the_stored_files_have_no_address(signed_in, attached):
    name = attached.upload.file.name

    answers = [
        signed_in.get(f"/{prefix}{name}").status_code
        for prefix in ("", "media/", "files/", "static/", "en/", "static/../", ".data/files/")
    ]

    assert set(answers) == {404}


def test_a_file_that_is_missing_on_the_disk_is_a_404_and_not_a_fault(signed_in, attached):
    default_storage.delete(attached.upload.file.name)

    response = signed_in.get(reverse("applications:attachment", args=[attached.pk]))

    assert response.status_code == 404


def test_the_receipt_asked_for_again_with_nothing_changed_is_the_finished_one(
    submitted, coordinator
):
    Application.objects.update(receipt=None)

    documents = {workflow.ask_for_receipt(submitted, by=coordinator).pk for _ in range(3)}
    AttachmentFactory(application=submitted)
    changed = workflow.ask_for_receipt(submitted, by=coordinator)

    assert len(documents) == 1
    assert changed.pk not in documents


def test_asking_for_a_receipt_that_stands_leaves_no_further_trace(submitted, coordinator):
    for _click in range(3):
        workflow.ask_for_receipt(submitted, by=coordinator)

    asked = AuditEntry.objects.filter(action="receipt.asked_again")

    assert asked.count() == 1


def test_a_receipt_deleted_after_its_time_is_made_again_from_its_page(
    client, with_receipt, coordinator
):
    Document.objects.update(state=Document.State.EXPIRED, reason="expired", file="")
    client.force_login(coordinator)

    page = client.get(with_receipt.get_absolute_url())
    client.post(reverse("applications:receipt_again", args=[with_receipt.pk]))

    with_receipt.refresh_from_db()
    assert (
        "The receipt&#x27;s file has been deleted." in page.text or "has been deleted" in page.text
    )
    assert with_receipt.receipt.state == Document.State.QUEUED


def test_a_second_coordinator_takes_over_a_receipt_that_was_denied(submitted, town, coordinator):
    document = workflow.ask_for_receipt(submitted, by=coordinator)
    Document.objects.filter(pk=document.pk).update(state=Document.State.DENIED)
    other = MembershipFactory(municipality=town).user

    again = workflow.ask_for_receipt(submitted, by=other)

    assert (again.pk, again.state, again.asked_by) == (document.pk, Document.State.QUEUED, other)
