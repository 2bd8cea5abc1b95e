import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from applications.models import Review
from applications.workflow import reviews
from tests.factories import MembershipFactory


def test_a_reviewer_who_belongs_to_the_municipality_does_not_judge_it(in_review, reviewer):
    MembershipFactory(user=reviewer, municipality=in_review.municipality, role="reader")

    with pytest.raises(PermissionDenied):
        reviews.hand_in(in_review, by=reviewer, score=90, comment="Ours.")


def test_a_review_handed_in_again_replaces_the_first(in_review, reviewer):
    for score in (40, 60):
        reviews.hand_in(in_review, by=reviewer, score=score, comment="Read again.")

    assert Review.objects.get().score == 60
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["review.handed_in", "review.changed"]


def test_others_reviews_show_once_the_own_one_is_handed_in(in_review, reviewer, second_lead):
    reviews.hand_in(in_review, by=second_lead, score=80, comment="Strong.")

    before = Review.objects.visible_to(reviewer).count()
    reviews.hand_in(in_review, by=reviewer, score=70, comment="Good.")

    assert (before, Review.objects.visible_to(reviewer).count()) == (0, 2)
