"""Each page of visits and recommendations asks at most 20 times, for three rows as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import MembershipFactory, ParticipationFactory
from tests.indexanalysis.factories import RecommendationFactory
from tests.visits.factories import (
    FindingFactory,
    ItemFactory,
    NoteFactory,
    ObservationFactory,
    PersonMetFactory,
    VisitFactory,
)

MOST = 20


@pytest.fixture
def count(client):
    def queries(user, route, *args):
        client.force_login(user)
        with CaptureQueriesContext(connection) as caught:
            page = client.get(reverse(route, args=args))
        assert page.status_code == 200
        return len(caught)

    return queries


def same(count, add, user, *routes):
    """For one row as for three, and few."""
    add()
    for route in routes:
        count(user, *route)  # what Django remembers of its content types is asked for once
    one = [count(user, *route) for route in routes]
    add()
    add()

    assert [count(user, *route) for route in routes] == one
    assert max(one) <= MOST


def test_a_visit_with_all_that_is_in_it(count, reporting, expert, coordinator):
    def add():
        item = ItemFactory(visit=reporting)
        PersonMetFactory(visit=reporting)
        NoteFactory(visit=reporting, item=item, state="shared")
        FindingFactory(visit=reporting, state="shared")

    routes = [(f"visits:{name}", reporting.pk) for name in ("detail", "programme", "people")]
    same(count, add, coordinator, *routes)
    own = [(f"visits:{name}", reporting.pk) for name in ("report", "edit", "note_new")]
    same(count, add, expert, *routes, *own, ("visits:finding_new", reporting.pk))


def test_the_list_of_visits(count, coordinator, expert, lead):
    def add():
        town = MembershipFactory(user=coordinator).municipality
        VisitFactory(participation=ParticipationFactory(municipality=town), experts=[expert])

    same(count, add, coordinator, ("visits:list",))
    same(count, add, lead, ("visits:list",))


def test_the_recommendations_and_their_follow_up(count, issued, expert, coordinator):
    assessment = issued.assessment

    def add():
        rows = [RecommendationFactory(assessment=assessment)]
        number = assessment.recommendations.count()
        rows += [RecommendationFactory(assessment=assessment, issued=True, number=number)]
        for side in ("expert", "municipality"):
            ObservationFactory(recommendation=rows[1], side=side)

    routes = [
        ("indexanalysis:recommendations", assessment.pk),
        ("indexanalysis:report", assessment.pk),
        ("indexanalysis:about", assessment.pk, "COM-01"),
        ("visits:follow_up", assessment.participation_id),
    ]
    same(count, add, coordinator, *routes)
    pages = ("recommendation_sections", "recommendation_issue_all")
    same(count, add, expert, *routes, *((f"indexanalysis:{name}", assessment.pk) for name in pages))


def test_the_pages_of_one_row(count, recommended, note, found, item, final, expert, coordinator):
    pages = [
        ("indexanalysis:recommendation", recommended),
        ("indexanalysis:recommendation_edit", recommended),
        ("indexanalysis:recommendation_basis", recommended),
        ("visits:note", note),
        ("visits:note_edit", note),
        ("visits:report", final),
        ("visits:files", final),
    ]

    assert max(count(expert, route, row.pk) for route, row in pages) <= MOST
