"""What staff take out: what they may see, typed, written down, in few queries."""

import csv
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from applications.models import Mark
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    CriterionFactory,
    DeclarationFactory,
    MembershipFactory,
    MunicipalityFactory,
    ReviewFactory,
)

KINDS = ("workbook", "json", "applications", "reviews", "marks")


@pytest.fixture
def export(client, lead):
    """The file of one kind, as bytes, and what the database was asked for it."""

    def ask(kind, by=lead, **query):
        client.force_login(by)
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(
                reverse("admin:applications_application_export", args=[kind]), query
            )
            content = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code == 200
        ask.queries, ask.headers = len(caught), answer.headers
        return content

    return ask


def rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def reviewed(in_review, reviewer, lead):
    """The own town's application, declared on, with a review by `reviewer` and one by another."""
    for person in (reviewer, lead):
        DeclarationFactory(application=in_review, person=person)
    ReviewFactory(application=in_review, reviewer=reviewer, score=80, comment="Mine")
    ReviewFactory(application=in_review, score=60, comment="Theirs")
    return in_review


def test_the_applications_stand_in_a_table_with_all_that_was_written(export, reviewed):
    first, row = rows(export("applications"))
    found = dict(zip(first, row, strict=True))

    assert found["Municipality"] == "Omala"
    assert found["Motivation and expectations"] == "CANARY-motivation"
    assert (found["Mean score"], found["Reviews"]) == ("70.0", "2")
    assert found["State"] == "under review"


def test_the_points_by_criterion_stand_in_a_table_of_their_own(export, reviewed, reviewer):
    criterion = CriterionFactory(call=reviewed.call, name_en="Commitment", weight=3)
    mine, theirs = reviewed.reviews.order_by("pk")
    Mark.objects.create(review=mine, criterion=criterion, points=4, comment="Decided.")
    Mark.objects.create(review=theirs, criterion=criterion, cannot_judge=True)

    _headings, first, second = rows(export("marks", by=reviewer))

    about = [str(reviewed.pk), "Omala"]
    assert first == [*about, reviewer.name, "Commitment", "3", "4", "No", "Decided."]
    assert second == [*about, theirs.reviewer.name, "Commitment", "3", "", "Yes", ""]


def test_the_points_of_others_are_in_no_file_before_the_own_are_in(export, reviewed, reviewer):
    criterion = CriterionFactory(call=reviewed.call)
    for review in reviewed.reviews.all():
        Mark.objects.create(review=review, criterion=criterion, points=4)
    reviewed.reviews.filter(reviewer=reviewer).update(handed_in_at=None, score=None)

    _headings, *found = rows(export("marks", by=reviewer))

    assert [row[2] for row in found] == [reviewer.name]


def test_the_headings_are_in_the_page_s_language(client, reviewed, lead):
    client.force_login(lead)
    url = reverse("admin:applications_application_export", args=["json"])

    found = client.get(url.replace("/en/", "/fi/")).json()

    assert found["applications"][0]["Kunta"] == "Omala"


def test_drafts_are_in_no_file(export, draft, submitted, lead):
    DeclarationFactory(application=submitted, person=lead)
    for kind in ("workbook", "json", "applications"):
        content = export(kind)
        if kind == "workbook":
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                content = book.read("xl/sharedStrings.xml") + book.read("xl/worksheets/sheet1.xml")
        assert content.count(b"CANARY-motivation") == 1


def test_others_reviews_and_the_mean_come_once_the_own_is_handed_in(
    export, reviewed, reviewer, second_reviewer
):
    DeclarationFactory(application=reviewed, person=second_reviewer)
    before = export("reviews", by=second_reviewer), rows(export("applications", by=second_reviewer))
    ReviewFactory(application=reviewed, reviewer=second_reviewer, score=10)
    after = export("reviews", by=second_reviewer), rows(export("applications", by=second_reviewer))

    mean = before[1][0].index("Mean score")
    assert b"Theirs" not in before[0]
    assert before[1][1][mean] == ""
    assert b"Theirs" in after[0]
    assert after[1][1][mean] == "50.0"


@pytest.fixture
def second_reviewer(person, reviewer):
    """Another member of the staff who reviews."""
    other = person("stranger")
    other.is_staff = True
    other.save()
    other.groups.add(*reviewer.groups.all())
    return other


def test_one_call_s_part_is_asked_by_its_key(export, client, reviewed):
    ApplicationFactory(submitted=True)
    content = export("applications", call=reviewed.call_id)

    assert len(rows(content)) == 2
    assert reviewed.call.slug in export.headers["Content-Disposition"]
    url = reverse("admin:applications_application_export", args=["json"])
    assert [client.get(url, {"call": key}).status_code for key in ("999999", "x")] == [404, 404]


def test_no_cell_is_a_formula(export, in_review, lead):
    DeclarationFactory(application=in_review, person=lead)
    in_review.motivation, in_review.coordinator_name = "=1+1", "@SUM(A1)"
    in_review.save()

    cells = [cell for row in rows(export("applications")) for cell in row]
    with zipfile.ZipFile(io.BytesIO(export("workbook"))) as book:
        sheets = "".join(book.read(n).decode() for n in book.namelist() if "worksheets" in n)

    assert {"'=1+1", "'@SUM(A1)"} <= set(cells)
    assert "<f>" not in sheets


@pytest.mark.parametrize("kind", KINDS)
def test_each_download_is_written_down(export, reviewed, lead, kind):
    export(kind)

    entry = AuditEntry.objects.get(action="application.exported")
    assert (entry.by, entry.note) == (lead, f"{kind}: 1 applications, 2 reviews")
    assert export.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_costs_eight_queries_at_most_however_many_rows(export, reviewed, kind):
    export(kind)
    one = export.queries
    for _ in range(3):
        ReviewFactory(application=ApplicationFactory(in_review=True))
    export(kind)

    assert export.queries == one
    assert one <= 8


def test_the_statistics_count_in_tables_and_say_nothing_of_drafts(client, lead, draft, reviewed):
    swedish = MunicipalityFactory(language_status="unilingual_sv", population=60_000)
    ApplicationFactory(call=reviewed.call, in_review=True, municipality=swedish)
    client.force_login(lead)

    page = client.get(
        reverse("admin:applications_application_statistics"), {"call": reviewed.call_id}
    )
    everything = client.get(reverse("admin:applications_application_statistics"))

    tables = dict(page.context["tables"])
    assert dict(tables["Size"]) == {"10,000 to 49,999 people": 1, "50,000 to 99,999 people": 1}
    assert dict(tables["State"]) == {"Under review": 2}
    assert "2 applications were handed in." in page.text
    assert "0 drafts are being written." in page.text
    assert "1 draft is being written." in everything.text


def test_the_statistics_cost_the_same_for_one_and_for_three(count, lead, call):
    ApplicationFactory(call=call, submitted=True)
    one = count(lead, "admin:applications_application_statistics")
    ApplicationFactory.create_batch(2, call=call, submitted=True)
    CallFactory()

    assert count(lead, "admin:applications_application_statistics") == one


def test_staff_with_a_part_in_the_municipality_do_not_count_it_either(client, lead, in_review):
    MembershipFactory(user=lead, municipality=in_review.municipality)
    client.force_login(lead)

    page = client.get(reverse("admin:applications_application_statistics"))

    assert page.context["submitted"] == 0
