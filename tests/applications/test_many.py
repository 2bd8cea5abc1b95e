"""What staff look at costs as many queries for every municipality of Finland as for seven."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application, Declaration, Mark, Review
from municipalities.models import Municipality
from tests.factories import MunicipalityFactory, RegionFactory, UserFactory

FEW, ALL = 7, 308
APPLICATIONS = "admin:applications_application"

# Route, its arguments by name, and how many queries its page may cost.
PAGES = {
    "list": (f"{APPLICATIONS}_changelist", (), 10),
    "one application": (f"{APPLICATIONS}_change", ("application",), 15),
    "board": ("admin:applications_call_selection", ("call",), 12),
    "statistics": (f"{APPLICATIONS}_statistics", (), 8),
    "workbook": (f"{APPLICATIONS}_export", ("workbook",), 8),
    "json": (f"{APPLICATIONS}_export", ("json",), 8),
    "applications as CSV": (f"{APPLICATIONS}_export", ("applications",), 8),
    "marks as CSV": (f"{APPLICATIONS}_export", ("marks",), 8),
    "reviews as CSV": (f"{APPLICATIONS}_export", ("reviews",), 8),
}
OF_REVIEWER = {"queue": (f"{APPLICATIONS}_queue", (), 8)}


@pytest.fixture
def reviewers(reviewer):
    return [reviewer, *UserFactory.create_batch(2)]


@pytest.fixture
def receive(closed_call, criteria, lead, reviewers):
    """receive(n): the call has n more applications, each with three reviews by every criterion."""
    region = RegionFactory()

    def more(count):
        known = Municipality.objects.count()
        towns = Municipality.objects.bulk_create(
            MunicipalityFactory.build(code=f"D{number:04}", is_demo=True, region=region)
            for number in range(known, known + count)
        )
        applications = Application.objects.bulk_create(
            Application(
                call=closed_call,
                municipality=town,
                state="in_review",
                submitted_at=closed_call.closes_at,
            )
            for town in towns
        )
        declare(applications, [lead, *reviewers])
        judge(applications, reviewers, criteria)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # what autovacuum does soon after; a test is over by then
        return applications

    return more


def declare(applications, people):
    Declaration.objects.bulk_create(
        Declaration(application=application, person=person, has_conflict=False)
        for application in applications
        for person in people
    )


def judge(applications, reviewers, criteria):
    """Three reviews of each; the first reviewer still has every second one to hand in."""
    reviews = Review.objects.bulk_create(
        Review(
            application=application,
            reviewer=person,
            **({} if number % 2 and person == reviewers[0] else handed_in(application, number)),
        )
        for number, application in enumerate(applications)
        for person in reviewers
    )
    Mark.objects.bulk_create(
        Mark(review=review, criterion=criterion, points=3)
        for review in reviews
        for criterion in criteria
    )


def handed_in(application, number):
    return {"score": number % 100, "handed_in_at": application.submitted_at}


@pytest.fixture
def ask(client):
    """ask(person, route, arguments): the statements that the answer took, and its text."""

    def statements(person, route, arguments):
        client.force_login(person)
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(reverse(route, args=arguments))
            content = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code == 200
        return [one["sql"] for one in caught if "SAVEPOINT" not in one["sql"]], content

    return statements


def test_308_applications_cost_as_many_queries_as_seven(
    receive, ask, closed_call, in_review, lead, reviewer
):
    named = {"call": closed_call.pk, "application": None}
    pages = [(lead, *page) for page in PAGES.values()]
    pages += [(reviewer, *page) for page in OF_REVIEWER.values()]

    def costs():
        return [
            len(ask(person, route, [named.get(one, one) for one in arguments])[0])
            for person, route, arguments, _most in pages
        ]

    in_review.delete()  # comes with the criteria, and has no reviews
    named["application"] = receive(FEW)[0].pk
    costs()  # what is kept from the first time on
    few = costs()
    receive(ALL - FEW)

    assert costs() == few
    assert closed_call.applications.count() == ALL
    limits = [most for *_page, most in pages]
    assert all(cost <= most for cost, most in zip(few, limits, strict=True)), (few, limits)


def test_the_board_shows_them_all(receive, ask, closed_call, in_review, lead):
    in_review.delete()
    applications = receive(ALL)

    _statements, page = ask(lead, "admin:applications_call_selection", [closed_call.pk])

    assert all(f"{one.municipality.name_en}<".encode() in page for one in applications)
