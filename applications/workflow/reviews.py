from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.workflow import Refused
from applications import marks, permissions
from applications.models import Application, Mark


class Overtaken(Exception):
    """Another window has saved the review since the page was opened; nothing was stored."""


@dataclass(frozen=True)
class Judgement:
    """What a reviewer says of one criterion, as the form has it and the database."""

    points: int | None = None
    cannot_judge: bool = False
    comment: str = ""

    @property
    def is_given(self):
        return self.cannot_judge or self.points is not None


@transaction.atomic
def save(application, *, by, judgements, comment, read):
    """Store the draft of a review. Returns the review, as it is stored now.

    judgements: by the criterion's key. read: the version that the page showed; raises Overtaken
    where it is not the newest one and says something else. Raises PermissionDenied without the
    right, Refused where the application is not under review or the review is handed in.
    """
    review = to_write(application, by)
    if review.handed_in_at:
        raise Refused(_("Your review is handed in. Hand it in again to change it."))
    store(review, judgements, comment, read)
    return review


@transaction.atomic
def hand_in(application, *, by, judgements, comment, read):
    """Store and count the review; handed in again, it replaces the first. Returns (row, changed).

    Raises as `save`, and Refused where a criterion or the reasons are missing.
    """
    review = to_write(application, by)
    criteria = list(review.application.call.criteria.all())
    if not comment or not all(judgements.get(one.pk, Judgement()).is_given for one in criteria):
        raise Refused(
            _("Something is still missing. Give each criterion points, and your reasons.")
        )
    again = review.handed_in_at is not None
    if not store(review, judgements, comment, read) and again:
        return review, False
    review.handed_in_at = timezone.now()
    review.score = score(review.application.call, criteria, judgements)
    review.save(update_fields=["handed_in_at", "score"])
    record("review.changed" if again else "review.handed_in", review.application, by=by)
    return review, True


def score(call, criteria, judgements):
    """What the judgements come to, in percent; None where nothing was judged."""
    given = [marks.Given(one.weight, judgements[one.pk].points) for one in criteria]
    return marks.score(given, call.highest_mark)


def to_write(application, by):
    """The review of `by`, locked together with the application, which is under review."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("call")
    application = rows.get(pk=application.pk)
    review = permissions.review_of(by, application.pk, lock=True)
    if review is None:
        raise PermissionDenied
    if application.state != Application.State.IN_REVIEW:
        raise Refused(_("Only an application under review can be scored."))
    review.application = application
    return review


def store(review, judgements, comment, read):
    """Write what differs from what is stored; returns whether anything did. See `save`."""
    if review.comment == comment and stored(review) == given_only(judgements):
        return False  # also the same save sent again
    if read != review.version:
        raise Overtaken
    Mark.objects.bulk_create(
        [mark_of(review, key, judgement) for key, judgement in judgements.items()],
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["points", "cannot_judge", "comment"],
    )
    review.comment, review.version, review.changed_at = comment, review.version + 1, timezone.now()
    review.save(update_fields=["comment", "version", "changed_at"])
    return True


def mark_of(review, key, judgement):
    return Mark(
        review=review,
        criterion_id=key,
        points=judgement.points,
        cannot_judge=judgement.cannot_judge,
        comment=judgement.comment,
    )


def stored(review):
    """What a review says, by the criterion's key."""
    rows = {
        mark.criterion_id: Judgement(mark.points, mark.cannot_judge, mark.comment)
        for mark in review.marks.all()
    }
    return given_only(rows)


def given_only(judgements):
    return {key: one for key, one in judgements.items() if one != Judgement()}
