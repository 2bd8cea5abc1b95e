"""The documents that the moves have ordered, each brought to one of the states of a job."""

from datetime import timedelta
from io import BytesIO

import pikepdf
from django.utils import timezone

from applications.models import Application, Letter
from documents.models import Document
from documents.workflow import beat, claim, deny, expire, fail, finish
from indexanalysis.models import IndexReport
from journey.world.book import canary
from visits.models import VisitReport

# The state of the receipt, by the call that the application answers; what is not named is ready.
RECEIPTS = {
    "handing_in": "queued",
    "leaving": "failed",
    "proposing": "denied",
    "sending_back": "expired",
}
REPORTS = {"en": "ready", "fi": "rendering", "sv": "failed"}
DAY = timedelta(days=1)
REASON = "error: RuntimeError"  # as a task writes it down


def fill(world):
    for (letter, name), row in world.applications.items():
        receipt = Application.objects.select_related("receipt").get(pk=row.pk).receipt
        if receipt:
            bring(world, receipt, RECEIPTS.get(name, "ready"), letter, f"receipt.{name}")
    for row in Letter.objects.select_related("document", "application__call").order_by("pk"):
        name = f"letter_file.{row.application.call.slug}-{row.outcome}"
        bring(world, row.document, "ready", letter_of(world, row), name)
    reports = IndexReport.objects.select_related("document", "assessment__participation")
    for report in reports.order_by("pk"):
        letter = letter_of(world, report.assessment)
        what = f"report.{report.language}"
        bring(world, report.document, REPORTS[report.language], letter, what)
        world.note(report, f"index_report.{report.language}", letter)
    reports = VisitReport.objects.select_related("document", "visit__participation")
    for report in reports.order_by("pk"):
        letter = letter_of(world, report.visit)
        what = f"visit_file.{report.language}"
        bring(world, report.document, REPORTS[report.language], letter, what)
        world.note(report, f"visit_report.{report.language}", letter)


def letter_of(world, row):
    return next(k for k, town in world.towns.items() if town.pk == row.municipality_id)


def bring(world, document, state, letter, what):
    """Play the worker as far as `state`."""
    if state != "queued":
        document = claim(document.pk)
    if state == "rendering":
        beat(document, 40)
    if state == "failed":
        fail(document, REASON)
    if state == "denied":
        deny(document)
    if state in {"ready", "expired"}:
        finish(document, pdf(canary(letter, what, "file")), f"{canary(letter, what, 'name')}.pdf")
    if state == "expired":
        Document.objects.filter(pk=document.pk).update(expires_at=timezone.now() - DAY)
        expire()
    document.refresh_from_db()
    world.note(document, what, letter)


def pdf(title):
    """A small real PDF that holds `title`, not compressed."""
    content = BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.docinfo["/Title"] = title
        file.save(content, static_id=True)
    return content.getvalue()
