"""The second step is asked at every door, and nothing opens before it is set up."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.models import AccessRequest
from accounts.workflow import decide
from tests.accounts.conftest import PASSWORD, actions, code_in, is_in, newest_mail
from tests.factories import AccessRequestFactory

NEED_IT = ["coordinator", "expert", "reviewer", "superuser"]


def password(person, client):
    return person.give_password(client)


def code_by_mail(person, client):
    client.post(reverse("account_request_login_code"), {"email": person.email})
    code = code_in(newest_mail(person.email))
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def reset_link(person, client):
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"https?://[^/]+(\S+)", newest_mail(person.email).text).group(1)
    form = client.get(link, follow=True)
    new = {"password1": "toinen lumi tulee", "password2": "toinen lumi tulee"}
    client.post(form.redirect_chain[-1][0], new)
    assert not is_in(client)
    return person.give_password(client, "toinen lumi tulee")


def confirmed_address(person, client):
    person.user.emailaddress_set.update(verified=False)
    person.give_password(client)
    link = re.search(r"https?://[^/]+(\S+)", newest_mail(person.email).text).group(1)
    client.post(link)
    assert not is_in(client)
    return person.give_password(client)


def admin_door(person, client):
    client.get(reverse("admin:index"), follow=True)
    return person.give_password(client, next=reverse("admin:index"))


def remembered(person, client):
    """The browser was signed in before; its cookies do not spare the second step."""
    person.give_password(client)
    person.give_code(
        client,
        person.user.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()[0],
    )
    assert is_in(client)
    client.post(reverse("account_logout"))
    return person.give_password(client)


def signed_up_again(person, client):
    data = {"email": person.email, "password1": PASSWORD, "name": "N", "language": "en"}
    client.post(reverse("account_signup"), data)
    return person.give_password(client)


def straight_to_the_page(person, client):
    person.give_password(client)
    return client.get(reverse("journey:home"))


def skipping_the_stage(person, client):
    """After the password, every address that might finish the sign-in without the code."""
    person.give_password(client)
    for route in ("account_login", "account_reauthenticate", "mfa_reauthenticate", "mfa_index"):
        client.get(reverse(route))
        client.post(reverse(route), {"password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"credential": "{}"})
    client.post(reverse("mfa_authenticate"), {"code": ""})
    return client.post(reverse("mfa_login_webauthn"), {"credential": "{}"})


DOORS = [
    password, code_by_mail, reset_link, confirmed_address, admin_door, remembered, signed_up_again,
    straight_to_the_page, skipping_the_stage,
]  # fmt: skip


@pytest.mark.parametrize("name", NEED_IT)
@pytest.mark.parametrize("door", DOORS)
def test_no_door_skips_the_second_step(db, client, signs_in, door, name):
    person = signs_in(name)

    door(person, client)

    assert not is_in(client)
    sign_in = (reverse("account_login"), reverse("admin:login"))
    for route in ("journey:home", "applications:list", "admin:index", "accounts:profile"):
        assert client.get(reverse(route)).url.startswith(sign_in)


@pytest.mark.parametrize("name", NEED_IT)
@pytest.mark.parametrize("door", [password, code_by_mail, reset_link, admin_door])
def test_who_has_none_may_only_set_it_up(db, client, signs_in, door, name):
    person = signs_in(name, mfa=False)

    door(person, client)

    assert is_in(client)
    for route in ("journey:home", "applications:list", "indexanalysis:list", "accounts:profile"):
        assert client.get(reverse(route)).url == reverse("mfa_index")
    for route in ("mfa_index", "account_logout", "usersessions_list"):
        assert client.get(reverse(route)).status_code == 200


@pytest.mark.parametrize("name", NEED_IT)
def test_recovery_codes_alone_are_no_second_factor(db, client, signs_in, name):
    person = signs_in(name)
    Authenticator.objects.filter(type=Authenticator.Type.TOTP).delete()

    person.give_password(client)

    assert client.get(reverse("journey:home")).url == reverse("mfa_index")


@pytest.mark.parametrize("name", NEED_IT)
def test_a_passkey_is_a_second_factor(client, person, name):
    user = person(name, mfa=False)
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    client.force_login(user)

    assert client.get(reverse("accounts:profile")).status_code == 200


def test_who_becomes_a_coordinator_sets_it_up_before_the_next_page(client, signs_in, lead, town):
    person = signs_in("stranger", mfa=False)
    person.give_password(client)
    assert client.get(reverse("journey:home")).status_code == 200

    asked = AccessRequestFactory(user=person.user, municipality=town)
    decide(asked, AccessRequest.State.APPROVED, by=lead)

    assert client.get(reverse("journey:home")).url == reverse("mfa_index")


def test_a_session_that_somebody_planted_does_not_become_the_victims(db, signs_in):
    person, attacker, victim = signs_in("coordinator"), Client(), Client()
    planted = attacker.session
    planted.save()
    for each in (attacker, victim):
        each.cookies["session"] = planted.session_key

    person.give_password(victim)
    person.give_code(victim)

    assert is_in(victim)
    assert victim.session.session_key != planted.session_key
    assert not is_in(attacker)


@pytest.mark.parametrize("name", ["coordinator", "lead"])
def test_the_cookies_are_bound_and_hidden_from_scripts(db, client, signs_in, settings, name):
    person = signs_in(name)
    person.give_password(client)
    person.give_code(client)

    session, device = client.cookies["session"], client.cookies["device"]
    assert [session["httponly"], session["samesite"]] == [True, "Lax"]
    assert [device["httponly"], device["samesite"]] == [True, "Lax"]


def test_signing_in_is_written_down_with_both_steps(db, client, signs_in):
    person = signs_in("coordinator")

    person.give_password(client)
    person.give_code(client)

    assert actions() == ["user.signed_in"]
    assert person.user.audit_entries.get().note == "password, totp"
