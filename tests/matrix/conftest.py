"""The cast stands once for each file here: a row of the matrix asks sixteen persons anew."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.test import override_settings

from accounts.models import User
from municipalities.models import Municipality
from tests.conftest import CAST, QUICK, new
from tests.factories import MunicipalityFactory


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    """The keys of two municipalities and of the cast; each test's transaction lies in this one."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(PASSWORD_HASHERS=QUICK),
    ):
        town = MunicipalityFactory(name_fi="Omala", name_sv="Hemby", name_en="Omala")
        other = MunicipalityFactory(name_fi="Muuala", name_sv="Borta", name_en="Muuala")
        cast = {name: new(name, town, other) for name in CAST[1:]}
        for user in cast.values():
            TOTP.activate(user, generate_totp_secret())
        yield {"town": town.pk, "other": other.pk} | {name: user.pk for name, user in cast.items()}
        transaction.set_rollback(True)


@pytest.fixture
def town(standing, db):
    return Municipality.objects.get(pk=standing["town"])


@pytest.fixture
def other_town(standing, db):
    return Municipality.objects.get(pk=standing["other"])


@pytest.fixture
def person(standing, db):
    """As in the other tests; what one test does to a person is undone before the next."""
    found = {}

    def find(name, *, mfa=True):
        if name not in found:
            found[name] = User.objects.get(pk=standing[name])
            if not mfa:
                Authenticator.objects.filter(user=found[name]).delete()
        return found[name]

    return find
