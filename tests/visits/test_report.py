"""The report of a visit: its page, and the PDF in three languages."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from documents.models import Document
from tests.pdf import failing_rules
from tests.visits.factories import (
    FindingFactory,
    ItemFactory,
    NoteFactory,
    ObservationFactory,
    PersonMetFactory,
)
from visits.tasks import may_read, produce_report
from visits.workflow import move


@pytest.fixture
def told(reporting, issued, expert):
    """A report in which everything stands, and what must not."""
    ItemFactory(visit=reporting, title="CANARY-item")
    PersonMetFactory(visit=reporting, name="CANARY-met")
    FindingFactory(visit=reporting, state="shared")
    FindingFactory(visit=reporting, title="SECRET-draft")
    ObservationFactory(recommendation=issued)
    NoteFactory(visit=reporting, by=expert, text="SECRET-note")
    NoteFactory(visit=reporting, by=expert, text="SECRET-shared", state="shared")
    return move(reporting, "final", by=expert)[0]


TOLD = [
    "CANARY-summary", "CANARY-item", "CANARY-met", "CANARY-finding", "CANARY-found",
    "CANARY-title", "CANARY-observation",
]  # fmt: skip


def test_the_page_tells_everything_and_no_note(client, told, member):
    client.force_login(member)

    page = client.get(reverse("visits:report", args=[told.pk])).text

    assert [word for word in TOLD if word not in page] == []
    assert "SECRET" not in page


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_pdf_tells_the_same_and_is_tagged(told, language, tmp_path):
    document = told.reports.get(language=language).document

    produce_report(document.pk)

    document.refresh_from_db()
    assert document.is_ready
    assert document.name.endswith(f"-{language}.pdf")
    content = document.file.read()
    document.file.close()
    pages = PdfReader(BytesIO(content)).pages
    words = " ".join("".join(page.extract_text() for page in pages).split())
    assert [word for word in TOLD if word not in words] == []
    assert "SECRET" not in words
    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    assert failing_rules(file) == []


def test_an_empty_report_is_made_too(final, tmp_path):
    document = final.reports.get(language="en").document

    produce_report(document.pk)

    document.refresh_from_db()
    file = tmp_path / "report.pdf"
    file.write_bytes(document.file.read())
    document.file.close()
    assert failing_rules(file) == []


def test_whoever_may_not_read_the_visit_gets_no_file(final, expert):
    document = final.reports.get(language="fi").document
    expert.assignments.all().delete()

    produce_report(document.pk)

    assert Document.objects.get(pk=document.pk).state == "denied"
    assert not may_read(expert, document)


def test_nothing_of_a_report_in_the_making_reaches_the_municipality(client, reporting, coordinator):
    client.force_login(coordinator)

    page = client.get(reporting.get_absolute_url()).text

    assert client.get(reverse("visits:report", args=[reporting.pk])).status_code == 404
    assert "CANARY-summary" not in page
