import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from journey.routes import RIGHTS
from tests.matrix.test_permissions import routes as named_routes
from tests.rights import text


@pytest.fixture(scope="module")
def listed():
    out = StringIO()
    call_command("list_routes", "--json", stdout=out)
    return {route["name"]: route for route in json.loads(out.getvalue())}


def test_the_rights_say_what_the_matrix_says():
    assert RIGHTS.read_text() == text(), "The matrix has changed: run `make rights`."


def test_every_address_is_listed(listed):
    assert with_name(listed) == with_name(named_routes(get_resolver().url_patterns))


def with_name(routes):
    """Without former addresses of packages' pages, which only lead to the present ones."""
    return {name for name in routes if not name.endswith("None")}


def test_every_address_of_ours_tells_who_may_open_it(listed):
    ours = {name for name in listed if name.split(":")[0] in OURS}

    assert {name for name in ours if not listed[name]["rights"]} == set()


OURS = {
    "accounts", "applications", "indexanalysis", "journey", "municipalities", "strategies",
    "visits", "workinggroups",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "methods"),
    [
        ("applications:move", ["POST"]),
        ("applications:detail", ["GET", "HEAD"]),
        ("account_login", ["GET", "POST", "PUT", "OPTIONS", "HEAD"]),
        ("admin:index", None),
    ],
)
def test_the_methods_are_those_that_the_view_declares(listed, name, methods):
    assert listed[name]["methods"] == methods


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_a_method_that_is_not_listed_is_refused(client, member, draft, listed, method):
    client.force_login(member)

    response = getattr(client, method)(f"/en/applications/{draft.pk}/move/submitted/")

    assert listed["applications:move"]["methods"] == ["POST"]
    assert response.status_code == 405


def test_what_needs_no_sign_in_is_marked(listed):
    assert not listed["applications:calls"]["needs_sign_in"]
    assert listed["applications:list"]["needs_sign_in"]


def test_the_pattern_is_the_whole_address(listed):
    assert listed["indexanalysis:detail"]["pattern"] == "/<language>/assessments/<int:pk>/"


def test_the_short_list_names_who_may(listed):
    out = StringIO()
    call_command("list_routes", stdout=out)

    assert "    POST draft: coordinator\n" in out.getvalue()
