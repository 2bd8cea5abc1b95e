from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from applications import permissions
from applications.models import REQUIRED, WRITTEN, Application
from documents.workflow import ENDED, fingerprint, queue
from notifications.models import Kind
from notifications.outbox import post

State = Application.State

# (from, to): whose move it is. A pair that is not here cannot happen.
MOVES = {
    (State.DRAFT, State.SUBMITTED): permissions.can_submit,
    (State.DRAFT, State.WITHDRAWN): permissions.can_withdraw,
    (State.SUBMITTED, State.WITHDRAWN): permissions.can_withdraw,
    (State.IN_REVIEW, State.WITHDRAWN): permissions.can_withdraw,
    (State.SUBMITTED, State.IN_REVIEW): permissions.can_review,
    (State.IN_REVIEW, State.SELECTED): permissions.can_decide,
    (State.IN_REVIEW, State.NOT_SELECTED): permissions.can_decide,
}
# The outcome comes with a confirmed selection, never by a button of its own.
BUTTONS = {pair: rule for pair, rule in MOVES.items() if rule is not permissions.can_decide}


@transaction.atomic
def start(call, municipality, *, by):
    """Begin an application, or return the one that stands. Returns (row, created).

    Raises Refused where the call is not open or the municipality has merged into another.
    """
    if not call.is_open:
        raise Refused(_("This call is not open now, so no application can be begun."))
    if municipality.successor_id:
        raise Refused(_("%s has merged into another municipality, which can apply.") % municipality)
    standing = Application.objects.exclude(state=State.WITHDRAWN)
    row, created = standing.get_or_create(call=call, municipality=municipality)
    if created:
        record("application.started", row, by=by)
    return row, created


@transaction.atomic
def move(application, to, *, by, note=""):
    """Move `application` to `to`, with all that follows, or nothing. Returns (row, changed).

    Raises PermissionDenied without the right, and Refused where the moment forbids it.
    """
    application, changed = workflow.move(application, to, BUTTONS, by=by, note=note)
    if changed:
        if to == State.SUBMITTED:
            hand_in(application, by)
        tell_coordinators(application, changed)
    return application, changed


def hand_in(application, by):
    """Stamp the time and order the receipt; refused too late or unfinished, which undoes all."""
    if not application.call.is_open:
        raise Refused(_("The call has closed. What you wrote is kept, but it cannot be submitted."))
    if missing(application):
        raise Refused(_("Something is still missing. The page says what, field by field."))
    application.submitted_at = timezone.now()
    application.receipt = queue_receipt(application, by)
    application.save(update_fields=["submitted_at", "receipt"])


def queue_receipt(application, by):
    """Ask for the receipt in the person's language; the same content is the same document."""
    files = application.attachments.kept().values_list("what", "upload__name", "upload__sha256")
    texts = [getattr(application, name) for name in WRITTEN]
    content = fingerprint(application.submitted_at, texts, list(files))
    key = f"{application.pk}-{by.language}-{content}"
    return queue("applications.tasks.produce_receipt", key, by=by)


@transaction.atomic
def ask_for_receipt(application, *, by):
    """Have the receipt made again, or in the person's language; a finished one stays as it is.

    Raises PermissionDenied without the right, Refused where nothing was submitted.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not permissions.can_ask_for_receipt(by, application):
        raise PermissionDenied
    if application.submitted_at is None:
        raise Refused(_("There is no receipt before the application is submitted."))
    before = application.receipt
    ended = before is None or before.state in ENDED
    application.receipt = queue_receipt(application, by)
    if ended or application.receipt != before:
        application.save(update_fields=["receipt"])
        record("receipt.asked_again", application, by=by)
    return application.receipt


def missing(application):
    """The fields that a submitted application needs and this one lacks, in the form's order."""
    return [name for name in REQUIRED if not getattr(application, name)]


# A move that coordinators are mailed about; reviewing is the staff's own business.
TOLD = {State.SUBMITTED, State.WITHDRAWN, State.SELECTED, State.NOT_SELECTED}


def tell_coordinators(application, entry):
    if application.state not in TOLD:
        return
    context = {"application": application}
    template = f"emails/application_{application.state}.txt"
    decided = application.state in {State.SELECTED, State.NOT_SELECTED}
    kind = Kind.DECISION if decided else Kind.APPLICATION
    members = application.municipality.memberships.current().coordinating()
    for membership in members.select_related("user"):
        key = f"{entry.pk}-{membership.user_id}"
        post(membership.user, template, key=key, context=context, kind=kind)
