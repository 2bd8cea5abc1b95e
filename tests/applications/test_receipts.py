"""What was submitted: its checksum, the receipt, and the mails that tell of it."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from applications import workflow
from applications.content import content_of
from applications.models import WRITTEN, Call
from applications.tasks import produce_receipt, receipt
from documents.frozen import checksum
from notifications.models import Mail
from tests.factories import AttachmentFactory, DeclarationFactory
from tests.pdf import failing_rules


def download(client, user, application):
    client.force_login(user)
    return client.get(reverse("applications:content", args=[application.pk]))


def test_the_checksum_is_the_sha256_of_the_text_that_can_be_downloaded(
    client, handed_over, coordinator
):
    page = download(client, coordinator, handed_over)

    assert hashlib.sha256(page.content).hexdigest() == handed_over.checksum
    said = json.loads(page.content)
    assert said["fields"]["motivation"] == "CANARY-motivation"
    assert set(said["fields"]) == set(WRITTEN)
    assert (said["municipality"]["name"], said["number"]) == ("Omala", handed_over.pk)
    assert page["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", [*WRITTEN, "submitted_at"])
def test_every_field_counts(handed_over, name):
    changed = {
        "decided_on": timezone.localdate(),
        "submitted_at": timezone.now(),
        "works_in_english": False,
        "stays_to_the_end": False,
    }
    setattr(handed_over, name, changed.get(name, "other"))

    assert checksum(content_of(handed_over)) != handed_over.checksum


def test_a_partner_and_an_attachment_count(joint, coordinator):
    AttachmentFactory(application=joint)
    application, _changed = workflow.move(joint, "submitted", by=coordinator)

    said = content_of(application)

    assert [one["name"] for one in said["partners"]] == ["Muuala"]
    assert [one["name"] for one in said["attachments"]] == ["CANARY-attachment.pdf"]


def test_a_text_that_was_changed_since_is_not_offered(client, handed_over, coordinator):
    type(handed_over).objects.update(motivation="Changed.")

    assert download(client, coordinator, handed_over).status_code == 404


def test_what_follows_later_leaves_the_checksum_as_it_is(client, to_follow, coordinator):
    to_follow.checksum = checksum(content_of(to_follow))
    to_follow.save()

    AttachmentFactory(application=to_follow, what="decision")

    assert download(client, coordinator, to_follow).status_code == 200


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_receipt_shows_checksum_case_number_and_partners(joint, coordinator, language):
    joint.case_number, coordinator.language = "OMA/252/2026", language
    joint.save()
    coordinator.save()
    application, _changed = workflow.move(joint, "submitted", by=coordinator)

    html, _name = receipt(application.receipt)

    assert application.checksum[:32] in html
    assert "OMA/252/2026" in html
    assert ("Borta" if language == "sv" else "Muuala") in html


def test_the_receipt_is_a_tagged_pdf_that_says_what_followed(to_follow, coordinator, tmp_path):
    to_follow.checksum = "ab" * 32
    to_follow.save()
    AttachmentFactory(application=to_follow, what="decision")
    document = workflow.ask_for_receipt(to_follow, by=coordinator)

    produce_receipt(document.pk)

    document.refresh_from_db()
    assert document.reason == ""
    file = tmp_path / "receipt.pdf"
    file.write_bytes(document.file.read())
    document.file.close()
    text = "".join(page.extract_text() for page in PdfReader(file).pages)
    assert "ab" * 16 in text
    assert "after the submission" in text.replace("\n", " ")
    assert failing_rules(file) == []


def test_the_registry_gets_a_mail_in_the_applications_language(draft, coordinator):
    draft.registry_email, draft.case_number = "kirjaamo@omala.example", "OMA/252/2026"
    draft.save()
    coordinator.language = "fi"
    coordinator.save()

    with translation.override("en"):
        application, _changed = workflow.move(draft, "submitted", by=coordinator)

    mail = Mail.objects.get(to="kirjaamo@omala.example")
    assert mail.language == "fi"
    assert application.checksum in mail.text
    assert "OMA/252/2026" in mail.text
    assert f"/fi/applications/{application.pk}/" in mail.text
    assert "preferences" not in mail.text


def test_without_a_registry_there_is_no_mail_to_it(handed_over, coordinator):
    assert {mail.to for mail in Mail.objects.all()} == {coordinator.email}


def test_a_second_submission_click_mails_the_registry_once(client, draft, coordinator):
    type(draft).objects.update(registry_email="kirjaamo@omala.example")
    client.force_login(coordinator)
    for _ in range(2):
        client.post(reverse("applications:move", args=[draft.pk, "submitted"]))

    assert Mail.objects.filter(to="kirjaamo@omala.example").count() == 1


def test_too_late_names_the_instant_in_helsinki_and_keeps_the_text(client, draft, coordinator):
    closed = timezone.now().replace(microsecond=0) - timedelta(hours=1)
    Call.objects.update(closes_at=closed)
    client.force_login(coordinator)

    page = client.post(reverse("applications:move", args=[draft.pk, "submitted"]), follow=True)

    local = timezone.localtime(closed)
    assert f"{local.day} {local:%B %Y}" in page.text
    assert f"{local:%H:%M}" in page.text or f"{local:%H.%M}" in page.text
    assert "(Helsinki time)" in page.text
    assert "CANARY-motivation" in page.text
    draft.refresh_from_db()
    assert (draft.state, draft.checksum, draft.submitted_at) == ("draft", "", None)


def test_a_required_attachment_blocks_the_submission(client, letter_needed, coordinator):
    client.force_login(coordinator)
    url = reverse("applications:move", args=[letter_needed.pk, "submitted"])

    assert "still missing" in client.post(url, follow=True).text
    AttachmentFactory(application=letter_needed)
    client.post(url)

    letter_needed.refresh_from_db()
    assert letter_needed.state == "submitted"


def test_the_preview_is_what_the_reviewers_read(client, draft, coordinator, reviewer):
    draft.language_needs, draft.section_number = "Interpreting.", "§ 252"
    draft.save()
    AttachmentFactory(application=draft)
    client.force_login(coordinator)
    preview = client.get(reverse("applications:confirm", args=[draft.pk, "submitted"]))
    workflow.move(draft, "submitted", by=coordinator)
    DeclarationFactory(application=draft, person=reviewer)
    client.force_login(reviewer)

    review = client.get(reverse("admin:applications_application_change", args=[draft.pk]))

    assert sheet_of(preview) == sheet_of(review)
    for words in ("Interpreting.", "§ 252", "CANARY-attachment.pdf", "Population"):
        assert words in sheet_of(review)


def sheet_of(page):
    """The shared part of a page, from its first heading to the attachments."""
    text = page.text[page.text.index("<h3>Municipality and partners</h3>") :]
    return text[: text.index("</ul>")]
