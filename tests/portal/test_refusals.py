"""Settings that are refused: thirty of them by the rules alone, a few by real processes."""

import json
import os
import subprocess
import sys
from types import MappingProxyType

import pytest
from django.conf import settings as present

from integration_portal import refusals

STRONG = "8sLk2-vQ0fHt7Zp_wXnYr4JdBm6CgAe1TuOiE9hKq5RjVxWs3-aZ7pQ"  # of nothing
PROVIDER = MappingProxyType(
    {
        "id": "oulu",
        "name": "City of Oulu",
        "server_url": "https://id.oulu.example",
        "client_id": "portal",
        "secret": "a secret",
        "domains": ["oulu.fi"],
    }
)
GOOD = MappingProxyType(
    {name: getattr(present, name) for name in dir(present) if name.isupper()}
    | {
        "SITE_URL": "https://portal.example.org",
        "HTTPS": True,
        "ALLOWED_HOSTS": ["portal.example.org"],
        "DEBUG": False,
        "DEMO": False,
        "SECRET_KEY": STRONG,
        "SECRET_KEY_FALLBACKS": [],
        "CELERY_BROKER_URL": "rediss://:word@broker:6379/0",
        "CACHES": {"default": {"BACKEND": "x.DatabaseCache", "LOCATION": "cache"}},
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_USE_TLS": True,
        "DEFAULT_FROM_EMAIL": "Portal <portal@example.org>",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
        "WEB_WORKERS": 2,
        "OIDC_PROVIDERS": [dict(PROVIDER)],
    }
)


def cache(backend, location=""):
    return {"CACHES": {"default": {"BACKEND": backend, "LOCATION": location}}}


def provider(**changes):
    return {"OIDC_PROVIDERS": [PROVIDER | changes]}


def policy(**changes):
    return {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["'self'"]} | changes}}


BAD = [
    ({"DEBUG": True}, "DEBUG is off"),
    ({"DEMO": True}, "DEMO is off"),
    ({"ALLOWED_HOSTS": ["*"]}, "allowed host"),
    ({"ALLOWED_HOSTS": [".example.org"]}, "allowed host"),
    ({"ALLOWED_HOSTS": [None]}, "allowed host"),
    ({"SITE_URL": "portal.example.org"}, "SITE_URL is an address"),
    ({"SITE_URL": "https://portal.example.org/app"}, "SITE_URL is an address"),
    ({"SITE_URL": "http://portal.example.org", "HTTPS": False}, "SITE_URL begins with https"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is random"),
    ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is random"),
    ({"SECRET_KEY": "django-insecure-" + STRONG}, "SECRET_KEY is random"),
    ({"SECRET_KEY_FALLBACKS": ["old"]}, "SECRET_KEY_FALLBACKS"),
    ({"SECRET_KEY_FALLBACKS": [STRONG]}, "SECRET_KEY_FALLBACKS"),
    ({"CELERY_BROKER_URL": "redis://broker:6379/0"}, "A broker on another machine"),
    ({"CELERY_BROKER_URL": "redis://192.0.2.1/0"}, "A broker on another machine"),
    ({"CELERY_ACCEPT_CONTENT": ["json", "pickle"]}, "Celery takes JSON only"),
    ({"CELERY_TASK_SERIALIZER": "pickle"}, "Celery takes JSON only"),
    (cache("django.core.cache.backends.locmem.LocMemCache"), "WEB_WORKERS=1"),
    (cache("django.core.cache.backends.dummy.DummyCache"), "WEB_WORKERS=1"),
    (cache("x.RedisCache", "redis://cache:6379/1"), "A cache on another machine"),
    ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, "Mails are sent"),
    ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "Mails are sent"),
    ({"EMAIL_USE_TLS": False}, "with TLS"),
    ({"DEFAULT_FROM_EMAIL": "portal@localhost"}, "MAIL_FROM"),
    ({"SESSION_COOKIE_SECURE": False}, "Cookies travel"),
    ({"CSRF_COOKIE_NAME": "csrf"}, "__Host-"),
    ({"SECURE_HSTS_SECONDS": 3600}, "at least a year"),
    ({"SECURE_SSL_REDIRECT": False}, "at least a year"),
    (policy(**{"script-src": ["'self'", "'unsafe-inline'"]}), "content policy"),
    (policy(**{"default-src": ["*"]}), "content policy"),
    ({"PASSWORD_HASHERS": ["x.MD5PasswordHasher"]}, "slow hash"),
    ({"MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": True}, "A passkey"),
    ({"MFA_TOTP_INSECURE_BYPASS_CODE": "000000"}, "open every account"),
    ({"MEDIA_ROOT": present.STATIC_ROOT / "files"}, "outside of what is served"),
    ({"AUDIT_KEEP_DAYS": 30}, "two years"),
    ({"LIMITS": {"password": "0/5"}}, "LIMITS"),
    ({"LIMITS": {"password": "many"}}, "LIMITS"),
    ({"ALLAUTH_TRUSTED_PROXY_COUNT": -1}, "TRUSTED_PROXIES"),
    ({"SWEEP_SECONDS": 0}, "SWEEP_SECONDS"),
    ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, "PostgreSQL"),
    (provider(secret=""), "secret missing"),
    (provider(domains=[]), "domains missing"),
    (provider(domains=["gmail.com"]), "the municipality's own"),
    (provider(domains=["*.fi"]), "the municipality's own"),
    (provider(server_url="http://id.oulu.example"), "begins with https"),
    ({"OIDC_PROVIDERS": [dict(PROVIDER), dict(PROVIDER)]}, "an id of its own"),
]


def test_good_settings_are_accepted():
    assert refusals.faults(GOOD) == []


def test_there_are_at_least_thirty_bad_ones():
    assert len(BAD) >= 30


@pytest.mark.parametrize(("change", "words"), BAD)
def test_bad_settings_are_refused_with_a_sentence(change, words):
    found = refusals.faults(GOOD | change)

    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_an_open_broker_on_this_machine_is_accepted(host):
    assert refusals.faults(GOOD | {"CELERY_BROKER_URL": f"redis://{host}:6379/0"}) == []


PRODUCTION = {
    "SECRET_KEY": STRONG,
    "DATABASE_URL": "postgres:///unused",
    "SITE_URL": "https://portal.example.org",
    "EMAIL_URL": "smtp+tls://user:word@mail.example.org:587",
    "MAIL_FROM": "portal@example.org",
    "REDIS_URL": "redis://:word@broker:6379/0",
    "PATH": os.environ["PATH"],
}


def start(command, **changes):
    return subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        env=PRODUCTION | changes,
        cwd=present.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_process_with_good_settings_starts():
    assert start(["manage.py", "check"]).returncode == 0


@pytest.mark.parametrize(
    ("command", "changes", "words"),
    [
        (["manage.py", "check"], {"DEMO": "1"}, "DEMO is off"),
        (["manage.py", "migrate"], {"REDIS_URL": "redis://broker/0"}, "A broker on another"),
        (["-m", "celery", "-A", "integration_portal", "report"], {"DEBUG": "1"}, "DEBUG is off"),
        (["-c", "import integration_portal.wsgi"], {"SECRET_KEY": "short"}, "SECRET_KEY is"),
    ],
)
def test_no_process_starts_with_bad_settings(command, changes, words):
    result = start(command, **changes)

    assert result.returncode != 0
    assert words in result.stderr
    assert STRONG not in result.stderr


LOADED = (
    "import integration_portal.wsgi, sys;"
    "print([m for m in ('allauth.socialaccount.models', 'accounts.providers', 'requests', 'jwt')"
    " if m in sys.modules])"
)


def test_nothing_of_other_sign_in_services_is_loaded_unless_one_is_named():
    without = start(["-c", LOADED])
    named = start(["-c", LOADED], OIDC_PROVIDERS=json.dumps([dict(PROVIDER)]))

    assert without.stdout.strip() == "[]"
    assert "allauth.socialaccount.models" in named.stdout
