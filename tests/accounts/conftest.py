import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from notifications.models import Mail
from tests.factories import UserFactory

PASSWORD = "lumi tulee ja sataa"


@pytest.fixture
def invited(db):
    """Make the person that an invitation is for, with a confirmed address."""

    def make(invitation, *, verified=True, **fields):
        user = UserFactory(email=invitation.email, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
        TOTP.activate(user, generate_totp_secret())  # or a new coordinator sees nothing else
        return user

    return make


class SignsIn:
    """A person with a password and a proved address, as the sign-in pages know them."""

    def __init__(self, user, secret=""):
        self.user, self.email, self.secret = user, user.email, secret
        user.set_password(PASSWORD)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    def give_password(self, client, password=PASSWORD, **more):
        return client.post(
            reverse("account_login"), {"login": self.email, "password": password} | more
        )

    def give_code(self, client, code=None, **more):
        return client.post(reverse("mfa_authenticate"), {"code": code or self.code()} | more)

    def code(self, steps=0):
        """The code of the app: of now, or of so many half minutes later."""
        counter = int(time.time()) // 30 + steps
        return format_hotp_value(hotp_value(self.secret, counter))

    def prove(self, client):
        """Give the password again, as the pages about signing in ask."""
        return client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.fixture
def signs_in(person):
    """Make a person of the cast who can really sign in; with an app unless the test wants none."""

    def make(name, *, mfa=True):
        user, secret = person(name, mfa=False), ""
        if mfa:
            secret = generate_totp_secret()
            TOTP.activate(user, secret)
            RecoveryCodes.activate(user)
        return SignsIn(user, secret)

    return make


@pytest.fixture
def open_link(client):
    """Open the mail's link, signed in as `user` unless there is none; return the page."""

    def get(user, token):
        if user:
            client.force_login(user)
        return client.get(reverse("accounts:invitation_open", args=[token]), follow=True)

    return get


@pytest.fixture
def at_once():
    """Run all acts in threads that start together; return what each returned or raised."""

    def run(acts):
        barrier = threading.Barrier(len(acts))
        outcomes = [None] * len(acts)

        def one(number, act):
            barrier.wait(60)
            try:
                outcomes[number] = act()
            except Exception as error:
                outcomes[number] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        return outcomes

    return run


def is_in(client):
    return "_auth_user_id" in client.session


def actions(**those):
    return list(AuditEntry.objects.filter(**those).order_by("pk").values_list("action", flat=True))


def newest_mail(to):
    return Mail.objects.filter(to=to).order_by("pk").last()


def code_in(mail):
    """The code that stands on a line of its own."""
    return re.search(r"^([A-Z0-9][A-Z0-9-]{4,})$", mail.text, re.MULTILINE).group(1)


def in_parallel(count, act, threads=20):
    """Do `act(number)` in parallel, each with a database connection of its own."""

    def alone(number):
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(alone, range(count)))


def same_session(client):
    """Another browser tab, so to say: a client with the same cookies."""
    twin = Client()
    twin.cookies.update(client.cookies)
    return twin
