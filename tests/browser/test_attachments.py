"""Attaching a file in a real browser: with and without JavaScript, by keyboard, with progress."""

import os
import re

import pytest
from playwright.sync_api import expect

from applications.models import Application, Attachment
from documents.models import Upload
from tests.browser.conftest import NARROW, WIDE, faults, session_of
from tests.browser.test_pages import too_wide
from tests.documents import files

PICTURES = os.environ.get("PICTURES")  # a folder, to look at the pages


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "Motivaatiokirje Äänekoski.pdf"
    path.write_bytes(files.pdf(files.with_script_on_page))
    return path


@pytest.fixture
def draft(demo):
    return Application.objects.get(state="draft")


def look(page, name, full=True):
    """Nothing is wrong with the page as it stands; a picture of it where one is wanted."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}-{page.viewport_size['width']}.png", full_page=full)
    assert faults(page) + too_wide(page) == []


def choose(page, path, what="letter"):
    page.locator("[name=what]").select_option(what)
    page.locator("[name=file]").set_input_files(path)


@pytest.mark.parametrize(("language", "view"), [("en", WIDE), ("fi", NARROW), ("sv", NARROW)])
def test_a_file_is_attached_removed_and_put_back(
    site, visit, draft, letter, tmp_path, language, view
):
    wrong = tmp_path / "makro.docx"
    wrong.write_bytes(files.docx(("word/vbaProject.bin", "x")))
    page = visit("lauri", view)
    page.goto(site("applications:attachments", draft.pk, language=language))
    look(page, f"empty-{language}")

    choose(page, wrong)
    page.locator("main form[data-upload] button").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, f"refused-{language}")

    choose(page, letter)
    page.locator("main form[data-upload] button").click()
    expect(page.locator(".alert-success")).to_contain_text("Motivaatiokirje Äänekoski.pdf")
    expect(page.locator(".alert-success")).to_be_focused()
    look(page, f"attached-{language}")

    page.locator("form[action*='/remove/'] button").click()
    page.locator("form[action*='/put-back/']").wait_for()
    look(page, f"removed-{language}")
    page.locator("form[action*='/put-back/'] button").click()
    page.locator("form[action*='/remove/']").wait_for()
    page.goto(site("applications:detail", draft.pk, language=language))
    look(page, f"detail-{language}")

    assert Attachment.objects.kept().count() == Upload.objects.count() == 1


def test_without_javascript_and_by_keyboard(site, browser, browser_context_args, draft, letter):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    context.add_cookies([session_of("lauri", site("journey:start"))])
    page = context.new_page()
    page.goto(site("applications:attachments", draft.pk))

    page.locator("[name=what]").focus()
    page.keyboard.press("m")  # motivation letter
    page.locator("[name=file]").set_input_files(letter)
    page.locator("[name=file]").press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(".alert-success")).to_contain_text("is attached")
    context.close()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(site, visit, draft, tmp_path):
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(51 << 20)
    page = visit("lauri", NARROW)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.goto(site("applications:attachments", draft.pk))

    choose(page, large)
    page.locator("main form[data-upload] button").click()

    expect(page.locator("[data-progress]")).to_contain_text("larger than")
    look(page, "too-large")
    assert "POST" not in sent


def test_progress_is_told_and_a_broken_line_keeps_what_was_chosen(site, visit, draft, letter):
    page = visit("lauri", WIDE)
    page.goto(site("applications:attachments", draft.pk))
    page.route(re.compile("/attachments/$"), lambda route: route.abort())

    choose(page, letter)
    page.locator("main form[data-upload] button").click()

    expect(page.locator("[data-progress]")).to_contain_text("could not be sent")
    page.unroute(re.compile("/attachments/$"))
    page.locator("main form[data-upload] button").click()
    expect(page.locator(".alert-success")).to_contain_text("is attached")


def test_the_staff_see_what_to_take_care_of(site, visit, draft, letter):
    page = visit("lauri", WIDE)
    page.goto(site("applications:attachments", draft.pk))
    choose(page, letter)
    page.locator("main form[data-upload] button").click()
    page.locator(".alert-success").wait_for()
    reviewed = Application.objects.filter(state="in_review").first()
    Attachment.objects.update(application=reviewed)

    staff = visit("rauno", WIDE)
    staff.goto(site("admin:applications_application_change", reviewed.pk))

    expect(staff.locator("main, #content").first).to_contain_text("has JavaScript in it")
    look(staff, "staff")
