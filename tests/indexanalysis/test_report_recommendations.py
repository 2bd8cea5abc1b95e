"""Recommendations in the index report: the values, and the PDF."""

from datetime import date
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from documents.models import Document
from indexanalysis import edition
from indexanalysis.report import Recommended, report
from indexanalysis.tasks import may_read, produce_report
from indexanalysis.workflow.recommendations import issue
from tests.indexanalysis.factories import RecommendationFactory
from tests.pdf import failing_rules

SMALL = edition.parse(Path(__file__).with_name("small.toml").read_bytes())


def test_a_recommendation_stands_with_its_sections_title():
    row = Recommended(1, "education", ("EDU-01",), 1, "en", "Title", "Text", "", None, "", None)

    made = report(
        SMALL,
        {},
        municipality="Kivikylä",
        submitted_on=date(2026, 11, 21),
        language="fi",
        recommendations=[row],
    )

    assert made.recommendations == ((SMALL.section("education").title.fi, row),)


def test_the_pdf_holds_the_issued_ones_with_their_answers_and_no_draft(declined, tmp_path):
    RecommendationFactory(assessment=declined.assessment, title_en="CANARY-of-a-draft")
    document = declined.assessment.reports.get(language="fi").document

    produce_report(document.pk)

    document.refresh_from_db()
    assert document.is_ready
    content = document.file.read()
    document.file.close()
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    words = " ".join(text.split())
    assert "CANARY-text" in words
    assert "It is the region's task." in words
    assert "CANARY-of-a-draft" not in words
    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    assert failing_rules(file) == []


def test_a_report_that_is_under_way_when_another_is_ordered_is_not_made(handed_in, expert):
    old = handed_in.reports.get(language="fi").document
    issue(handed_in, [RecommendationFactory(assessment=handed_in)], by=expert)

    produce_report(old.pk)

    assert Document.objects.get(pk=old.pk).state == "denied"
    assert not may_read(expert, old)
    assert may_read(expert, handed_in.reports.get(language="fi").document)
