"""Every answer carries the headers that tell a browser what it may do with it."""

import secrets
import subprocess
import sys
from contextlib import suppress

import pytest
from django.contrib.staticfiles import finders
from django.urls import NoReverseMatch, get_resolver, reverse

from integration_portal import demo
from tests.headers import faults
from tests.matrix.test_permissions import MATRIX, routes

# The permission matrix looks at each answer of our routes to each person; here are the libraries'.
OURS = {row[0] for row in MATRIX if row[3] == "get"}
THEIRS = sorted(
    name
    for name in set(routes(get_resolver().url_patterns)) - OURS
    if name.startswith(("account_", "mfa_", "usersessions_", "admin:"))
)


def open_as(client, user, url):
    client.cookies.clear()
    if user:
        client.force_login(user)
    response = client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def keyless(names):
    """(route, address) of those whose address needs no key."""
    for name in names:
        with suppress(NoReverseMatch):
            yield name, reverse(name)


def test_each_route_of_the_libraries(client, person):
    """Those without a key in their address: signing in, second factors, the admin's front."""
    wrong, addresses = {}, dict(keyless(THEIRS))
    assert len(addresses) > 20
    for route, url in addresses.items():
        for name in (None, "coordinator", "lead"):
            found = faults(open_as(client, name and person(name), url), signed_in=bool(name))
            wrong |= {(route, name): found} if found else {}

    assert wrong == {}


FAULTY = ["/en/nowhere/", "/nowhere", "/", "/en/applications/999999/", "/static/nowhere.css"]


@pytest.mark.parametrize("url", FAULTY)
@pytest.mark.parametrize("name", [None, "coordinator"])
def test_pages_that_are_not_there(client, person, url, name):
    response = open_as(client, name and person(name), url)

    assert faults(response, signed_in=bool(name)) == []


def test_a_fault_of_ours(client, coordinator, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("journey.views.Project", None)

    response = open_as(client, coordinator, "/en/")

    assert (response.status_code, faults(response, signed_in=True)) == (500, [])


def test_a_form_without_its_token(client, coordinator):
    client.handler.enforce_csrf_checks = True
    client.force_login(coordinator)

    response = client.post("/en/accounts/logout/")

    assert (response.status_code, faults(response, signed_in=True)) == (403, [])


def test_a_foreign_host(client, db):
    response = client.get("/en/", headers={"host": "elsewhere.example"})

    assert (response.status_code, faults(response, signed_in=False)) == (400, [])


@pytest.mark.parametrize("file", ["portal.css", "vendor/htmx/htmx.min.js", "favicon.svg"])
def test_a_file_of_the_pages(client, settings, file):
    settings.WHITENOISE_USE_FINDERS = True
    assert finders.find(file)

    response = open_as(client, None, settings.STATIC_URL + file)

    assert (response.status_code, faults(response, signed_in=False)) == (200, [])


def test_signing_in_and_out_is_not_stored(client, coordinator):
    form = {"login": coordinator.email, "password": "wrong"}

    response = client.post(reverse("account_login"), form)

    assert "no-store" in response["Cache-Control"]


OVER_HTTPS = """
import django; django.setup()
from django.test import Client
from django.test.utils import setup_test_environment; setup_test_environment()
client = Client(headers={"host": "portal.example.org"})
plain = client.get("/en/")
print(plain.status_code, plain["Location"])
print(client.get("/health/live/", secure=True)["Strict-Transport-Security"])
foreign = Client(headers={"host": "elsewhere.example"}).get("/en/")
policy = foreign["Content-Security-Policy"]
print(foreign.status_code, "default-src 'self'" in policy, foreign["X-Frame-Options"])
"""


def run_production(monkeypatch, *arguments):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "integration_portal.settings")
    monkeypatch.setenv("SITE_URL", "https://portal.example.org")
    monkeypatch.setenv("DEMO", "0")
    monkeypatch.setenv("SECRET_KEY", secrets.token_urlsafe(50))
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://user:password@mail.example.org:587")
    monkeypatch.setenv("MAIL_FROM", "Portal <portal@example.org>")
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)  # set for the browser's sake
    return subprocess.run(
        [sys.executable, "-W", "ignore", *arguments], capture_output=True, text=True, cwd=demo.ROOT
    )


def test_over_https_everything_else_is_sent_there_and_stays_there(monkeypatch):
    result = run_production(monkeypatch, "-c", OVER_HTTPS)

    assert result.stdout.splitlines() == [
        "301 https://portal.example.org/en/",
        "max-age=31536000; includeSubDomains; preload",
        "400 True DENY",
    ]


def test_the_deployment_checks_have_nothing_to_say(monkeypatch):
    result = run_production(
        monkeypatch, "manage.py", "check", "--deploy", "--fail-level", "WARNING"
    )

    assert result.stderr == ""
    assert result.returncode == 0
