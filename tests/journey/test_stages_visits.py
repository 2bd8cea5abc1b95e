"""The demo's recommendations and visits, in both languages of the demo's municipalities."""

import pytest

from journey.stages.visits import People, follow_up, recommend, visit
from visits.models import Finding, Note, Observation, Visit


@pytest.fixture
def people(lead, expert, coordinator, member):
    return People(lead, expert, coordinator, member)


@pytest.fixture
def long_project(participation):
    """The demo's project began long ago."""
    type(participation.project).objects.update(starts_on="2020-01-01")
    return participation


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_a_municipality_is_brought_through_recommendations_visit_and_follow_up(
    handed_in, long_project, people, language
):
    rows = recommend(handed_in, people, language)
    row = visit(long_project, people, language)
    follow_up(rows, people, language)

    states = [r.state for r in rows]
    assert states == ["in_progress", "accepted", "not_taken_up", "issued"]
    assert all(r.is_in(code) for r in rows for code in ("en", "fi", "sv"))
    assert (row.state, row.reports.count()) == ("final", 3)
    assert set(Note.objects.values_list("state", flat=True)) == {"confidential", "shared"}
    assert Finding.objects.shared().count() == 3
    assert Observation.objects.count() == 3


@pytest.mark.parametrize("upto", Visit.State.values)
def test_a_visit_stops_where_it_is_told(long_project, people, upto):
    assert visit(long_project, people, "fi", upto=upto).state == upto
