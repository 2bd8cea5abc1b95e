from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.workflow import Refused
from applications import permissions
from applications.models import ATTACHMENTS, Application, Completion
from applications.returned import added_since, removed_since
from applications.workflow import MOVES, tell_coordinators
from drafting.saving import save_locked

State = Application.State


@transaction.atomic
def ask(application, *, by, fields, reason, due_at):
    """Return an application for completion of `fields`, until `due_at`. Returns (row, changed).

    fields: names of written fields, and `ATTACHMENTS`; only these are open to the municipality.
    Raises PermissionDenied without the right, Refused where it is not under review.
    """
    application, changed = workflow.move(application, State.RETURNED, MOVES, by=by, note=reason)
    if changed:
        completion = Completion.objects.create(
            application=application,
            fields=list(fields),
            reason=reason,
            due_at=due_at,
            asked_by=by,
            version=application.version,
        )
        tell_coordinators(application, changed, completion=completion)
    return application, changed


@transaction.atomic
def take_back(application, *, by):
    """Go on reviewing an application that was not completed in time, as it was submitted.

    What was written meanwhile stays in its history. Returns (row, changed). Raises
    PermissionDenied, or Refused as long as it can be completed.
    """
    completion = application.open_completion
    rules = {(State.RETURNED, State.IN_REVIEW): permissions.can_take_back}
    application, changed = workflow.move(application, State.IN_REVIEW, rules, by=by)
    if changed and completion:
        if not completion.is_over:
            when = date_format(timezone.localtime(completion.due_at), "DATETIME_FORMAT")
            raise Refused(_("The municipality can complete it until %s (Helsinki time).") % when)
        completion.ended_at = timezone.now()
        completion.save(update_fields=["ended_at"])
        set_back(application, completion, by)
        template = "emails/application_taken_back.txt"
        tell_coordinators(application, changed, template=template, completion=completion)
    return application, changed


def set_back(application, completion, by):
    """Undo what was begun and not submitted."""
    names = [name for name in completion.fields if name != ATTACHMENTS]
    values = application.values_at(completion.version, names) if names else {}
    save_locked(application, values, read=application.version, by=by)
    if ATTACHMENTS in completion.fields:
        added_since(application, completion).update(removed_at=Now(), removed_by=by)
        removed_since(application, completion).update(removed_at=None, removed_by=None)
