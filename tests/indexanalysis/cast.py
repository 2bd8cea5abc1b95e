"""Recommendations as the tests meet them."""

import pytest

from drafting.saving import save
from drafting.workflow import Place, say
from indexanalysis.workflow.recommendations import issue, respond
from tests.indexanalysis.factories import RecommendationFactory


@pytest.fixture
def expert(person):
    return person("expert")


@pytest.fixture
def recommended(handed_in, expert):
    """A draft that can be issued."""
    return RecommendationFactory(assessment=handed_in, started_by=expert)


@pytest.fixture
def written_recommendation(recommended, expert):
    return save(recommended, {"text_en": "Now."}, read=0, by=expert).row


@pytest.fixture
def said_of_recommendation(recommended, expert):
    """An expert's comment on the draft's text."""
    place = Place(
        recommended.municipality, "indexanalysis:recommendation_text", recommended.pk, "text_en",
        "Text", "text_en",
    )  # fmt: skip
    return say(recommended, "CANARY-comment", by=expert, place=place, people=[], key="said")[0]


@pytest.fixture
def issued(recommended, expert):
    issue(recommended.assessment, [recommended], by=expert)
    return type(recommended).objects.get(pk=recommended.pk)


@pytest.fixture
def accepted(issued, coordinator):
    return respond(issued, "accepted", "", by=coordinator)[0]


@pytest.fixture
def declined(issued, coordinator):
    return respond(issued, "not_taken_up", "It is the region's task.", by=coordinator)[0]
