"""The file of an adopted strategy."""

import pytest
from pypdf import PdfReader

from documents.models import Document
from indexanalysis.models import Recommendation
from strategies import workflow
from strategies.models import Heading, Measure
from strategies.tasks import page, produce_strategy
from tests.pdf import failing_rules
from tests.strategies.factories import ChapterFactory, StepFactory

ROUND = {"metric": "Osuus", "unit": "%", "baseline": 41, "target": "60.5"}


@pytest.fixture
def full(approved, answered, recommendation, coordinator):
    """An adopted strategy with something in every part of its file."""
    for holds in ("objectives", "recommendations"):
        heading = Heading.objects.get(holds=holds)
        ChapterFactory(strategy=approved, heading=heading, title=heading.title_fi)
    Measure.objects.update(
        text="Tehdään.\n\nYhdessä.", points=["A1", "B5"], dimensions=["security"],
        starts_on="2027-02-01", ends_on="2028-12-31", partners="Järjestöt", **ROUND,
    )  # fmt: skip
    Recommendation.objects.update(response="Teemme tämän.")
    StepFactory(strategy=approved, body="committee", name="Sivistyslautakunta")
    StepFactory(strategy=approved, name="Kunnanvaltuusto", outcome="amended", note="Kohta 2.")
    return workflow.move(approved, "adopted", by=coordinator)[0]


def file_in(strategy, language):
    return strategy.versions.get().files.get(language=language)


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_file_is_made_tagged_and_fails_no_rule(full, language):
    file = file_in(full, language)

    produce_strategy(file.document_id)

    document = Document.objects.get(pk=file.document_id)
    assert document.state == "ready", document.reason
    with document.file.open() as stored:
        pdf = PdfReader(stored)
        assert pdf.trailer["/Root"]["/Lang"] == language
        text = "\n".join(one.extract_text() for one in pdf.pages)
    assert failing_rules(document.file.path) == []
    assert "Kohta 2." in text


def test_the_texts_stand_as_they_were_written_and_their_language_is_marked(full):
    html, _name = page(file_in(full, "sv").document)

    assert '<html lang="sv">' in html
    assert '<h1 lang="fi">CANARY-strategy</h1>' in html
    assert "<p>Tehdään.</p>" in html
    assert "<td></td>" not in html


def test_only_what_is_frozen_is_printed(full):
    Measure.objects.update(title="Changed afterwards")

    assert "Changed afterwards" not in page(file_in(full, "en").document)[0]


def test_a_list_in_the_file_says_its_source_its_time_and_how_sure_it_is(full):
    html, _name = page(file_in(full, "en").document)

    assert "In force from 1 September 2011 to 31 December 2024." in html
    assert "In force since 1 January 2025." in html
    assert "(seen in the source)" in html
    assert "Take follow-up as good practice rather than as a certain duty." in html


def test_the_answer_to_each_recommendation_stands_in_the_annex(full):
    html, _name = page(file_in(full, "en").document)

    assert "CANARY-recommendation" in html
    assert "Teemme tämän." in html


def test_an_unanswered_recommendation_is_not_made_public(full, coordinator):
    content = full.versions.get().content

    Recommendation.objects.update(state="issued")

    assert content["recommendations"]
    assert workflow.content_of(full)["recommendations"] == []


def test_who_has_lost_the_right_meanwhile_gets_no_file(full, coordinator):
    coordinator.memberships.all().delete()
    file = file_in(full, "fi")

    produce_strategy(file.document_id)

    assert Document.objects.get(pk=file.document_id).state == "denied"
