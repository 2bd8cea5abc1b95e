"""The whole line in a browser: from the public call to the downloaded report, with real people."""

import re
import subprocess
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from applications.models import Application, Call, Participation
from indexanalysis.models import Answer, Assessment
from municipalities.models import Municipality
from tests.browser.conftest import PASSWORD, code_for, faults, mail_to, sign_in
from tests.factories import CallFactory, CriterionFactory, ProjectFactory, RoundFactory
from tests.pdf import failing_rules

NOORA = "noora@vaasa.example"


def choose_all_in_admin(page, action):
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(action)
    page.locator("button[name=index]").click()


def test_from_the_call_to_the_downloaded_report(site, window, staff, register, worker, tmp_path):
    project = ProjectFactory(name_en="Together")
    call = CallFactory(project=project, slug="spring", title_en="Spring call", seats=1)
    RoundFactory(project=project)
    reviewer, lead, other = (
        staff("rauno", "reviewer"),
        staff("leena", "lead"),
        staff("lars", "lead"),
    )

    # A visitor reads the call and the questionnaire, and signs up.
    noora = window()
    noora.goto(site("applications:call", call.slug))
    assert "Spring call" in noora.locator("h1").inner_text()
    noora.goto(site("indexanalysis:questionnaire_section", "education"))
    assert noora.locator("text=EDU-01").count()
    sign_up(noora, site)

    # Asks to be let in for Vaasa; staff approve it in the admin.
    noora.goto(site("accounts:access"))
    town = Municipality.objects.get(name_fi="Vaasa")
    noora.locator("select[name=municipality]").select_option(str(town.pk))
    noora.locator("input[name=post]").fill("Development manager")
    noora.locator("textarea[name=reason]").fill("I coordinate integration in Vaasa.")
    noora.locator("main form button[type=submit]").first.click()
    rauno = window()
    sign_in(rauno, site, reviewer)
    rauno.goto(site("admin:accounts_accessrequest_changelist"))
    choose_all_in_admin(rauno, "approve")
    assert "/home/" in mail_to(NOORA, "You can now work for Vaasa")

    # A coordinator now, she sets up the second factor before anything else opens.
    noora.goto(site("journey:home"))
    assert noora.url == site("mfa_index")
    noora.locator("a[href*=totp]").click()
    assert "/2fa/totp/activate/" in set_up_second_factor(noora)

    # Applies, with a draft between, and gets the receipt.
    apply(noora, site, call)
    application = Application.objects.get()
    assert application.state == "submitted"
    receipt = download(noora, site("applications:detail", application.pk), "receipt", tmp_path)
    assert "CANARY-motivation" in text_of(receipt)
    assert failing_rules(receipt) == []

    # Reviewed and selected in the admin by two leads.
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() - timedelta(hours=1))
    CriterionFactory(call=call)
    leena, lars = window(), window()
    sign_in(leena, site, lead)
    leena.goto(site("admin:applications_call_assign", call.pk))
    leena.locator(f"input[name=pair][value='{application.pk}-{reviewer.pk}']").check()
    leena.locator("input[name=due_on]").fill(f"{timezone.localdate():%Y-%m-%d}")
    leena.locator("input[name=store]").click()
    assert "/queue/" in mail_to(reviewer.email, "arvioitavana")
    rauno.goto(site("admin:applications_application_change", application.pk))
    rauno.locator("input[name=conflict][value=no]").check()
    rauno.locator("input.default[type=submit]").click()
    rauno.locator("form[data-highest] input[type=radio][value='4']").check()
    assert "80.0" in rauno.locator("[data-score]").inner_text()
    rauno.locator("textarea[name=comment]").fill("A broad group with time set aside.")
    rauno.locator("input[name=hand_in]").click()
    leena.goto(site("admin:applications_call_selection", call.pk))
    for language in ("en", "fi", "sv"):
        leena.locator(f"textarea[name=reason_{language}]").fill("The strongest application.")
    leena.locator("form:has(textarea[name=reason_en]) [type=submit]").first.click()
    sign_in(lars, site, other)
    lars.goto(site("admin:applications_call_selection", call.pk))
    lars.locator("form[action*=confirm] [type=submit]:not([name=send_back])").first.click()
    assert "Vaasa" in mail_to(NOORA, "Selected to take part")

    # Reads the letter and confirms the place, which makes the participation.
    letter = download(noora, site("applications:detail", application.pk), "letters", tmp_path)
    assert "The strongest application." in text_of(letter)
    assert failing_rules(letter) == []
    noora.goto(site("applications:confirm", application.pk, "confirmed"))
    assert faults(noora) == []
    noora.locator("form[action*=confirmed] button[type=submit]").click()
    noora.wait_for_url(re.compile(rf"/applications/{application.pk}/$"))
    assert Participation.objects.get(application=application).municipality == town

    # Answers the questionnaire: one section by hand, saved by itself, the rest as data.
    found_group(noora, site)
    noora.goto(site("journey:home"))
    noora.locator("form[action*=start] button[type=submit]").click()
    noora.wait_for_url(re.compile("/assessments/"))
    assessment = Assessment.objects.get()
    answer_by_hand(noora, site, assessment)
    answer_the_rest(assessment)

    # Submits, and downloads the report in three languages.
    noora.goto(site("indexanalysis:confirm", assessment.pk))
    assert faults(noora) == []
    noora.locator("form[action*=submit] button[type=submit]").click()
    noora.wait_for_url(re.compile("/report/"))
    for language, word in (("en", "Education"), ("fi", "Koulutus"), ("sv", "Utbildning")):
        report = download(noora, noora.url, f"report/{language}", tmp_path)
        assert word in text_of(report)
        assert failing_rules(report) == []


def sign_up(page, site):
    page.goto(site("account_signup"))
    page.locator("input[name=name]").fill("Noora Nieminen")
    page.locator("input[name=email]").fill(NOORA)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("select[name=language]").select_option("en")
    page.locator("main form button[type=submit]").first.click()
    text = mail_to(NOORA, "")
    page.goto(re.search(r"http\S+/confirm-email/\S+", text)[0])
    page.locator("main form button[type=submit]").first.click()
    sign_in(page, site, User.objects.get(email=NOORA))


def set_up_second_factor(page):
    """Follow the page's own steps; return where it began."""
    began = page.url
    if page.locator("input[name=password]").count():
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
    began += page.url
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.locator("main").inner_text().replace(" ", ""))
    assert faults(page) == []
    page.locator("input[name=code]").fill(code_for(secret[0]))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("recovery-codes"))
    return began


# The pages of the application after the one on its municipality, in their order.
PAGES = [
    {
        "contact_name": "Noora Nieminen",
        "contact_email": NOORA,
        "coordinator_name": "Noora Nieminen",
        "coordinator_post": "Development manager",
    },
    {"deciding_body": "City board", "decided_on": "21.11.2026", "section_number": "§ 252"},
    {"motivation": "CANARY-motivation"},
    {"present_work": "A multicultural council."},
    {"working_group": "Education, culture, business."},
    {"staff_time": "Two days a month."},
    {"works_in_english": True, "language_needs": "Swedish interpreting."},
    {"stays_to_the_end": True},
    {"registry_email": "kirjaamo@vaasa.example", "case_number": "VAA/252/2026"},
]


def apply(page, site, call):
    page.goto(site("applications:call", call.slug))
    page.locator("form[action*=start] button[type=submit]").click()
    application = Application.objects.get()
    page.wait_for_url(re.compile(rf"/applications/{application.pk}/steps/$"))
    page.goto(site("applications:confirm", application.pk, "submitted"))
    assert page.locator("form[action*=submitted]").count() == 0  # something is missing
    page.goto(site("applications:partners", application.pk))
    page.locator("a[rel=next]").click()
    for fields in PAGES:
        write_page(page, fields)
    page.wait_for_url(re.compile(r"/attachments/$"))
    page.goto(site("applications:steps", application.pk))
    assert "10 of 10" not in page.inner_text("main")  # this call asks for no attachment
    assert "9 of 9 steps done" in page.inner_text("main")
    assert faults(page) == []
    page.goto(site("applications:confirm", application.pk, "submitted"))
    page.locator("form[action*=submitted] button[type=submit]").click()
    page.wait_for_url(re.compile(rf"/applications/{application.pk}/$"))


def write_page(page, fields):
    """Fill a step in and go on to the next one."""
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]")
        field.check() if value is True else field.fill(value)
    assert faults(page) == []
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def found_group(page, site):
    page.goto(site("journey:home"))
    page.locator("main .next a.btn").first.click()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/groups/\d+/$"))


def answer_by_hand(page, site, assessment):
    page.goto(site("indexanalysis:section", assessment.pk, "education"))
    assert faults(page) == []
    question = assessment.edition.question("EDU-01")
    for side in ("fi", "sv"):  # Vaasa is bilingual
        page.locator(f"[name=EDU-01-value{side}][value={question.option_codes[0]}]").check()
    page.locator("[name=EDU-01-example]").fill("Two schools since 2021.")
    page.locator("[name=EDU-02-example]").focus()
    page.locator("#status-EDU-01:has-text('Saved')").wait_for()
    page.wait_for_load_state("networkidle")
    stored = Answer.objects.get(assessment=assessment, question="EDU-01")
    assert stored.value == dict.fromkeys(("fi", "sv"), question.option_codes[0])
    assert stored.example == "Two schools since 2021."


def answer_the_rest(assessment):
    for answer in assessment.answers.filter(value=None):
        question = assessment.edition.question(answer.question)
        first = question.option_codes[0]
        value = [first] if question.kind == "ticks" else first
        by_side = {"fi": value, "sv": value}
        answer.value = by_side if question.language_sides else value
        answer.save()


def download(page, url, part, folder):
    """Wait until the link whose address holds `part` is there; return the stored file."""
    link = page.locator(f"a[href*='{part}']").first
    for _ in range(60):
        page.goto(url)
        if link.count():
            break
        page.wait_for_timeout(500)
    with page.expect_download() as waiting:
        link.click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def text_of(file):
    command = ["pdftotext", str(file), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout
