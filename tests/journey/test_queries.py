"""Home, path and thread ask the database at most 20 times, for three rows as for one."""

import pytest

from tests.factories import (
    ApplicationFactory,
    AssessmentFactory,
    AssignmentFactory,
    MembershipFactory,
    ParticipationFactory,
)
from tests.strategies.factories import (
    MeasureFactory,
    ObjectiveFactory,
    RecommendationFactory,
    StrategyFactory,
)
from tests.visits.factories import FindingFactory, VisitFactory
from tests.workinggroups.factories import WorkingGroupFactory

MOST = 20


def furnish(town):
    """One of everything that stands on a municipality's path."""
    participation = ParticipationFactory(municipality=town)
    ApplicationFactory(municipality=town, submitted=True)
    WorkingGroupFactory(participation=participation)
    assessment = AssessmentFactory(participation=participation, state="submitted")
    recommendation = RecommendationFactory(assessment=assessment)
    visit = VisitFactory(participation=participation)
    FindingFactory(visit=visit, state="shared", questions=recommendation.questions)
    objective = ObjectiveFactory(strategy=StrategyFactory(participation=participation))
    measure = MeasureFactory(objective=objective)
    measure.answered.create(recommendation=recommendation, by=recommendation.started_by)
    return recommendation


@pytest.mark.parametrize("name", ["coordinator", "member", "expert", "lead"])
def test_home_costs_the_same_for_one_town_and_for_three(count, person, town, name):
    user = person(name)
    furnish(town)
    one = count(user, "journey:home")
    for _ in range(2):
        hat = AssignmentFactory if name == "expert" else MembershipFactory
        furnish((hat() if name == "lead" else hat(user=user)).municipality)

    assert count(user, "journey:home") == one <= MOST


def test_a_path_costs_the_same_for_one_of_each_and_for_three(count, coordinator, town):
    furnish(town)
    one = count(coordinator, "journey:path", town.pk)
    furnish(town)
    furnish(town)

    assert count(coordinator, "journey:path", town.pk) == one <= MOST


def test_a_thread_costs_the_same_for_one_knot_and_for_three(count, coordinator, town):
    row = furnish(town)
    assessment = row.assessment
    finding = assessment.participation.visits.get().findings.get()
    code = row.questions[0]
    addresses = [
        ("journey:question_thread", assessment.pk, code),
        ("journey:recommendation_thread", row.pk),
        ("journey:finding_thread", finding.pk),
    ]
    objective = ObjectiveFactory(strategy=assessment.participation.strategies.get())

    def add():
        FindingFactory(visit=finding.visit, state="shared", questions=[code])
        more = RecommendationFactory(assessment=assessment)
        for answered in (row, more):
            measure = MeasureFactory(objective=objective)
            measure.answered.create(recommendation=answered, by=row.started_by)

    one = [count(coordinator, *address) for address in addresses]
    add()
    add()

    assert [count(coordinator, *address) for address in addresses] == one
    assert max(one) <= MOST
