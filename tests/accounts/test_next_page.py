import ast
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts import next_page
from tests.accounts.conftest import PASSWORD, code_in, newest_mail

PAYLOADS = [
    "https://evil.example",
    "http://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example/path",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,evil",
    "vbscript:evil",
    "ftp://evil.example/",
    "https://localhost:8000.evil.example/",
    "https://localhost:8000@evil.example/",
    "https://evil.example#@localhost:8000/",
    "https://evil.example\\@localhost:8000",
    "//localhost:8000@evil.example",
    "https://[::1]evil.example/",
    "https://ｅvil.example/",
    "//evil。example",
    "/%09/evil.example//../..//evil.example",
]


def test_there_are_thirty_payloads():
    assert len(PAYLOADS) >= 30


def signed_in(person):
    client = Client()
    person.give_password(client)
    if person.secret:
        person.give_code(client)
    return client


def by_password(person, payload):
    return person.give_password(Client(), next=payload)


def by_code(person, payload):
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": person.email, "next": payload})
    code = code_in(newest_mail(person.email))
    return client.post(reverse("account_confirm_login_code"), {"code": code, "next": payload})


def signing_out(person, payload):
    return signed_in(person).post(reverse("account_logout"), {"next": payload})


def proving(person, payload):
    data = {"password": PASSWORD, "next": payload}
    return signed_in(person).post(reverse("account_reauthenticate"), data)


def ending_sessions(person, payload):
    return signed_in(person).post(f"{reverse('usersessions_list')}?next={payload}")


def changing_password(person, payload):
    data = dict.fromkeys(("oldpassword", "password1", "password2"), PASSWORD) | {"next": payload}
    return signed_in(person).post(reverse("account_change_password"), data)


def already_in(person, payload):
    return signed_in(person).get(reverse("account_login"), {"next": payload})


def to_the_admin(person, payload):
    return Client().get(reverse("admin:login"), {"next": payload})


DOORS = [
    by_password, by_code, signing_out, proving, ending_sessions, changing_password, already_in,
    to_the_admin,
]  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_no_next_leads_away_from_the_portal(db, settings, signs_in, door):
    settings.LIMITS = dict.fromkeys(("mails", "mail_requests", "requests", "changes"), "1000/10")
    person = signs_in("member", mfa=False)
    away = []

    for payload in PAYLOADS:
        response = door(person, payload)
        if response.status_code == 302:
            target = urlsplit(urljoin(settings.SITE_URL + "/x/", response.url))
            if target.netloc != urlsplit(settings.SITE_URL).netloc:
                away.append((payload, response.url))

    assert away == []


@pytest.mark.parametrize("door", [by_password, signing_out, proving])
def test_a_page_of_ours_is_gone_to(db, signs_in, door):
    response = door(signs_in("member", mfa=False), "/en/people/me/?a=1")

    assert response.url == "/en/people/me/?a=1"


@pytest.mark.parametrize("payload", PAYLOADS[:29])
def test_the_one_helper_refuses(payload):
    assert not next_page.is_safe(payload)


def test_nothing_of_ours_redirects_to_what_a_request_says():
    """Neither `redirect(request.GET...)` nor a second check beside the helper."""
    wrong = []
    for app in ("accounts", "applications", "indexanalysis", "journey", "municipalities"):
        for file in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                text = ast.unparse(node) if isinstance(node, ast.Call) else ""
                if text.startswith(("redirect(request.GET", "redirect(request.POST")):
                    wrong.append((file.name, text))
                if "url_has_allowed_host_and_scheme" in text and file.name != "next_page.py":
                    wrong.append((file.name, text))

    assert wrong == []
