"""From the report to an adopted strategy, in a browser: coordinator, member, expert and staff.

The municipality's people use the portal in Finnish, the expert and the project staff in English.
"""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from indexanalysis.models import Recommendation
from indexanalysis.workflow import submit
from strategies.models import DecisionStep, Measure, Strategy
from tests.browser.conftest import NARROW, WIDE, faults, mail_to, session_of
from tests.browser.test_line import answer_the_rest, download, text_of
from tests.factories import (
    AssessmentFactory,
    AssignmentFactory,
    MembershipFactory,
    MunicipalityFactory,
    UserFactory,
)
from tests.pdf import failing_rules
from visits.models import Finding, Note, Visit
from workinggroups.models import WorkingGroup

PEOPLE = {"coordinator": "fi", "member": "fi", "expert": "en", "lead": "en"}


@pytest.fixture
def town(transactional_db):
    return MunicipalityFactory(name_fi="Omala", name_sv="Hemby", name_en="Omala")


@pytest.fixture
def people(town):
    made = {}
    for name, language in PEOPLE.items():
        made[name] = UserFactory(
            email=f"{name}@omala.example", name=name, language=language, is_staff=name == "lead"
        )
        TOTP.activate(made[name], generate_totp_secret())
    for role in ("coordinator", "member"):
        MembershipFactory(user=made[role], municipality=town, role=role)
    AssignmentFactory(user=made["expert"], municipality=town)
    made["lead"].groups.add(Group.objects.get_or_create(name="lead")[0])
    return made


@pytest.fixture
def opened(browser, browser_context_args, site, people):
    """A page for each person, signed in; the expert's is a phone's."""
    pages, contexts = {}, []
    for name in people:
        view = NARROW if name == "expert" else WIDE
        contexts.append(browser.new_context(**browser_context_args | {"viewport": view}))
        contexts[-1].add_cookies([session_of(name, site("journey:start"))])
        pages[name] = contexts[-1].new_page()
    yield pages
    for context in contexts:
        context.close()


def go(page, address):
    """Open a page and wait until its path has come, so that nothing moves under the mouse."""
    page.goto(address)
    expect(page.locator("[hx-trigger=load]")).to_have_count(0)


def press(page, button):
    """Press the button that `button` selects; every page on the way is free of axe's faults."""
    assert faults(page) == []
    with page.expect_navigation():
        page.locator(button).first.click()


def fill(page, **values):
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


SUBMIT = "main form button[type=submit]"


def test_from_the_report_to_an_adopted_strategy(site, opened, people, town, worker, tmp_path):
    assessment = AssessmentFactory(participation__municipality=town)
    answer_the_rest(assessment)
    submit(assessment, by=people["coordinator"])
    participation = assessment.participation
    coordinator, member, expert, lead = (opened[name] for name in PEOPLE)

    # The coordinator founds the working group, with a member who has no account.
    found_group(coordinator, site, participation)

    # The expert recommends what the questionnaire suggests; the municipality takes it up.
    recommend(expert, site, assessment)
    assert "/recommendations/" in mail_to(people["coordinator"].email, "suosituks")
    recommendation = Recommendation.objects.get()
    accept(coordinator, site, recommendation)

    # Staff plan the visit; the expert keeps a confidential note and shares a finding.
    visit = hold_visit(lead, coordinator, expert, site, participation)
    finding = Finding.objects.get()
    go(member, site("visits:detail", visit.pk, language="fi"))
    assert finding.title in member.inner_text("main")
    assert "Luottamuksellinen huomio" not in member.inner_text("main")
    report = download(coordinator, page_of(site, "visits:report", visit), "report/fi", tmp_path)
    assert "Omala" in text_of(report)
    assert "Luottamuksellinen huomio" not in text_of(report)
    assert failing_rules(report) == []

    # The municipality drafts the strategy from what it has taken up.
    strategy = draft_strategy(coordinator, member, site, participation)
    adopt(coordinator, site, strategy)
    file = download(coordinator, page_of(site, "strategies:detail", strategy), "files/fi", tmp_path)
    assert "Kielikahvila joka kaupunginosaan" in text_of(file).replace("\n", " ")
    assert failing_rules(file) == []

    # Everybody reads the published strategy; a question leads to the measure that answers it.
    visitor = coordinator.context.browser.new_page()
    go(visitor, site("strategies:published", strategy.pk))
    assert "Kielikahvila" in visitor.inner_text("main")
    code = recommendation.questions[0]
    go(member, site("indexanalysis:about", assessment.pk, code, language="fi"))
    member.locator("section.thread").wait_for()
    assert "Kielikahvila" in member.inner_text("section.thread")
    member.locator("nav.path-line").wait_for()
    assert faults(member) == []


def page_of(site, route, row):
    return site(route, row.pk, language="fi")


def found_group(page, site, participation):
    go(page, site("journey:home", language="fi"))
    press(page, "main .next a.btn")
    press(page, SUBMIT)
    group = WorkingGroup.objects.get()
    go(page, site("workinggroups:member_add", group.pk, language="fi"))
    fill(page, name="Sari Salo")
    page.locator("main [name=sector]").select_option("education")
    press(page, SUBMIT)
    go(page, site("workinggroups:detail", group.pk, language="fi"))
    assert "Sari Salo" in page.inner_text("main")
    assert faults(page) == []


def recommend(page, site, assessment):
    go(page, site("indexanalysis:recommendation_new", assessment.pk, "commitment"))
    press(page, "main form button.btn-sm")
    row = Recommendation.objects.get()
    go(page, site("indexanalysis:recommendation_edit", row.pk))
    fill(page, title_en="Say it in public", title_fi="Sanokaa se julkisesti")
    fill(page, reason_en="Nobody has said it yet.")
    press(page, SUBMIT)
    go(page, site("indexanalysis:recommendation_issue", row.pk))
    press(page, SUBMIT)


def accept(page, site, recommendation):
    go(page, site("journey:home", language="fi"))
    press(page, "main .next a.btn")
    go(page, site("indexanalysis:recommendation_respond", recommendation.pk, language="fi"))
    page.locator("main [name=answer][value=accepted]").check()
    press(page, SUBMIT)
    recommendation.refresh_from_db()
    assert recommendation.state == "accepted"


def hold_visit(lead, coordinator, expert, site, participation):
    today = f"{timezone.localdate():%d.%m.%Y}"
    go(lead, site("visits:plan", participation.pk))
    lead.locator("main [name=kind][value=site]").check()
    fill(lead, place="Kaupungintalo", starts_on=today, ends_on=today)
    lead.locator("main [name=experts]").first.check()
    press(lead, SUBMIT)
    visit = Visit.objects.get()
    go(coordinator, site("visits:detail", visit.pk, language="fi"))
    press(coordinator, "form[action*='/confirmed/'] button")
    write_down(expert, site, visit)
    for to in ("held", "report"):
        go(expert, site("visits:detail", visit.pk))
        press(expert, f"form[action*='/move/{to}/'] button")
    go(expert, site("visits:edit", visit.pk))
    fill(expert, summary="The town has begun well.")
    press(expert, SUBMIT)
    go(expert, site("visits:confirm", visit.pk, "final"))
    press(expert, SUBMIT)
    visit.refresh_from_db()
    assert visit.state == "final"
    return visit


def write_down(page, site, visit):
    """On a phone: a note that saves itself, and a finding that is shared."""
    go(page, site("visits:note_new", visit.pk))
    press(page, SUBMIT)
    note = Note.objects.get()
    go(page, site("visits:note_edit", note.pk))
    fill(page, text="Luottamuksellinen huomio")
    press(page, SUBMIT)
    go(page, site("visits:finding_new", visit.pk))
    page.locator("main [name=kind][value=good_practice]").check()
    page.locator("main [name=section]").select_option("commitment")
    press(page, SUBMIT)
    finding = Finding.objects.get()
    go(page, site("visits:finding_edit", finding.pk))
    fill(page, title="A council that listens", text="Residents sit at the table.")
    press(page, SUBMIT)
    go(page, site("visits:finding", finding.pk))
    press(page, "form[action*='/share/'] button")


def draft_strategy(coordinator, member, site, participation):
    go(coordinator, site("journey:home", language="fi"))
    press(coordinator, "main .next a.btn")
    year = timezone.localdate().year + 1
    fill(coordinator, title="Omalan kotoutumisstrategia")
    fill(coordinator, starts_on=f"1.1.{year}", ends_on=f"31.12.{year + 3}")
    press(coordinator, SUBMIT)
    strategy = Strategy.objects.get()
    chapter = strategy.chapters.order_by("number").first()
    go(member, site("strategies:chapter_edit", chapter.pk, language="fi"))
    fill(member, text="Strategia luo yhteisen suunnan.")
    press(member, SUBMIT)
    go(member, site("strategies:objective_add", strategy.pk, language="fi"))
    fill(member, title="Asukkaat tuntevat toisensa")
    press(member, SUBMIT)
    recommendation = Recommendation.objects.get()
    go(member, site("strategies:use", strategy.pk, recommendation.pk, language="fi"))
    member.locator("main [name=becomes]").nth(1).check()
    press(member, SUBMIT)
    measure = Measure.objects.get()
    go(member, site("strategies:measure_edit", measure.pk, language="fi"))
    fill(member, title="Kielikahvila joka kaupunginosaan", responsible="Kirjastopalvelut")
    press(member, SUBMIT)
    go(member, site("strategies:coverage", strategy.pk, language="fi"))
    assert "Kielikahvila" in member.inner_text("main")
    assert faults(member) == []
    return strategy


def adopt(page, site, strategy):
    go(page, site("strategies:decisions", strategy.pk, language="fi"))
    page.locator("main [name=body]").select_option("municipal_council")
    fill(page, name="Kaupunginvaltuusto")
    press(page, f"{SUBMIT}.btn-secondary")
    go(page, site("strategies:confirm", strategy.pk, "decision", language="fi"))
    press(page, SUBMIT)
    step = DecisionStep.objects.get()
    go(page, site("strategies:decision", step.pk, language="fi"))
    fill(page, decided_on=f"{timezone.localdate():%d.%m.%Y}", section_number="§ 84")
    page.locator("main [name=outcome]").select_option("approved")
    press(page, SUBMIT)
    go(page, site("strategies:confirm", strategy.pk, "adopted", language="fi"))
    press(page, SUBMIT)
    go(page, site("strategies:publish", strategy.pk, "published", language="fi"))
    press(page, SUBMIT)
    strategy.refresh_from_db()
    assert strategy.is_published
