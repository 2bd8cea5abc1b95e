"""Where a municipality stands on its path, and what its people are led to next."""

import pytest
from django.urls import reverse

from indexanalysis.workflow.recommendations import respond
from tests.factories import RoundFactory
from tests.workinggroups.factories import WorkingGroupFactory


@pytest.fixture
def path(client):
    """The steps as a person sees them: (label, state)."""

    def get(user, town):
        client.force_login(user)
        page = client.get(reverse("journey:path", args=[town.pk]))
        return {str(step.label): step.state for step in page.context["steps"]}

    return get


@pytest.fixture
def home(client):
    def get(user):
        client.force_login(user)
        return client.get(reverse("journey:home")).text

    return get


@pytest.fixture
def accept(coordinator):
    """Have a recommendation taken up."""
    return lambda row: respond(row, "accepted", "", by=coordinator)


def test_a_newcomer_stands_at_the_beginning(path, coordinator, town):
    steps = path(coordinator, town)

    assert list(steps.values()) == ["current", *["open"] * 7]


def test_who_takes_part_is_to_found_the_working_group(path, coordinator, participation):
    steps = path(coordinator, participation.municipality)

    assert steps["Be selected"] == "done"
    assert steps["Found the working group"] == "current"


def test_a_step_that_was_passed_over_is_the_one_to_do(path, coordinator, handed_in):
    steps = path(coordinator, handed_in.municipality)

    assert steps["Answer the index"] == "done"
    assert steps["Found the working group"] == "current"
    assert steps["Report and recommendations"] == "open"


def test_recommendations_are_done_when_each_has_its_answer(path, coordinator, issued, accept):
    before = path(coordinator, issued.municipality)

    accept(issued)
    after = path(coordinator, issued.municipality)

    assert before["Report and recommendations"] == "open"
    assert after["Report and recommendations"] == "done"


def test_a_visit_counts_once_it_was_held(path, coordinator, held):
    assert path(coordinator, held.municipality)["Expert visit"] == "done"


def test_a_coming_visit_is_not_done(path, coordinator, coming):
    assert path(coordinator, coming.municipality)["Expert visit"] == "open"


def test_an_adopted_strategy_leaves_the_follow_up(path, coordinator, adopted):
    steps = path(coordinator, adopted.municipality)

    assert steps["Draft the strategy"] == "done"
    assert steps["Follow up"] == "open"


def test_the_line_of_other_pages_is_the_same_path_without_a_page_around_it(client, coordinator):
    town = coordinator.memberships.get().municipality
    client.force_login(coordinator)

    line = client.get(reverse("journey:path", args=[town.pk]), headers={"hx-request": "true"})

    assert "<html" not in line.text
    assert 'class="path"' in line.text


def test_a_coordinator_is_led_to_found_the_group(home, coordinator, participation):
    address = reverse("workinggroups:found", args=[participation.pk, "working-group"])

    assert address in home(coordinator)


def test_a_founded_group_leads_on_to_the_questionnaire(home, coordinator, participation):
    WorkingGroupFactory(participation=participation)
    RoundFactory(project=participation.project)

    assert reverse("indexanalysis:start", args=[participation.pk]) in home(coordinator)


@pytest.fixture
def founded(participation):
    return WorkingGroupFactory(participation=participation)


def test_waiting_recommendations_are_to_be_answered(home, coordinator, founded, issued):
    page = home(coordinator)

    assert "Say which of them you take up" in page
    assert reverse("indexanalysis:recommendations", args=[issued.assessment_id]) in page


def test_a_member_reads_the_report_meanwhile(home, member, founded, issued):
    assert reverse("indexanalysis:report", args=[issued.assessment_id]) in home(member)


def test_what_is_taken_up_leads_to_the_strategy(home, coordinator, founded, accepted):
    participation = accepted.assessment.participation_id

    assert reverse("strategies:found", args=[participation]) in home(coordinator)


def test_after_the_visit_an_expert_is_led_to_the_follow_up(home, expert, issued, final):
    assert reverse("visits:follow_up", args=[final.participation_id]) in home(expert)


def test_an_expert_is_led_to_the_visit(home, expert, coming):
    page = home(expert)

    assert "Your visit begins on" in page
    assert coming.get_absolute_url() in page
