from types import SimpleNamespace

import pytest
from django.contrib.admin.sites import AdminSite

from municipalities.admin import MunicipalityAdmin
from municipalities.models import Municipality
from tests.municipalities.factories import named, store


@pytest.fixture
def page():
    return MunicipalityAdmin(Municipality, AdminSite())


def request_of(*, is_staff):
    return SimpleNamespace(user=SimpleNamespace(is_staff=is_staff))


@pytest.mark.parametrize("is_staff", [True, False])
def test_staff_read_the_register_and_nobody_writes_it(page, is_staff):
    request = request_of(is_staff=is_staff)

    assert page.has_module_permission(request) is is_staff
    assert page.has_view_permission(request) is is_staff
    assert page.get_model_perms(request) == {
        "add": False,
        "change": False,
        "delete": False,
        "view": is_staff,
    }


@pytest.mark.django_db
def test_staff_search_as_everybody_does(page):
    store(named("853", "Turku", name_sv="Åbo"), named("231", "Kaskinen"))
    request = request_of(is_staff=True)

    found, _ = page.get_search_results(request, page.get_queryset(request), "abo")

    assert [one.name_fi for one in found] == ["Turku"]
