"""The approved notes as PDF: their own words in each language's frame."""

import pytest
from pypdf import PdfReader

from documents.models import Document
from documents.workflow import fail
from tests.pdf import failing_rules
from tests.workinggroups.factories import DecisionFactory, GroupMemberFactory, TaskFactory
from workinggroups.models import Meeting
from workinggroups.tasks import may_read, page, produce_notes
from workinggroups.workflow import notes


@pytest.fixture
def written(in_remarks, coordinator):
    """Approved notes with everything that they can hold."""
    member = GroupMemberFactory(group=in_remarks.group, name="Maija Mallikas", organisation="Kela")
    in_remarks.attendees.add(member)
    Meeting.objects.update(agenda="1. Avaus", also_present="Vieras", chair=member)
    DecisionFactory(meeting=in_remarks, text="Kysymme nuorilta.")
    TaskFactory(group=in_remarks.group, meeting=in_remarks, owner=member, title="Soita kirjastoon")
    return notes.move(in_remarks, "approved", by=coordinator)[0]


def file_of(meeting, language):
    document = meeting.files.get(language=language).document
    produce_notes(document.pk)
    document.refresh_from_db()
    return document


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_file_passes_every_rule_and_holds_what_was_written(written, language):
    document = file_of(written, language)

    assert document.state == "ready"
    assert document.name.endswith(f"-1-{language}.pdf")
    assert failing_rules(document.file.path) == []
    text = " ".join(page.extract_text() for page in PdfReader(document.file.path).pages)
    for words in ("We met and talked.", "Kysymme nuorilta.", "Maija Mallikas", "Soita kirjastoon"):
        assert words in text
    assert PdfReader(document.file.path).trailer["/Root"]["/Lang"] == language


def test_made_twice_it_is_one_file(written):
    document = file_of(written, "fi")

    produce_notes(document.pk)

    document.refresh_from_db()
    assert document.attempt == 1


def test_who_lost_the_right_meanwhile_gets_no_file(written, person):
    document = Document.objects.first()

    assert may_read(person("coordinator"), document)
    assert may_read(person("expert"), document)
    assert not may_read(person("other_coordinator"), document)


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_notes_own_words_are_marked_with_their_language(written, language):
    html, _name = page(written.files.get(language=language).document)

    assert (' lang="fi">We met and talked.' in html) is (language != "fi")


def test_what_failed_says_why_and_offers_to_try_again(client, written, coordinator):
    document = written.files.get(language="sv").document
    Document.objects.filter(pk=document.pk).update(state="rendering", attempt=3)
    document.refresh_from_db()
    fail(document, "worker_lost")
    client.force_login(coordinator)

    answer = client.get(written.get_absolute_url()).text

    assert "Make it again" in answer
    assert f"/meetings/{written.pk}/files/sv/again/" in answer
