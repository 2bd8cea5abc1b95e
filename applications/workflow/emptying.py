"""What becomes of a draft that was withdrawn without ever having been submitted."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.audit import record
from applications.models import WRITTEN, Application


@transaction.atomic
def empty():
    """Delete what was written in and attached to drafts withdrawn `WITHDRAWN_DAYS` ago.

    One that had been submitted stays as it was: it is part of the staff's record of the call.
    Returns how many were emptied.
    """
    withdrawn = Application.objects.filter(state=Application.State.WITHDRAWN, submitted_at=None)
    over = withdrawn.filter(withdrawn_at__lt=Now() - timedelta(days=settings.WITHDRAWN_DAYS))
    rows = list(over.filter(emptied_at=None).select_for_update(of=("self",), skip_locked=True))
    for application in rows:
        empty_one(application)
    return len(rows)


def empty_one(application):
    """The texts go with their history and what was said about them; files by the next sweep."""
    for name in WRITTEN:
        setattr(application, name, Application._meta.get_field(name).get_default())
    application.emptied_at = timezone.now()
    application.save(update_fields=[*WRITTEN, "emptied_at"])
    for told in (application.revisions, application.comments, application.proposals):
        told.all().delete()
    application.attachments.all().delete()
    record("application.emptied", application, by=None)
