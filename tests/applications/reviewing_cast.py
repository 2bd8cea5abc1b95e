"""Applications on their way through the review: given out, declared on, returned."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.workflow import completions
from applications.workflow.reviews import Judgement
from tests.factories import CriterionFactory, DeclarationFactory, ReviewFactory


@pytest.fixture
def criteria(in_review):
    """Two criteria of the call, the first of which weighs twice as much."""
    return [CriterionFactory(call=in_review.call, weight=weight) for weight in (2, 1)]


@pytest.fixture
def given(in_review, criteria, reviewer):
    """The reviewer's review, as a lead has given it out."""
    due_on = timezone.localdate() + timedelta(days=14)
    return ReviewFactory(application=in_review, reviewer=reviewer, to_do=True, due_on=due_on)


@pytest.fixture
def cleared(in_review, given, reviewer, lead):
    """The application, once reviewer and lead have declared that they have no conflict."""
    for person in (reviewer, lead):
        DeclarationFactory(application=in_review, person=person)
    return in_review


@pytest.fixture
def in_conflict(in_review, given, reviewer, lead):
    """The application, once reviewer and lead have declared a conflict."""
    for person in (reviewer, lead):
        DeclarationFactory(
            application=in_review, person=person, has_conflict=True, reason="CANARY-conflict"
        )
    return in_review


@pytest.fixture
def mistaken(in_review, second_lead):
    """Another lead's declared conflict."""
    return DeclarationFactory(
        application=in_review, person=second_lead, has_conflict=True, reason="CANARY-conflict"
    )


@pytest.fixture
def judging(criteria):
    """judging(5, 3): what the workflow takes of a review with these points; None: cannot judge."""

    def values(*points, comment="Well prepared.", read=0):
        judgements = {
            criterion.pk: Judgement(given, cannot_judge=given is None)
            for criterion, given in zip(criteria, points, strict=True)
        }
        return {"judgements": judgements, "comment": comment, "read": read}

    return values


def send_back(application, person, *, fields=("motivation", "attachments"), days=7):
    due_at = timezone.now() + timedelta(days=days)
    values = {"fields": list(fields), "reason": "CANARY-return", "due_at": due_at}
    return completions.ask(application, by=person, **values)[0]


@pytest.fixture
def returned(cleared, lead):
    """Its motivation and attachments are open to the municipality for a week."""
    return send_back(cleared, lead)


@pytest.fixture
def overdue(returned):
    """Nothing was submitted again in time."""
    returned.completions.update(due_at=timezone.now() - timedelta(minutes=1))
    return returned


@pytest.fixture
def call_under_review(cleared):
    """The closed call of the application."""
    call = cleared.call
    call.closes_at = timezone.now() - timedelta(hours=1)
    call.save()
    return call
