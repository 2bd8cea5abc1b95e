"""Signing in through a municipality's own service, against a real OpenID Connect provider."""

import logging
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from integration_portal import refusals
from tests.accounts.conftest import actions, is_in
from tests.factories import MembershipFactory, UserFactory

SECRET = "CANARY-client-secret"
TOWN = "town.example"


@pytest.fixture(scope="module")
def service():
    """A provider in a process of its own, on loopback; its packages warn when they are imported."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)


@pytest.fixture(autouse=True)
def configured(settings, service, db, monkeypatch):
    """Two services: the town's, and another one of which nothing more is known."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    given = {"server_url": service, "client_id": "portal", "secret": SECRET}
    providers = [
        given | {"id": "town", "name": "Town hall", "domains": [TOWN], "mfa": {"amr": ["mfa"]}},
        given | {"id": "other", "name": "Other hall", "domains": ["other.example"]},
    ]
    apps = refusals.provider_apps(providers)
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}
    }


def claims(email=f"aino@{TOWN}", **more):
    return {"email": email, "email_verified": True, "name": "Aino Town"} | more


def begin(client, provider="town", **data):
    """Press the button; returns where the browser is sent."""
    return client.post(reverse("openid_connect_login", args=[provider]), data).url


def at_service(service, address, subject, said):
    """Sign in over there; returns the address that the browser comes back with."""
    requests.put(f"{service}/users/{subject}", json=said, timeout=5).raise_for_status()
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def sign_in(client, service, said, *, subject="aino", provider="town", **data):
    address = begin(client, provider, **data)
    return client.get(at_service(service, address, subject, said))


@pytest.fixture
def aino():
    user = UserFactory(email=f"aino@{TOWN}")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_an_unknown_person_gets_an_account_that_is_no_staff(client, service):
    sign_in(client, service, claims(is_staff=True, groups=["lead"], is_superuser=True))

    user = User.objects.get()
    assert is_in(client)
    assert (user.email, user.name) == (f"aino@{TOWN}", "Aino Town")
    assert (user.is_staff, user.is_superuser, user.groups.count()) == (False, False, 0)
    assert not user.has_usable_password()
    assert EmailAddress.objects.get().verified
    assert actions() == ["user.created", "user.signed_in"]


def test_an_existing_person_is_linked_and_told(client, service, aino):
    sign_in(client, service, claims())

    assert int(client.session["_auth_user_id"]) == aino.pk
    assert SocialAccount.objects.get().user == aino
    assert User.objects.count() == 1
    assert "user.service_connected" in actions()


def test_the_second_time_is_the_same_person(service):
    for _ in range(2):
        sign_in(Client(), service, claims())

    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_somebody_who_signed_up_with_an_unproved_address_keeps_no_way_in(client, service):
    squatter = User.objects.create_user(f"aino@{TOWN}", "lumi tulee ja sataa", name="Squatter")
    EmailAddress.objects.create(user=squatter, email=squatter.email, verified=False, primary=True)

    sign_in(client, service, claims())

    squatter.refresh_from_db()
    assert is_in(client)
    assert not squatter.has_usable_password()


def test_an_address_that_a_colleague_only_asked_to_have_opens_no_account_of_theirs(client, service):
    colleague = UserFactory(email=f"liisa@{TOWN}")
    EmailAddress.objects.create(user=colleague, email=f"aino@{TOWN}", verified=False)

    sign_in(client, service, claims())

    assert is_in(client)
    assert int(client.session["_auth_user_id"]) != colleague.pk
    assert not colleague.emailaddress_set.exists()


REFUSED = [
    ({"email_verified": False}, "mail not verified"),
    ({"email_verified": "true"}, "mail not verified"),
    ({"email": "aino@other.example"}, "foreign domain"),
    ({"email": f"aino@evil.example@{TOWN}.evil.example"}, "foreign domain"),
    ({"email": f"aino@sub.{TOWN}"}, "foreign domain"),
    ({"email": f"{TOWN}"}, "foreign domain"),
    ({"email": ""}, "foreign domain"),
]


@pytest.mark.parametrize(("said", "why"), REFUSED)
def test_what_the_service_may_not_say_opens_nothing(client, service, said, why):
    response = sign_in(client, service, claims() | said)

    assert not is_in(client)
    assert response.url == reverse("account_login")
    assert "You cannot sign in with Town hall here" in client.get(response.url).text
    assert not User.objects.exists()
    entry = AuditEntry.objects.get()
    assert (entry.outcome, entry.note) == ("refused", f"town: {why}")


def test_another_service_cannot_take_the_account_over(client, service, aino):
    sign_in(Client(), service, claims())

    sign_in(client, service, claims(), provider="other")

    assert not is_in(client)
    assert SocialAccount.objects.count() == 1


def test_the_same_subject_at_another_service_is_another_person(client, service):
    sign_in(Client(), service, claims())

    sign_in(client, service, claims("aino@other.example"), provider="other")

    assert User.objects.count() == 2


def test_who_has_moved_on_no_longer_comes_in_through_the_former_service(client, service, aino):
    sign_in(Client(), service, claims())
    User.objects.update(email="aino@new.example")

    sign_in(client, service, claims())

    assert not is_in(client)
    assert AuditEntry.objects.last().pk
    assert AuditEntry.objects.order_by("pk").last().note == "town: another person"


@pytest.mark.parametrize("staff", [{"is_staff": True}, {"is_superuser": True}])
def test_no_service_opens_an_account_of_the_staff(client, service, aino, staff):
    User.objects.update(**staff)

    sign_in(client, service, claims())

    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_a_closed_account_stays_closed(client, service, aino):
    User.objects.update(is_active=False)

    sign_in(client, service, claims())

    assert not is_in(client)


def test_a_wrong_state_signs_nobody_in(client, service):
    back = at_service(service, begin(client), "aino", claims())
    state = parse_qs(urlsplit(back).query)["state"][0]

    page = client.get(back.replace(state, "x" * len(state)))

    assert not is_in(client)
    assert "Signing in did not work" in page.text


def test_an_answer_that_another_browser_asked_for_signs_nobody_in(client, service):
    """Login CSRF: the attacker's own answer, opened by the victim."""
    back = at_service(service, begin(Client()), "attacker", claims(f"attacker@{TOWN}"))

    page = client.get(back)

    assert not is_in(client)
    assert "Signing in did not work" in page.text


def test_an_answer_works_once(client, service):
    back = at_service(service, begin(client), "aino", claims())
    client.get(back)
    client.post(reverse("account_logout"))

    page = client.get(back)

    assert not is_in(client)
    assert "Signing in did not work" in page.text


def test_an_answer_of_one_service_is_none_of_another(client, service):
    back = at_service(service, begin(client), "aino", claims())

    client.get(back.replace("/town/", "/other/"))

    assert not is_in(client)


def test_cancelling_over_there_says_so(client, service):
    address = begin(client)
    answer = requests.post(address, data={"action": "deny"}, allow_redirects=False, timeout=5)
    parts = urlsplit(answer.headers["Location"])
    state = parse_qs(urlsplit(address).query)["state"][0]

    page = client.get(f"{parts.path}?{parts.query}&state={state}", follow=True)

    assert not is_in(client)
    assert page.status_code == 200


def test_a_service_that_is_away_is_told_in_words(client, settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}"
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = nobody

    page = client.post(reverse("openid_connect_login", args=["town"]))

    assert page.status_code == 502
    assert "Signing in did not work" in page.text


def test_signed_in_people_connect_nothing_from_inside(client, service, aino):
    """Linking is by the proved address alone, never by whoever sits at an open session."""
    other = UserFactory(email=f"other@{TOWN}")
    client.force_login(other)

    sign_in(client, service, claims(), process="connect")

    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("away", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_next_leads_to_our_own_pages_only(client, service, away):
    response = sign_in(client, service, claims(), next=away)

    assert response.url == reverse("journey:home")


@pytest.fixture
def coordinator_with_app(aino, town):
    MembershipFactory(user=aino, municipality=town)
    TOTP.activate(aino, generate_totp_secret())
    return aino


def test_the_second_step_is_asked_after_the_service(client, service, coordinator_with_app):
    response = sign_in(client, service, claims())

    assert response.url == reverse("mfa_authenticate")
    assert not is_in(client)


def test_who_has_no_second_step_sets_it_up_after_the_service(client, service, aino, town):
    MembershipFactory(user=aino, municipality=town)

    sign_in(client, service, claims())

    assert client.get(reverse("journey:home")).url == reverse("mfa_index")


@pytest.mark.parametrize("has_app", [True, False])
def test_a_service_that_asks_for_two_factors_spares_ours(client, service, aino, town, has_app):
    MembershipFactory(user=aino, municipality=town)
    if has_app:
        TOTP.activate(aino, generate_totp_secret())

    sign_in(client, service, claims(amr=["pwd", "mfa"]))

    assert client.get(reverse("journey:home")).status_code == 200


def test_it_spares_ours_in_this_session_only(client, service, coordinator_with_app):
    sign_in(Client(), service, claims(amr=["mfa"]))

    sign_in(client, service, claims(amr=["pwd"]))

    assert not is_in(client)


def test_a_service_without_that_setting_spares_nothing(client, service, town):
    user = UserFactory(email="liisa@other.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    MembershipFactory(user=user, municipality=town)

    sign_in(client, service, claims(user.email, amr=["mfa"]), provider="other")

    assert client.get(reverse("journey:home")).url == reverse("mfa_index")


def test_a_service_never_spares_the_step_of_someone_else(client, service, coordinator_with_app):
    """The mark of two factors belongs to one person of one session."""
    colleague = UserFactory(email=f"liisa@{TOWN}")
    sign_in(client, service, claims(f"liisa@{TOWN}", amr=["mfa"]), subject="liisa")
    assert int(client.session["_auth_user_id"]) == colleague.pk

    sign_in(client, service, claims())

    assert not is_in(client)


def test_the_button_is_there_only_where_a_service_is_named(client, settings):
    assert "Sign in with Town hall" in client.get(reverse("account_login")).text

    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}

    assert "Town hall" not in client.get(reverse("account_login")).text


def test_a_get_sends_nobody_to_the_service(client):
    page = client.get(reverse("openid_connect_login", args=["town"]))

    assert page.status_code == 200
    assert "You go on to your organisation" in page.text


def test_a_service_that_nobody_named_is_not_there(client):
    assert client.post(reverse("openid_connect_login", args=["unknown"])).status_code == 404


def test_the_clients_secret_stands_in_no_log_and_on_no_page(client, service, caplog):
    caplog.set_level(logging.DEBUG)

    pages = [
        client.get(reverse("account_login")),
        sign_in(client, service, claims()),
        sign_in(Client(), service, claims() | {"email_verified": False}),
    ]

    assert SECRET not in caplog.text
    assert not any(SECRET in page.text for page in pages)
    assert SECRET not in str(list(AuditEntry.objects.values())) + str(
        list(SocialAccount.objects.values())
    )


def test_leaving_the_service_needs_the_proof_and_another_way_in(client, service, aino):
    aino.set_password("lumi tulee ja sataa")
    aino.save()
    sign_in(client, service, claims())
    account = SocialAccount.objects.get()
    client.post(reverse("account_reauthenticate"), {"password": "lumi tulee ja sataa"})

    page = client.get(reverse("socialaccount_connections"))
    client.post(reverse("socialaccount_connections"), {"account": account.pk})

    assert "Town hall" in page.text
    assert not SocialAccount.objects.exists()
    assert "user.service_removed" in actions()


def test_a_person_of_the_staffs_group_is_not_made_staff_by_it(client, service):
    Group.objects.get_or_create(name="lead")

    sign_in(client, service, claims(groups=["lead"], role="lead"))

    assert not User.objects.get().staff_groups
    assert not Authenticator.objects.exists()
