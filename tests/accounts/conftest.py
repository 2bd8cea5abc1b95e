import threading

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connections
from django.urls import reverse

from tests.factories import UserFactory


@pytest.fixture
def invited(db):
    """Make the person that an invitation is for, with a confirmed address."""

    def make(invitation, *, verified=True, **fields):
        user = UserFactory(email=invitation.email, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
        TOTP.activate(user, generate_totp_secret())  # or a new coordinator sees nothing else
        return user

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
