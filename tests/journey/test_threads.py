"""The golden thread: from a question to a measure, and back, for whoever may see each knot."""

import pytest
from django.urls import reverse

from tests.strategies.factories import MeasureFactory, ObjectiveFactory, StrategyFactory
from tests.visits.factories import FindingFactory, VisitFactory


@pytest.fixture
def thread(client):
    """The knots of a thread as a person sees them, by the title of their strand."""

    def get(user, *address):
        client.force_login(user)
        page = client.get(reverse(*address[:1], args=address[1:]))
        return {str(strand.title): strand.knots for strand in page.context["strands"]}

    return get


@pytest.fixture
def measured(accepted):
    """A measure that answers the recommendation."""
    strategy = StrategyFactory(participation=accepted.assessment.participation)
    measure = MeasureFactory(objective=ObjectiveFactory(strategy=strategy))
    measure.answered.create(recommendation=accepted, by=accepted.started_by)
    return measure


@pytest.fixture
def shared(accepted):
    """A shared finding on the question that the recommendation rests on."""
    visit = VisitFactory(participation=accepted.assessment.participation)
    return FindingFactory(visit=visit, questions=accepted.questions, state="shared")


MEASURES, FINDINGS = "Measures of the strategy", "Findings of the expert visit"


def test_a_question_leads_to_all_that_came_of_it(thread, member, accepted, measured, shared):
    address = ("journey:question_thread", accepted.assessment_id, accepted.questions[0])

    strands = thread(member, *address)

    assert [knot.url for knot in strands["Recommendations"]] == [accepted.get_absolute_url()]
    assert [knot.url for knot in strands[FINDINGS]] == [shared.get_absolute_url()]
    assert [knot.url for knot in strands[MEASURES]] == [measured.get_absolute_url()]


def test_a_recommendation_leads_back_to_its_questions(thread, member, accepted):
    strands = thread(member, "journey:recommendation_thread", accepted.pk)

    code = accepted.questions[0]
    about = reverse("indexanalysis:about", args=[accepted.assessment_id, code])
    assert [knot.url for knot in strands["Questions"]] == [about]
    assert strands[MEASURES] == []


def test_a_finding_leads_to_what_is_recommended(thread, member, accepted, shared):
    strands = thread(member, "journey:finding_thread", shared.pk)

    assert [knot.url for knot in strands["Recommendations"]] == [accepted.get_absolute_url()]


def test_what_a_person_may_not_see_is_no_knot(thread, member, recommended, expert):
    address = ("journey:question_thread", recommended.assessment_id, recommended.questions[0])

    assert thread(member, *address)["Recommendations"] == []
    assert len(thread(expert, *address)["Recommendations"]) == 1


def test_a_removed_measure_is_no_knot(thread, member, accepted, measured):
    measured.removed_at = accepted.issued_at
    measured.save()

    assert thread(member, "journey:recommendation_thread", accepted.pk)[MEASURES] == []


def test_another_question_has_nothing_to_do_with_it(thread, member, accepted, measured, shared):
    strands = thread(member, "journey:question_thread", accepted.assessment_id, "COM-02")

    assert not any(strands.values())


def test_a_code_that_the_edition_does_not_have_is_not_there(client, member, handed_in):
    client.force_login(member)
    address = reverse("journey:question_thread", args=[handed_in.pk, "NO-99"])

    assert client.get(address).status_code == 404
