import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from notifications.models import Mail
from tests.accounts.conftest import PASSWORD, actions, code_in, is_in, newest_mail


@pytest.fixture
def member(signs_in):
    return signs_in("member", mfa=False)


def inside(client):
    return client.get(reverse("accounts:profile")).status_code == 200


@pytest.fixture
def browsers(member):
    """Three browsers in which the member is signed in."""
    clients = [Client(), Client(), Client()]
    for each in clients:
        member.give_password(each)
    return clients


def test_the_list_shows_each_device_and_marks_this_one(member, browsers):
    page = browsers[0].get(reverse("usersessions_list"))

    assert page.text.count("Signed in on") == 3
    assert page.text.count("this device") == 1


def test_signing_out_everywhere_else_keeps_this_one(member, browsers):
    browsers[0].post(reverse("usersessions_list"))

    assert [inside(each) for each in browsers] == [True, False, False]
    assert UserSession.objects.count() == 1
    assert actions()[-1] == "user.sessions_ended"


def test_signing_out_everywhere_ends_this_one_too(member, browsers):
    browsers[0].post(reverse("accounts:sign_out_everywhere"))

    assert [inside(each) for each in browsers] == [False, False, False]
    assert not UserSession.objects.exists()


def test_a_session_without_a_row_in_the_list_ends_as_well(member, browsers):
    unlisted = Client()
    unlisted.force_login(member.user)
    assert inside(unlisted)

    browsers[0].post(reverse("usersessions_list"))

    assert not inside(unlisted)


def change_password(member, client):
    data = {
        "oldpassword": PASSWORD,
        "password1": "toinen lumi tulee",
        "password2": "toinen lumi tulee",
    }
    client.post(reverse("account_change_password"), data)


def add_app(member, client):
    member.prove(client)
    client.get(reverse("mfa_activate_totp"))
    member.secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": member.code()})


def remove_app(member, client):
    add_app(member, client)
    for _ in range(2):
        member.prove(client)
        client.post(reverse("mfa_deactivate_totp"))


def make_codes(member, client):
    add_app(member, client)
    client.post(reverse("mfa_generate_recovery_codes"))


CHANGES = [
    (change_password, "Your password was changed"),
    (add_app, "The second step is in use"),
    (remove_app, "The second step is off"),
    (make_codes, "You have new recovery codes"),
]


@pytest.mark.parametrize(("change", "subject"), CHANGES)
def test_a_change_in_signing_in_ends_the_other_sessions_and_is_told(
    transactional_db, member, browsers, change, subject
):
    key = browsers[0].session.session_key

    change(member, browsers[0])

    assert [inside(each) for each in browsers] == [True, False, False]
    assert browsers[0].session.session_key != key
    assert subject in Mail.objects.filter(to=member.email).values_list("subject", flat=True)


def test_a_reset_password_ends_all_sessions(db, member, browsers):
    outsider = Client()
    outsider.post(reverse("account_reset_password"), {"email": member.email})
    link = re.search(r"https?://[^/]+(\S+)", newest_mail(member.email).text).group(1)
    form = outsider.get(link, follow=True)

    new = {"password1": "toinen lumi tulee", "password2": "toinen lumi tulee"}
    outsider.post(form.redirect_chain[-1][0], new)

    assert [inside(each) for each in browsers] == [False, False, False]


def test_a_new_device_is_told_and_a_known_one_is_not(db, member):
    first, second = Client(), Client(headers={"user-agent": "Another browser"})
    member.give_password(first)
    first.post(reverse("account_logout"))
    member.give_password(first)
    assert not Mail.objects.exists()

    member.give_password(second)

    mail = Mail.objects.get()
    assert mail.subject == "You signed in with a new device"
    assert "Another browser" in mail.text


def test_a_forged_device_cookie_makes_no_device_known(db, member):
    first, second = Client(), Client()
    member.give_password(first)
    second.cookies["device"] = f"[{member.user.pk}]:forged"

    member.give_password(second)

    assert Mail.objects.count() == 1


def test_the_mail_speaks_the_receivers_language(db, member):
    member.user.language = "fi"
    member.user.save()
    member.give_password(Client())

    member.give_password(Client())

    assert Mail.objects.get().language == "fi"


def test_a_code_from_the_mail_signs_in_once(db, member):
    client, other = Client(), Client()
    client.post(reverse("account_request_login_code"), {"email": member.email})
    code = code_in(newest_mail(member.email))

    client.post(reverse("account_confirm_login_code"), {"code": code.lower()})
    other.post(reverse("account_confirm_login_code"), {"code": code})

    assert (is_in(client), is_in(other)) == (True, False)
    assert AuditEntry.objects.get(action="user.signed_in").note == "code"


def test_an_old_code_from_the_mail_is_dead(db, member, settings):
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": member.email})
    code = code_in(newest_mail(member.email))
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert not is_in(client)


def test_a_closed_account_gets_in_through_no_code(db, member):
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": member.email})
    code = code_in(newest_mail(member.email))
    member.user.is_active = False
    member.user.save()

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert not is_in(client)


def test_the_minutes_that_page_and_mail_promise_are_the_ones_set(settings):
    assert settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT == 15 * 60
    assert settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS == 5


@pytest.fixture
def lost(signs_in):
    """A coordinator with an app that is lost, signed in at one place."""
    person, client = signs_in("coordinator"), Client()
    person.give_password(client)
    person.give_code(client)
    person.client = client
    return person


def ask(client, helper, route, person, **data):
    client.force_login(helper)
    return client.post(reverse(f"admin:accounts_user_{route}", args=[person.user.pk]), data)


def test_a_lead_removes_a_lost_factor(client, lost, lead):
    response = ask(client, lead, "reset_factor", lost, reason="Called back the town hall.")

    assert response.url == reverse("admin:accounts_user_change", args=[lost.user.pk])
    assert not User.objects.get(pk=lost.user.pk).has_factor
    assert not inside(lost.client)
    entry = AuditEntry.objects.get(action="factor.reset")
    assert (entry.by, entry.target) == (lead, f"accounts.user {lost.user.pk}")
    assert entry.note == "Called back the town hall."
    mail = newest_mail(lost.email)
    assert mail.subject == "Your second step was removed"
    assert "Called back the town hall." in mail.text


def test_after_the_reset_the_password_leads_to_a_new_factor(client, lost, lead):
    ask(client, lead, "reset_factor", lost, reason="Called back.")
    again = Client()

    lost.give_password(again)

    assert again.get(reverse("journey:home")).url == reverse("mfa_index")


def test_a_second_click_says_so_and_tells_nobody_twice(client, lost, lead):
    for _ in range(2):
        response = ask(client, lead, "reset_factor", lost, reason="Called back.")

    page = client.get(response.url)
    assert "had no second step any more" in page.text
    assert actions().count("factor.reset") == 1
    assert Mail.objects.filter(subject="Your second step was removed").count() == 1


def test_a_reset_without_a_reason_is_asked_again(client, lost, lead):
    response = ask(client, lead, "reset_factor", lost, reason=" ")

    assert response.status_code == 400
    assert User.objects.get(pk=lost.user.pk).has_factor


def test_a_lead_signs_a_person_out_everywhere(client, lost, lead):
    ask(client, lead, "end_sessions", lost)

    assert not inside(lost.client)
    assert AuditEntry.objects.get(action="user.sessions_ended").by == lead


@pytest.mark.parametrize("route", ["reset_factor", "end_sessions"])
@pytest.mark.parametrize(
    ("helper", "helped"),
    [
        ("lead", "lead"),
        ("lead", "reviewer"),
        ("lead", "superuser"),
        ("superuser", "superuser"),
        ("reviewer", "member"),
    ],
)
def test_nobody_helps_themselves_and_leads_help_no_staff(client, person, route, helper, helped):
    user = person(helped)
    client.force_login(person(helper))

    response = client.post(reverse(f"admin:accounts_user_{route}", args=[user.pk]), {"reason": "x"})

    assert response.status_code == 403
    assert User.objects.get(pk=user.pk).has_factor


@pytest.mark.parametrize("name", ["password_change", "logout"])
def test_the_admins_own_pages_lead_to_the_portals(client, person, name):
    client.force_login(person("lead"))

    response = client.post(reverse(f"admin:{name}"))

    target = {"password_change": "account_change_password", "logout": "account_logout"}[name]
    assert response.url == reverse(target)


@pytest.mark.parametrize("path", ["mfa/authenticator/", "usersessions/usersession/"])
def test_no_page_of_the_admin_changes_factors_or_sessions_without_a_trace(client, person, path):
    client.force_login(person("superuser"))

    assert client.get(reverse("admin:index") + path).status_code == 404


def test_signing_in_leaves_one_session_row(db, member):
    member.give_password(Client())

    assert Session.objects.count() == 1


def test_a_changed_secret_signs_nobody_out_while_the_former_is_kept(settings, client, signs_in):
    person, unused = signs_in("coordinator"), Client()
    person.give_password(client)
    person.give_code(client)
    client.post(reverse("usersessions_list"))  # from now on the session's era counts as well
    unused.force_login(User.objects.get(pk=person.user.pk))

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of more than fifty signs, made for this test"

    assert inside(client)
    again = Client()
    person.give_password(again)
    person.give_code(again, person.code(1))  # the app's secret is still read
    assert inside(again)
    settings.SECRET_KEY_FALLBACKS = []
    assert [inside(each) for each in (client, again, unused)] == [True, True, False]
