"""Two people in two browsers write one text: with a bad network, an ended session, a lost right."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Membership, User
from applications.models import Application
from drafting import saving
from drafting.models import Comment
from indexanalysis.models import Assessment
from tests.browser.conftest import NARROW, WIDE, faults, session_of

SMALL = {"width": 320, "height": 700}
SAVED = re.compile(r"Saved \d")  # just now, and not “Not saved”, or when and by whom before
BASE = "First paragraph.\nSecond paragraph.\nThird paragraph."


@pytest.fixture
def answer(site, visit):
    """COM-01 of the demo's open assessment, with three paragraphs as its example."""
    row = Assessment.objects.get(state="open").answers.get(question="COM-01")
    return saving.save(row, {"example": BASE}, read=row.version, by=who("aino")).row


def who(name):
    return User.objects.get(email__startswith=f"{name}.")


def write(answer, text, name="mikko"):
    """A colleague saves the example, from another place."""
    row = stored(answer)
    return saving.save(row, {"example": text}, read=row.version, by=who(name)).row


def stored(row):
    return type(row).objects.get(pk=row.pk)


def open_section(site, visit, answer, name="aino", view=WIDE):
    page = visit(name, view)
    page.goto(site("indexanalysis:section", answer.assessment_id, "commitment"))
    return page


def box(page):
    return page.locator("textarea[name=COM-01-example]")


def leave_box(page):
    page.locator("[name=COM-02-example]").focus()


def status(page, words):
    line = page.locator("#status-COM-01", has_text=words)
    line.wait_for()
    return line


def test_two_who_write_in_different_paragraphs_both_see_the_joined_text(site, visit, answer):
    page = open_section(site, visit, answer)
    write(answer, BASE.replace("Second", "His second"))

    box(page).fill(BASE.replace("Third", "My third"))
    leave_box(page)
    status(page, "together with what a colleague wrote")

    both = BASE.replace("Second", "His second").replace("Third", "My third")
    assert box(page).input_value() == stored(answer).example == both


def test_a_joined_text_waits_until_the_field_is_no_longer_edited(site, visit, answer):
    page = open_section(site, visit, answer)
    write(answer, BASE.replace("First", "His first"))
    mine = BASE.replace("Third", "My third")

    box(page).fill(mine)  # and the cursor stays there
    line = status(page, "together with what a colleague wrote")
    assert box(page).input_value() == mine
    box(page).fill(mine + " More.")
    page.wait_for_timeout(4000)
    assert box(page).input_value() == mine + " More."
    line.locator("button").click()

    both = BASE.replace("First", "His first").replace("Third", "My third") + " More."
    assert box(page).input_value() == stored(answer).example == both


@pytest.mark.parametrize("view", [WIDE, SMALL])
def test_the_same_place_is_shown_twice_and_joined_by_keyboard(site, visit, answer, view):
    page = open_section(site, visit, answer, view=view)
    write(answer, BASE.replace("Second", "His second"))

    box(page).fill(BASE.replace("Second", "My second"))
    status(page, "saved another text")
    assert faults(page) == []
    assert box(page).input_value() == BASE.replace("Second", "My second")
    page.locator("[data-settle]").click()
    page.wait_for_url(re.compile("/answers/COM-01/$"))
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= view["width"]
    page.locator("[data-block] input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("commitment"))

    both = "First paragraph.\nHis second paragraph.\nMy second paragraph.\nThird paragraph."
    assert stored(answer).example == both


@pytest.mark.parametrize(("button", "word"), [("Keep the saved one", "His"), ("Save mine", "My")])
def test_keeping_and_taking_from_the_page_with_both_texts(site, visit, answer, button, word):
    page = open_section(site, visit, answer)
    write(answer, "His.")
    box(page).fill("My.")
    leave_box(page)
    page.locator("[data-settle]").click()

    page.locator(".actions > *", has_text=button).first.locator("visible=true").click()
    page.wait_for_url(re.compile("commitment"))

    assert stored(answer).example == box(page).input_value() == f"{word}."


def test_offline_and_back_the_text_is_saved_once(site, visit, answer):
    page = open_section(site, visit, answer)
    page.context.set_offline(True)

    box(page).fill("Written in a tunnel.")
    leave_box(page)
    status(page, "cannot be reached")
    assert stored(answer).example == BASE
    page.context.set_offline(False)
    status(page, SAVED)

    assert stored(answer).example == "Written in a tunnel."
    assert stored(answer).version == answer.version + 1


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(site, visit, answer):
    """The server stores it, the answer does not arrive, more is typed, a colleague writes too."""
    page = open_section(site, visit, answer)
    lost = []

    def lose_once(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    page.route(re.compile("/answers/COM-01/"), lose_once)
    box(page).fill(BASE.replace("Third", "My third"))
    leave_box(page)
    status(page, "cannot be reached")
    write(answer, stored(answer).example.replace("First", "His first"))
    box(page).fill(BASE.replace("Third", "My own third"))
    leave_box(page)
    status(page, "together with what a colleague wrote")

    both = BASE.replace("First", "His first").replace("Third", "My own third")
    assert stored(answer).example == box(page).input_value() == both


def test_after_the_session_ended_signing_in_elsewhere_saves_what_stands_on_the_page(
    site, visit, answer
):
    page = open_section(site, visit, answer)
    Session.objects.all().delete()

    box(page).fill("Typed before lunch.")
    leave_box(page)
    status(page, "you are signed out")
    page.context.add_cookies([session_of("aino", site("journey:start"))])
    status(page, SAVED)

    assert stored(answer).example == "Typed before lunch."


def test_a_removed_member_keeps_the_text_on_the_screen(site, visit, answer):
    page = open_section(site, visit, answer, "mikko")
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    Membership.objects.filter(user=who("mikko")).update(until=yesterday)

    box(page).fill("Written too late.")
    leave_box(page)
    status(page, "you may not write here any more")

    assert box(page).input_value() == "Written too late."
    assert stored(answer).example == BASE


def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(site, visit, answer):
    page = open_section(site, visit, answer)
    box(page).evaluate("field => field.removeAttribute('maxlength')")

    box(page).fill("x" * 4001)
    leave_box(page)
    page.locator(".field-error", has_text="at most 4000 characters").wait_for()

    assert faults(page) == []
    assert len(box(page).input_value()) == 4001
    box(page).fill("Shorter.")
    leave_box(page)
    status(page, SAVED)
    assert page.locator(".field-error").count() == 0


def test_another_language_is_opened_with_everything_stored(site, visit, answer):
    page = open_section(site, visit, answer)

    box(page).fill("Before the Swedish page.")
    page.locator("a[hreflang=sv]").click()
    page.wait_for_url(re.compile("/sv/"))

    assert box(page).input_value() == stored(answer).example == "Before the Swedish page."


def test_a_draft_application_saves_itself_and_shows_both_texts(site, visit, demo):
    draft = Application.objects.get(state="draft")
    page = visit("lauri", WIDE)
    page.goto(site("applications:edit", draft.pk, "motivation"))
    field = page.locator("[name=motivation]")
    line = page.locator("#draft-status")

    field.fill("Ours.")
    field.blur()
    line.filter(has_text=SAVED).wait_for()
    assert stored(draft).motivation == "Ours."
    row = stored(draft)
    saving.save(row, {"motivation": "Hers."}, read=row.version, by=who("mikko"))
    field.fill("Ours, and more.")
    line.filter(has_text="saved another text").wait_for()
    page.locator("[data-settle]").click()
    page.locator("#join").wait_for()
    assert faults(page) == []
    page.locator("button", has_text="Save mine instead").click()
    page.wait_for_url(re.compile(rf"/applications/{draft.pk}/$"))

    assert stored(draft).motivation == "Ours, and more."
    assert [r.values for r in draft.revisions.all()[:2]] == [
        {"motivation": "Ours, and more."},
        {"motivation": "Hers."},
    ]


def test_the_save_button_waits_for_a_slow_save_and_meets_no_conflict_with_itself(site, visit, demo):
    draft = Application.objects.get(state="draft")
    page = visit("lauri", WIDE)
    page.goto(site("applications:edit", draft.pk, "motivation"))
    slow = []

    def hold(route):
        if route.request.headers.get("hx-request"):
            slow.append(route)  # the server has not got it yet
        else:
            route.continue_()

    page.route(re.compile("/edit/"), hold)
    page.locator("[name=motivation]").fill("Begun.")
    page.locator("[name=motivation]").blur()
    page.wait_for_timeout(1000)
    page.locator("[name=motivation]").fill("Begun, and finished.")
    page.locator("button", has_text="Save draft").click()
    page.wait_for_timeout(300)
    slow[0].continue_()
    page.wait_for_url(re.compile(rf"/applications/{draft.pk}/steps/$"))

    assert stored(draft).motivation == "Begun, and finished."


def test_without_javascript_everything_is_written_as_well(
    site, visit, answer, browser, browser_context_args
):
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    context.add_cookies([session_of("aino", site("journey:start"))])
    page = context.new_page()
    page.goto(site("indexanalysis:section", answer.assessment_id, "commitment"))
    write(answer, BASE.replace("Second", "His second"))

    box(page).fill(BASE.replace("Second", "My second"))
    page.locator("#question-COM-01 button[type=submit]").click()
    box(page).fill("Both.")
    page.locator("button", has_text="Save the joined text").click()
    page.goto(site("indexanalysis:about", answer.assessment_id, "COM-01"))
    page.locator("[name=text]").fill("@Mikko Mäkinen, is this right?")
    page.locator("main form[action$='/comments/'] button").click()

    assert stored(answer).example == "Both."
    assert Comment.objects.get().text == "@Mikko Mäkinen, is this right?"
    context.close()


def test_the_pages_about_a_text_are_accessible_and_fit(site, visit, answer):
    write(answer, BASE.replace("Second", "His second"))
    draft = Application.objects.get(state="draft")
    wrong = []
    for view in (WIDE, NARROW, SMALL):
        for name, route, *args in (
            ("aino", "indexanalysis:about", answer.assessment_id, "COM-01"),
            ("aino", "indexanalysis:history", answer.assessment_id, "COM-01"),
            ("lauri", "applications:text", draft.pk, "motivation"),
            ("lauri", "applications:text_history", draft.pk, "motivation"),
        ):
            page = visit(name, view)
            page.goto(site(route, *args))
            width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            wrong += [*faults(page), *([f"{page.url}: {width}"] if width > 0 else [])]
            page.close()

    assert wrong == []
