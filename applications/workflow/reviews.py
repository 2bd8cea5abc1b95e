from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.workflow import Refused
from applications import permissions
from applications.models import Application, Review


@transaction.atomic
def hand_in(application, *, by, score, comment):
    """Store the reviewer's score (0-100) with its reasons; handed in again, it replaces the first.

    Raises PermissionDenied without the right, Refused where the application is not under review.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not permissions.can_review(by, application):
        raise PermissionDenied
    if not permissions.can_score(by, application):
        raise Refused(_("Only an application under review can be scored."))
    review, created = Review.objects.update_or_create(
        application=application,
        reviewer=by,
        defaults={"score": score, "comment": comment, "handed_in_at": timezone.now()},
    )
    record("review.handed_in" if created else "review.changed", application, by=by)
    return review
