"""Makes the pictures of the README: `make pictures`. No test of its own; not run with the tests."""

import base64
import subprocess

from django.conf import settings

from accounts.models import User
from applications.models import Application, Call, Letter
from drafting import saving
from indexanalysis.models import Assessment
from strategies.models import Strategy
from tests.browser.conftest import NARROW, WIDE
from visits.models import Visit
from workinggroups.models import WorkingGroup

FOLDER = settings.BASE_DIR / "docs" / "pictures"


def test_make_the_pictures(site, visit, worker):
    open_one = Assessment.objects.get(state="open")
    submitted = Assessment.objects.get(participation__municipality__code="D02")
    closed = Call.objects.get(slug="demo-closed")

    take(visit(None, WIDE), site("journey:start"), "start")
    take(visit("aino", WIDE), site("journey:home"), "home")
    take(visit("aino", WIDE), site("indexanalysis:section", open_one.pk, "welcoming"), "section")
    take_conflict(visit("aino", WIDE), site, open_one)
    take(visit("sofia", WIDE), site("indexanalysis:report", submitted.pk), "report")
    take_pdf(visit("sofia", WIDE), site, submitted)
    take_the_call(site, visit, closed)
    take_the_rest_of_the_path(site, visit)


def take_the_call(site, visit, closed):
    """The public page, a step of an application, a review, the selection board and a letter."""
    draft = Application.objects.get(state="draft")
    reviewed = Application.objects.filter(state="in_review").first()
    change = site("admin:applications_application_change", reviewed.pk)
    board = site("admin:applications_call_selection", closed.pk)
    take(visit(None, WIDE), site("applications:call", "demo-open"), "call")
    take(visit("lauri", WIDE), site("applications:edit", draft.pk, "motivation"), "step")
    take(visit("rauno", WIDE), change, "review")
    take(visit("leena", WIDE), board, "selection")
    take_letter(visit("kaisa", WIDE))


def take_the_rest_of_the_path(site, visit):
    """The group with its matrix, a visit on a phone, the follow-up, a strategy and its coverage."""
    group = WorkingGroup.objects.get(participation__municipality__code="D01", kind="working_group")
    visited = Visit.objects.get(participation__municipality__code="D07")
    drafting = Strategy.objects.get(participation=visited.participation)
    maria = visit("maria", WIDE)
    take(visit("aino", WIDE), site("workinggroups:detail", group.pk) + "#areas", "group")
    take(visit("erik", NARROW), site("visits:note_edit", visited.notes.first().pk), "visit")
    take(maria, site("visits:follow_up", visited.participation_id), "follow-up")
    take(maria, site("strategies:detail", drafting.pk), "strategy")
    take(maria, site("strategies:coverage", drafting.pk), "coverage")


def take(page, url, name):
    page.goto(url)
    page.wait_for_load_state("networkidle")  # the path comes by itself
    page.screenshot(path=FOLDER / f"{name}.png")


def take_conflict(page, site, assessment):
    page.goto(site("indexanalysis:section", assessment.pk, "commitment"))
    answer = assessment.answers.get(question="COM-02")
    theirs = "The council approved the programme on 12 May; the schools were heard."
    mikko = User.objects.get(email__startswith="mikko")
    saving.save(answer, {"example": theirs}, read=answer.version, by=mikko)
    page.locator("[name=COM-02-example]").fill("The programme of 2025; it covers all sectors.")
    page.locator("[name=COM-03-example]").focus()
    page.locator("[data-settle]").click()
    page.locator("#join").wait_for()
    page.screenshot(path=FOLDER / "conflict.png")


def take_pdf(page, site, assessment):
    """The cover and a chapter of the English report, side by side."""
    report = assessment.reports.select_related("document").get(language="en")
    document = made(page, report.document)
    pages = [picture_of(document.file.path, number) for number in (1, 4)]
    page.goto("about:blank")
    page.set_content(SHEET % tuple(pages))
    page.screenshot(path=FOLDER / "pdf.png", clip={"x": 0, "y": 0, "width": 1280, "height": 820})


def take_letter(page):
    """The letter to the municipality that was selected today, as its PDF."""
    letter = Letter.objects.select_related("document").get(outcome="selected")
    picture = picture_of(made(page, letter.document).file.path, 1)
    page.goto("about:blank")
    page.set_content(LETTER % picture)
    page.screenshot(path=FOLDER / "letter.png", clip={"x": 0, "y": 0, "width": 1280, "height": 820})


def made(page, document):
    """The document, once the worker has made it."""
    for _ in range(240):
        document.refresh_from_db()
        if document.is_ready:
            break
        page.wait_for_timeout(500)
    return document


LETTER = (
    '<body style="margin:0;background:#d6dee6;text-align:center">'
    '<img src="%s" style="height:780px;margin:20px">'
)
SHEET = (
    '<body style="margin:0;background:#d6dee6;text-align:center">'
    '<img src="%s" style="height:780px;margin:20px"><img src="%s" style="height:780px;margin:20px">'
)


def picture_of(path, number):
    command = ["pdftoppm", "-png", "-r", "80", "-f", str(number), "-l", str(number), path]
    png = subprocess.run(command, capture_output=True, check=True).stdout
    return "data:image/png;base64," + base64.b64encode(png).decode()
