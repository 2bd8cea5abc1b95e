"""Findings, and the follow-up of the recommendations."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.workflow import Refused
from tests.indexanalysis.factories import RecommendationFactory
from tests.visits.factories import FindingFactory, ObservationFactory
from visits.models import Finding
from visits.workflow import findings as workflow

BASIS = {"kind": "gap", "section": "education", "language": "en"}


def test_an_expert_begins_a_finding_once(planned, expert):
    first, _created = workflow.start(planned, BASIS, by=expert)

    second, created = workflow.start(planned, BASIS, by=expert)

    assert (second, created) == (first, False)


def test_nobody_else_begins_one_and_nobody_after_the_report(planned, coordinator, lead, expert):
    for other in (coordinator, lead):
        with pytest.raises(PermissionDenied):
            workflow.start(planned, BASIS, by=other)
    type(planned).objects.update(state="final")
    with pytest.raises(PermissionDenied):
        workflow.start(planned, BASIS, by=expert)


def test_the_municipality_sees_a_finding_when_it_is_shared(client, found, expert, coordinator):
    client.force_login(coordinator)
    before = client.get(found.visit.get_absolute_url()).text
    hidden = client.get(found.get_absolute_url()).status_code

    workflow.share(found, by=expert)

    assert "CANARY-finding" not in before
    assert hidden == 404
    assert "CANARY-finding" in client.get(found.visit.get_absolute_url()).text
    assert "CANARY-found" in client.get(found.get_absolute_url()).text
    assert workflow.share(found, by=expert)[1] is None


@pytest.mark.parametrize("missing", ["title", "text"])
def test_without_words_it_is_not_shared(client, planned, expert, missing):
    finding = FindingFactory(visit=planned, **{missing: ""})

    with pytest.raises(Refused, match="needs a title and a text"):
        workflow.share(finding, by=expert)
    client.force_login(expert)
    client.post(reverse("visits:finding_share", args=[finding.pk]))

    assert not Finding.objects.get().is_shared


def test_a_shared_finding_stands(shared_finding, expert):
    with pytest.raises(PermissionDenied):
        workflow.discard(shared_finding, by=expert)


def test_a_draft_is_deleted(found, expert):
    workflow.discard(found, by=expert)

    assert not Finding.objects.exists()


# Follow-up


def follow_up(client, user, participation):
    client.force_login(user)
    return client.get(reverse("visits:follow_up", args=[participation.pk])).text


def test_both_views_stand_side_by_side_with_the_next_date(client, issued, expert, member):
    today = timezone.localdate()
    mine = {"day": today, "text": "CANARY-mine", "next_on": today + timedelta(days=30)}
    workflow.observe(issued, mine, by=expert, key="1")
    workflow.observe(issued, mine | {"text": "CANARY-theirs"}, by=member, key="2")

    page = follow_up(client, member, issued.assessment.participation)

    experts, municipality = page.split("The municipality sees")
    assert "CANARY-mine" in experts
    assert "CANARY-theirs" in municipality
    assert "Looked at again on" in page


def test_a_date_that_has_come_is_marked_in_words(client, issued, member):
    past = timezone.localdate() - timedelta(days=10)
    ObservationFactory(recommendation=issued, day=past, next_on=past + timedelta(days=5))

    assert "The day has come" in follow_up(client, member, issued.assessment.participation)


def test_only_what_is_issued_is_followed(client, recommended, expert):
    page = follow_up(client, expert, recommended.assessment.participation)

    assert "There is nothing to follow up yet" in page
    with pytest.raises(PermissionDenied):
        workflow.observe(recommended, {"text": "x"}, by=expert, key="k")


def test_who_only_reads_adds_nothing(client, issued, person):
    for name in ("reader", "lead", "reviewer"):
        with pytest.raises(PermissionDenied):
            workflow.observe(issued, {"text": "x"}, by=person(name), key="k")
    page = follow_up(client, person("reader"), issued.assessment.participation)
    assert "Add an observation" not in page


def test_another_projects_recommendations_are_not_in_it(client, participation, expert, town):
    other = RecommendationFactory(issued=True, assessment__participation__municipality=town)

    page = follow_up(client, expert, participation)

    assert other.title not in page
