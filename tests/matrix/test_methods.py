"""What a route does not offer it refuses: every route, every other method, every kind of person.

`make drills` runs the long ones; a library, and not our code, answers there.
"""

from collections import defaultdict

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.conftest import CAST, enter
from tests.matrix.test_permissions import MATRIX, pk_of, visit

METHODS = {"get", "post", "put", "patch", "delete", "options", "trace"}
DJANGOS = ("_changelist", "_add", "_change", "_history", "_delete")
REFUSED = {302, 403, 404, 405}  # 302: to the sign-in, the second factor or the admin's front page


def address(request, row):
    route, about, args, *_ = row
    pk = [request.getfixturevalue(about).pk] if about else []
    return reverse(route, args=[*pk, *(pk_of(request, value) for value in args)])


def unnamed():
    """(a row of the matrix for its address, the methods that no row of its route names)."""
    methods, rows = defaultdict(set), {}
    for row in MATRIX:
        methods[row[0]].add(row[3])
        rows.setdefault(row[0], row)
        if is_page_of_admin(row):
            methods[row[0]].add("post")  # who meets what with it stands below
    return [(row, sorted(METHODS - methods[route])) for route, row in rows.items()]


def is_page_of_admin(row):
    """One of the five that Django makes for a model; each takes GET and POST."""
    return row[0].startswith("admin:") and row[0].endswith(DJANGOS)


@pytest.fixture
def tries(request, world):
    """(address, route, methods that the matrix does not name) of every route."""
    return [(address(request, row), row[0], methods) for row, methods in unnamed()]


def answered(client, user, tries):
    """(route, method) to the status of each answer that is no refusal."""
    if user:
        enter(client, user)
    met = {
        (route, method): getattr(client, method)(url).status_code
        for url, route, methods in tries
        for method in methods
    }
    return {tried: status for tried, status in met.items() if status not in REFUSED}


def test_a_method_that_the_matrix_does_not_name_is_refused(person, tries):
    """Each route by one of the cast, in turn; `make drills` has all of them at each."""
    open_ = {}
    for turn, name in enumerate(CAST):
        user = None if name == "anonymous" else person(name)
        open_ |= answered(Client(), user, tries[turn :: len(CAST)])

    assert open_ == {}
    assert sum(len(methods) for _url, _route, methods in tries) > 350


@pytest.mark.drill
@pytest.mark.parametrize("name", CAST)
def test_a_method_that_the_matrix_does_not_name_is_refused_to_all(client, person, tries, name):
    assert answered(client, None if name == "anonymous" else person(name), tries) == {}


PAGES = [row for row in MATRIX if is_page_of_admin(row)]
ADDERS = {row[0].removesuffix("add"): row[-1] for row in PAGES if row[0].endswith("_add")}
ONLY_ADDED = {"admin:applications_participation_"}  # what is added is not edited afterwards


def with_post(route, seen):
    """What each person meets who posts to a page of the admin; seen: who meets what there.

    Whoever adds also edits; from all other staff a row takes nothing, whether they see it or not.
    """
    model = route.removesuffix("change")
    if model == route:
        return seen
    edits = {} if model in ONLY_ADDED else ADDERS.get(model, {})
    return {
        name: "forbidden" if met in {"ok", "away"} and edits.get(name) != "ok" else met
        for name, met in seen.items()
    }


@pytest.mark.drill
@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row[0]}-{row[1]}") for row in PAGES])
def test_a_page_of_the_admin_takes_nothing_from_whoever_only_reads(
    client, request, person, world, row
):
    url = address(request, row)

    met = {name: visit(client, person, name, "post", url, {}) for name in CAST}

    assert met == with_post(row[0], row[-1])


POSTS = [row for row in MATRIX if row[3] == "post"]


@pytest.mark.drill
@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row[0]}-{row[1]}") for row in POSTS])
def test_a_post_from_another_site_does_nothing_for_anybody(request, person, world, row):
    url = address(request, row)
    data = {key: pk_of(request, value) for key, value in row[4].items()}
    statuses = set()

    for name in CAST:
        foreign = Client(enforce_csrf_checks=True)
        with transaction.atomic():
            if name != "anonymous":
                enter(foreign, person(name))
            statuses.add(foreign.post(url, data).status_code)
            transaction.set_rollback(True)

    assert statuses == {403}
