"""From the public call to a confirmed place and a promoted reserve, in three languages."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from accounts.models import User
from applications.models import Application, Call, Participation
from municipalities.models import Municipality
from tests.browser.conftest import NARROW, PASSWORD, WIDE, faults, mail_to, sign_in
from tests.browser.test_line import download
from tests.factories import CallFactory, CriterionFactory, MembershipFactory, ProjectFactory
from tests.pdf import failing_rules

# What is written on each page of the form, after the one on the municipality.
PAGES = [
    {
        "contact_name": "Maija Virtanen",
        "contact_email": "maija@town.example",
        "coordinator_name": "Maija Virtanen",
        "coordinator_post": "Development manager",
    },
    {"deciding_body": "Board", "decided_on": "21.11.2026", "section_number": "§ 252"},
    {"motivation": "We want to know how we are doing."},
    {"present_work": "A multicultural council."},
    {"working_group": "Education, culture, business."},
    {"staff_time": "Two days a month."},
    {"works_in_english": True},
    {"stays_to_the_end": True},
]


def signing_in(email, language, **more):
    user = User.objects.create_user(email, PASSWORD, name=email, language=language, **more)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    TOTP.activate(user, generate_totp_secret())
    return user


def coordinator(town, email, language):
    user = signing_in(email, language)
    municipality = Municipality.objects.get(name_fi=town)
    MembershipFactory(user=user, municipality=municipality, role="coordinator")
    return user


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_from_the_call_to_a_place_that_the_reserve_takes(
    site, window, staff, register, worker, tmp_path, size
):
    project = ProjectFactory(starts_on="2027-01-01", ends_on="2028-12-31")
    call = CallFactory(project=project, slug="spring", seats=1)
    CriterionFactory(call=call)
    rauno, leena, lars = staff("rauno", "reviewer"), staff("leena", "lead"), staff("lars", "lead")
    towns = {
        "fi": coordinator("Vaasa", "maija@vaasa.example", "fi"),
        "sv": coordinator("Turku", "sven@abo.example", "sv"),
    }

    # Anybody reads the call, in each language.
    visitor = window(viewport=size)
    for language in ("en", "fi", "sv"):
        visitor.goto(site("applications:call", call.slug, language=language))
        assert visitor.locator("html").get_attribute("lang") == language
        assert faults(visitor) == []

    # Two municipalities apply, one in Finnish, one in Swedish.
    pages = {language: window(viewport=size) for language in towns}
    for language, page in pages.items():
        sign_in(page, site, towns[language], language=language)
        apply(page, site, call, language)
    vaasa, turku = (Application.objects.get(municipality__name_fi=t) for t in ("Vaasa", "Turku"))
    assert "Vaasa" in mail_to("maija@vaasa.example", "")
    assert "Åbo" in mail_to("sven@abo.example", "")

    # The call closes; a lead gives both to a reviewer, who declares, reads and scores.
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() - timedelta(hours=1))
    desk, board, other = (window(viewport=size) for _ in range(3))
    sign_in(board, site, leena)
    give_out(board, site, call, [vaasa, turku], rauno)
    sign_in(desk, site, rauno)
    for application, points in ((vaasa, 5), (turku, 3)):
        review(desk, site, application, points)

    # One lead proposes what the scores say, another confirms, and both letters are read.
    board.goto(site("admin:applications_call_selection", call.pk))
    assert faults(board) == []
    for language in ("en", "fi", "sv"):
        board.locator(f"textarea[name=reason_{language}]").fill("The scores say so.")
    board.locator("form[action*=propose] [type=submit]").last.click()
    sign_in(other, site, lars)
    other.goto(site("admin:applications_call_selection", call.pk))
    other.locator("form[action*=confirm] input[name=confirm]").click()
    states = Application.objects.order_by("municipality__name_fi").values_list("state", flat=True)
    assert list(states) == ["reserve", "selected"]
    for language, application in (("fi", vaasa), ("sv", turku)):
        address = site("applications:detail", application.pk, language=language)
        letter = download(pages[language], address, "/letters/", tmp_path)
        assert failing_rules(letter) == []
        assert faults(pages[language]) == []

    # The first gives its place up; the reserve gets it, and confirms.
    answer(pages["fi"], site, vaasa, "declined", "fi")
    assert "Åbo" in mail_to("sven@abo.example", "")
    turku.refresh_from_db()
    assert turku.state == "selected"
    answer(pages["sv"], site, turku, "confirmed", "sv")
    assert Participation.objects.get(project=project).municipality.name_fi == "Turku"


def apply(page, site, call, language):
    page.goto(site("applications:call", call.slug, language=language))
    page.locator("form[action*=start] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/steps/$"))
    pk = re.search(r"/applications/(\d+)/", page.url)[1]
    page.goto(site("applications:partners", pk, language=language))
    page.locator("a[rel=next]").click()
    for fields in PAGES:
        for name, value in fields.items():
            field = page.locator(f"main [name={name}]")
            field.check() if value is True else field.fill(value)
        with page.expect_navigation():
            page.locator("main form button[type=submit]").first.click()
    page.goto(site("applications:confirm", pk, "submitted", language=language))
    assert faults(page) == []
    page.locator("form[action*=submitted] button[type=submit]").click()
    page.wait_for_url(re.compile(rf"/applications/{pk}/$"))


def give_out(page, site, call, applications, reviewer):
    page.goto(site("admin:applications_call_assign", call.pk))
    for application in applications:
        page.locator(f"input[name=pair][value='{application.pk}-{reviewer.pk}']").check()
    page.locator("input[name=due_on]").fill(f"{timezone.localdate():%Y-%m-%d}")
    assert faults(page) == []
    page.locator("input[name=store]").click()


def review(page, site, application, points):
    page.goto(site("admin:applications_application_change", application.pk))
    page.locator("input[name=conflict][value=no]").check()
    page.locator("input.default[type=submit]").click()
    page.goto(site("admin:applications_application_change", application.pk))
    page.locator(f"form[data-highest] input[type=radio][value='{points}']").check()
    page.locator("textarea[name=comment]").fill("Read with care.")
    assert faults(page) == []
    page.locator("input[name=hand_in]").click()


def answer(page, site, application, to, language):
    page.goto(site("applications:confirm", application.pk, to, language=language))
    assert faults(page) == []
    page.locator(f"form[action*={to}] button[type=submit]").click()
    page.wait_for_url(re.compile(rf"/applications/{application.pk}/$"))
