"""Pages, filled and with an error, have no fault that axe finds and fit the screen's width."""

from itertools import cycle

import pytest

from accounts.invitation import new_token
from accounts.models import AuditEntry, Invitation, Membership, User
from applications.models import Application, Call
from drafting import saving
from indexanalysis.models import Assessment, Recommendation, Round
from strategies.models import Measure, Strategy
from tests.browser.conftest import NARROW, WIDE, faults
from visits.models import Visit
from workinggroups.models import WorkingGroup

# Every third page, in one language and width in turn; `make audit` has all in all of them.
LANGUAGES = ["en", "fi", "sv"]
TURNS = [pytest.param(0, WIDE, id="wide"), pytest.param(1, NARROW, id="narrow")]
PAGE_STEP, ERROR_STEP = 6, 3
ANYBODY = [
    ("journey:start",),
    ("journey:accessibility",),
    ("journey:privacy",),
    ("journey:demo",),
    ("municipalities:list",),
    ("municipalities:detail", "905"),
    ("municipalities:detail", "588"),
    ("applications:calls",),
    ("applications:call", "2022"),
    ("applications:call", "demo-open"),
    ("indexanalysis:questionnaire",),
    ("indexanalysis:questionnaire_section", "education"),
    ("strategies:published_list",),
    ("account_login",),
    ("account_request_login_code",),
    ("account_signup",),
    ("account_reset_password",),
]


def pages():
    """(person, route, arguments) of every page that is not public."""
    open_one = Assessment.objects.get(state="open")
    submitted = Assessment.objects.get(participation__municipality__code="D02")
    draft = Application.objects.get(state="draft")
    reviewed = Application.objects.filter(state="in_review").first()
    closed = Call.objects.get(slug="demo-closed")
    mikko = Membership.objects.get(user__email__startswith="mikko")
    koivuranta, invitation = mikko.municipality, Invitation.objects.first()
    newcomer = User.objects.get(email__startswith="noora.").pk
    for name in (
        "aino", "pirjo", "olli", "sofia", "lauri", "kaisa", "noora", "erik", "rauno", "leena",
    ):  # fmt: skip
        yield name, "journey:home"
    yield from [
        ("aino", "accounts:profile"),
        ("aino", "notifications:preferences"),
        ("noora", "accounts:access"),
        ("aino", "accounts:town", koivuranta.pk),
        ("riitta", "accounts:town", koivuranta.pk),
        ("erik", "accounts:town", koivuranta.pk),
        ("aino", "accounts:invite", koivuranta.pk),
        ("aino", "accounts:invite_many", koivuranta.pk),
        ("aino", "accounts:audit", koivuranta.pk),
        ("aino", "accounts:membership", mikko.pk),
        ("aino", "accounts:deputy", mikko.pk),
        ("aino", "accounts:hand_over", mikko.pk),
        ("aino", "accounts:membership_end", mikko.pk),
        ("aino", "accounts:invitation_revoke", invitation.pk),
        ("aino", "mfa_index"),
        ("aino", "mfa_list_webauthn"),
        ("aino", "usersessions_list"),
        ("aino", "account_change_password"),
        ("aino", "account_email"),
        ("aino", "account_logout"),
        ("lauri", "applications:call", "demo-open"),
        ("lauri", "applications:list"),
        ("noora", "applications:list"),
        ("lauri", "applications:detail", draft.pk),
        ("lauri", "applications:edit", draft.pk),
        ("lauri", "applications:attachments", draft.pk),
        ("lauri", "applications:confirm", draft.pk, "submitted"),
        ("lauri", "applications:confirm", draft.pk, "withdrawn"),
        ("kaisa", "applications:detail", reviewed.pk),
        ("aino", "indexanalysis:list"),
        ("aino", "indexanalysis:detail", open_one.pk),
        ("aino", "indexanalysis:section", open_one.pk, "commitment"),
        ("riitta", "indexanalysis:section", open_one.pk, "commitment"),
        ("riitta", "indexanalysis:about", open_one.pk, "COM-01"),
        ("aino", "indexanalysis:history", open_one.pk, "COM-01"),
        ("lauri", "applications:text", draft.pk, "motivation"),
        ("lauri", "applications:text_history", draft.pk, "motivation"),
        ("sofia", "indexanalysis:section", submitted.pk, "education"),
        ("aino", "indexanalysis:confirm", open_one.pk),
        ("sofia", "indexanalysis:report", submitted.pk),
        ("erik", "indexanalysis:report", submitted.pk),
        *further_pages(),
        ("leena", "admin:index"),
        ("leena", "admin:health"),
        ("leena", "admin:accounts_accessrequest_changelist"),
        ("leena", "admin:accounts_membership_changelist"),
        ("leena", "admin:accounts_membership_add"),
        ("leena", "admin:accounts_invitation_changelist"),
        ("leena", "admin:accounts_invitation_change", invitation.pk),
        ("leena", "admin:accounts_auditentry_changelist"),
        ("leena", "admin:accounts_user_change", newcomer),
        ("leena", "admin:accounts_user_reset_factor", newcomer),
        ("leena", "admin:accounts_user_end_sessions", newcomer),
        ("leena", "admin:accounts_auditentry_change", AuditEntry.objects.first().pk),
        ("leena", "admin:applications_application_changelist"),
        ("rauno", "admin:applications_application_change", reviewed.pk),
        ("leena", "admin:applications_call_changelist"),
        ("leena", "admin:applications_call_change", closed.pk),
        ("leena", "admin:applications_call_selection", closed.pk),
        ("leena", "admin:applications_participation_add"),
        ("leena", "admin:indexanalysis_round_change", Round.objects.get().pk),
        ("leena", "admin:indexanalysis_assessment_changelist"),
        ("leena", "admin:documents_document_changelist"),
        ("leena", "admin:notifications_mail_changelist"),
        ("leena", "admin:municipalities_municipality_changelist"),
        ("super", "admin:accounts_user_changelist"),
        ("super", "admin:accounts_user_add"),
    ]


def further_pages():
    """Of the working group, the recommendations, the visit and the strategy."""
    group = WorkingGroup.objects.get(participation__municipality__code="D01", kind="working_group")
    meeting = group.meetings.filter(state="approved").first()
    visited = Visit.objects.get(participation__municipality__code="D07")
    recommendation = Recommendation.objects.filter(assessment__participation=visited.participation)
    recommendation = recommendation.get(number=1)
    drafting = Strategy.objects.get(participation=visited.participation)
    measure = Measure.objects.of(drafting).first()
    adopted = Strategy.objects.get(state="adopted")
    yield from [
        ("aino", "journey:path", group.municipality_id),
        ("aino", "workinggroups:list"),
        ("aino", "workinggroups:detail", group.pk),
        ("mikko", "workinggroups:meeting", meeting.pk),
        ("aino", "workinggroups:meetings", group.pk),
        ("aino", "workinggroups:tasks", group.pk),
        ("aino", "workinggroups:member_add", group.pk),
        ("maria", "indexanalysis:recommendations", recommendation.assessment_id),
        ("maria", "indexanalysis:recommendation", recommendation.pk),
        ("maria", "indexanalysis:about", recommendation.assessment_id, recommendation.questions[0]),
        ("erik", "visits:detail", visited.pk),
        ("erik", "visits:note", visited.notes.first().pk),
        ("erik", "visits:finding", visited.findings.first().pk),
        ("maria", "visits:follow_up", visited.participation_id),
        ("maria", "visits:report", visited.pk),
        ("maria", "strategies:detail", drafting.pk),
        ("teemu", "strategies:chapter_edit", drafting.chapters.first().pk),
        ("maria", "strategies:measure", measure.pk),
        ("teemu", "strategies:measure_edit", measure.pk),
        ("maria", "strategies:coverage", drafting.pk),
        ("maria", "strategies:recommendations", drafting.pk),
        ("maria", "strategies:decisions", adopted.pk),
        (None, "strategies:published", adopted.pk),
    ]


@pytest.mark.parametrize(("turn", "view"), TURNS)
def test_a_page_is_accessible_and_fits(site, visit, turn, view):
    """And none is stopped by our own content policy, or names a file that is not there."""
    wrong = []
    rows = [*((None, *row) for row in ANYBODY), *pages()][turn::PAGE_STEP]
    for (name, route, *args), language in zip(rows, cycle(LANGUAGES), strict=False):
        page = visit(name, view)
        wrong += blocked(page, site(route, *args, language=language))
        wrong += faults(page) + too_wide(page)
        page.close()

    assert wrong == []


def blocked(page, url):
    """Open the page; return what the browser had to complain of before axe adds its own."""
    said = []
    page.on("console", lambda message: said.append((message.type, message.text)))
    page.on("requestfailed", lambda request: said.append(("error", request.url)))
    assert page.goto(url).status == 200, url
    return [f"{url}: {text}" for kind, text in said if kind == "error"]


def too_wide(page):
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{page.url} is {width} px too wide"] if width > 0 else []


def missing(page, site):
    assert page.goto(site("municipalities:detail", "000")).status == 404


def wrong_password(page, site):
    page.goto(site("account_login"))
    page.locator("input[name=login]").fill("aino@demo.example")
    page.locator("input[name=password]").fill("not this one")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".error-summary").wait_for()


def empty_request(page, site):
    page.goto(site("accounts:access"))
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".error-summary").wait_for()


def bad_address(page, site):
    page.goto(site("applications:edit", Application.objects.get(state="draft").pk))
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.locator("[name=contact_email]").fill("no address")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".error-summary").wait_for()


def invited_twice(page, site):
    invitation = Invitation.objects.first()
    page.goto(site("accounts:invite", invitation.municipality_id))
    page.locator("[name=email]").fill(invitation.email)
    page.locator("[name=until]").fill("1.1.2020")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".error-summary").wait_for()


def pasted(text):
    def paste(page, site):
        page.goto(site("accounts:invite_many", Invitation.objects.first().municipality_id))
        page.locator("[name=text]").fill(text)
        page.locator("main form button[type=submit]").first.click()
        page.locator("main table").wait_for()

    return paste


def the_only_coordinator_leaves(page, site):
    own = Membership.objects.get(user__email__startswith="aino")
    page.goto(site("accounts:membership", own.pk))
    page.locator("[name=role]").select_option("reader")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".error-summary").wait_for()


def made_up_link(page, site):
    assert page.goto(site("accounts:invitation_open", "x" * 43)).status == 404


def invited(page, site):
    """The invitation as somebody sees it who has opened the link, but is not the one meant."""
    invitation = Invitation.objects.first()
    token, invitation.token_hash = new_token()
    invitation.save()
    page.goto(site("accounts:invitation_open", token))
    page.locator("h1").wait_for()


def stale_application(page, site):
    draft = Application.objects.get(state="draft")
    page.goto(site("applications:edit", draft.pk))
    colleague = User.objects.get(email__startswith="kaisa.")
    saving.save(draft, {"motivation": "Hers."}, read=draft.version, by=colleague)
    page.locator("[name=motivation]").fill("Mine.")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".versions").first.wait_for()


def stale_answer(page, site):
    """Two people on one question: the second one's text meets the first one's."""
    assessment = Assessment.objects.get(state="open")
    page.goto(site("indexanalysis:section", assessment.pk, "commitment"))
    answer = assessment.answers.get(question="COM-01")
    colleague = User.objects.get(email__startswith="mikko.")
    saving.save(answer, {"example": "His."}, read=answer.version, by=colleague)
    page.locator("[name=COM-01-example]").fill("Mine.")
    page.locator("[name=COM-02-example]").focus()
    page.locator(".versions").wait_for()
    assert "Mine." in page.content()
    assert "His." in page.content()


ERRORS = [
    ("", missing),
    ("", wrong_password),
    ("noora", empty_request),
    ("lauri", bad_address),
    ("lauri", stale_application),
    ("aino", stale_answer),
    ("aino", invited_twice),
    ("aino", pasted("nobody; Aino; astrology\nb@town.example; Bertta; library; reader")),
    ("aino", pasted("b@town.example; Bertta; library; reader\nc@town.example")),
    ("aino", the_only_coordinator_leaves),
    ("", made_up_link),
    ("", invited),
    ("lauri", invited),
]


@pytest.mark.parametrize(("turn", "view"), TURNS)
def test_a_page_with_an_error_is_accessible_and_fits(site, visit, turn, view):
    wrong = []
    for name, provoke in ERRORS[turn::ERROR_STEP]:
        page = visit(name, view)
        provoke(page, site)
        wrong += faults(page) + too_wide(page)
        page.close()

    assert wrong == []
