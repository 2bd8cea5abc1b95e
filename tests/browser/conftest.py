import email
import os
import re
import shutil
import subprocess
import sys
import time
from email import policy
from pathlib import Path
from urllib.parse import urljoin

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from journey.seed import seed
from tests.kept import keep, put_back

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MAILS = Path(django_settings.DATA_DIR) / f"mails{os.environ.get('PYTEST_XDIST_WORKER', '')}"
PASSWORD = "lumi tulee ja sataa"


def pytest_collection_modifyitems(items):
    """Two processes share them: each seeds the demo once, and has a browser and a worker."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            half = "looks" if item.path.stem == "test_pages" else "acts"
            item.add_marker(pytest.mark.xdist_group(f"browser-{half}"))


@pytest.fixture(scope="session")
def browser_type_launch_args():
    # Without a window it draws nothing but what is asked for, in half the time.
    browser = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return {"executable_path": browser, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args():
    return {"viewport": WIDE, "locale": "en-GB", "timezone_id": "Europe/Helsinki"}


@pytest.fixture(autouse=True)
def own_folder(settings):
    """The worker's process stores the files, so they lie where it looks for them."""
    settings.MEDIA_ROOT = settings.DATA_DIR / "files"


@pytest.fixture
def site(live_server, settings):
    """The portal's address; mails name it too."""
    settings.SITE_URL = live_server.url
    return lambda route, *args, language="en": live_server.url + path(route, args, language)


def path(route, args, language):
    with override(language):
        return reverse(route, args=args)


@pytest.fixture
def worker(own_broker, transactional_db):
    """A real Celery worker on the tests' database, which sends its mails to an empty folder."""
    shutil.rmtree(MAILS, ignore_errors=True)
    name = connections["default"].settings_dict["NAME"]
    address = re.sub(r"/[^/?]+(\?|$)", rf"/{name}\1", os.environ["DATABASE_URL"])
    environment = os.environ | {
        "DATABASE_URL": address,
        "REDIS_URL": django_settings.CELERY_BROKER_URL,
        "EMAIL_URL": f"filemail:///{MAILS}",
    }
    log = (Path(django_settings.DATA_DIR) / "test-worker.log").open("ab")
    command = [sys.executable, "-m", "celery", "-A", "integration_portal", "worker"]
    process = subprocess.Popen(
        [*command, "-c", "1", "-l", "WARNING"], env=environment, stdout=log, stderr=log
    )
    yield process
    process.terminate()
    process.wait(20)
    log.close()


@pytest.fixture
def register(transactional_db):
    call_command("load_municipalities", verbosity=0)
    call_command("load_first_call", verbosity=0)


KEPT = []  # the demo's rows


@pytest.fixture
def demo(transactional_db):
    """The demo, seeded once; each test finds its rows again as they were."""
    if KEPT:
        put_back(*KEPT)
    else:
        call_command("load_municipalities", verbosity=0)
        call_command("load_first_call", verbosity=0)
        seed()
        KEPT.append(keep())


@pytest.fixture
def visit(site, browser, browser_context_args, demo):
    """Open a page as a person of the demo, or as nobody; each person has one browser."""
    contexts = {}

    def as_person(name, view):
        key = name, str(view)
        if key not in contexts:
            contexts[key] = browser.new_context(**browser_context_args | {"viewport": view})
            if name:
                contexts[key].add_cookies([session_of(name, site("journey:start"))])
        return contexts[key].new_page()

    yield as_person
    for context in contexts.values():
        context.close()


def session_of(name, url):
    """The cookie of a signed-in person for every address of the site that `url` is of."""
    client = Client()
    client.force_login(User.objects.get(email__startswith=name))
    value = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    # The site's root: a cookie set for /en/ would leave the other languages signed out.
    return {"name": django_settings.SESSION_COOKIE_NAME, "value": value, "url": urljoin(url, "/")}


def code_of(user):
    """The one-time code of now, as the person's app would show it."""
    secret = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data["secret"]
    return code_for(decrypt(secret))


def code_for(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def staff(transactional_db):
    """Make a signed-up member of the staff, with password and second factor."""

    def make(name, group):
        user = User.objects.create_user(f"{name}@staff.example", PASSWORD, name=name, is_staff=True)
        user.groups.add(Group.objects.get_or_create(name=group)[0])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        TOTP.activate(user, generate_totp_secret())
        return user

    return make


@pytest.fixture
def window(browser, browser_context_args):
    """A browser of one's own for each person."""
    contexts = []

    def open_page(**changes):
        contexts.append(browser.new_context(**browser_context_args | changes))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


def mail_to(address, word):
    """The newest mail to `address` whose subject holds `word`, once the worker has sent it."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for file in sorted(MAILS.glob("*.eml"), key=lambda f: f.stat().st_mtime, reverse=True):
            message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
            if message["To"] == address and word in message["Subject"]:
                return message.get_content()
        time.sleep(0.2)
    raise AssertionError(f"no mail to {address} about {word}")


def sign_in(page, site, user, *, language="en", password=PASSWORD):
    """Through the form, with the one-time code where the person has a second factor."""
    page.goto(site("account_login", language=language))
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        page.locator("input[name=code]").fill(code_of(user))
        page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/(home|staff)/|accounts/2fa/$"))


def faults(page):
    """axe's violations on the page as it stands, as readable lines."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{page.url} {fault['id']}: {node['html'][:160]}"
        for fault in found
        for node in fault["nodes"]
    ]
