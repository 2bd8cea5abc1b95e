from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from applications import permissions
from applications.models import (
    REQUIRED,
    WRITTEN,
    Application,
    Attachment,
    Call,
    Participation,
    Review,
    Selection,
)
from documents.models import Upload
from documents.reasons import why_refused
from documents.storing import store, used
from documents.workflow import fingerprint, queue
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
    application.receipt = queue_receipt(application, by)
    application.save(update_fields=["receipt"])
    record("receipt.asked_again", application, by=by)
    return application.receipt


def missing(application):
    """The fields that a submitted application needs and this one lacks, in the form's order."""
    return [name for name in REQUIRED if not getattr(application, name)]


def to_attach(application, by):
    """The application, locked as a draft: what is submitted keeps the attachments it had.

    Raises PermissionDenied without the right, Refused once it is no draft any more.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not permissions.can_attach(by, application):
        raise PermissionDenied
    if application.state != State.DRAFT:
        raise Refused(_("The application is no draft any more, so its attachments are locked."))
    return application


@transaction.atomic
def attach(application, received, *, what, by):
    """Store an examined file with a draft; returns (attachment, created).

    The same file again is the one that is there. Raises as `to_attach`, and Unfit where there is
    no room for it.
    """
    application = to_attach(application, by)
    kept = application.attachments.kept()
    same = kept.filter(upload__sha256=received.sha256).first()
    if same:
        return same, False
    upload = store(received, municipality=application.municipality, by=by, bundle=bundle(kept))
    attachment = Attachment.objects.create(application=application, upload=upload, what=what)
    record("attachment.added", application, by=by, note=trace(upload))
    return attachment, True


def trace(upload):
    """For the audit log, which the staff read before a draft is theirs: what file, not its name."""
    return f"{upload.kind}, {upload.sha256}"


def bundle(attachments):
    """The files of an application that share one limit."""
    return Upload.objects.filter(attachments__in=attachments)


@transaction.atomic
def remove(attachment, *, by):
    """Put an attachment of a draft into the bin; returns whether this call did it."""
    application = to_attach(attachment.application, by)
    kept = application.attachments.kept().filter(pk=attachment.pk)
    changed = kept.update(removed_at=Now(), removed_by=by)
    if changed:
        record("attachment.removed", application, by=by, note=trace(attachment.upload))
    return bool(changed)


@transaction.atomic
def put_back(attachment, *, by):
    """Take an attachment out of the bin; returns whether this call did it.

    Raises as `to_attach`, and Refused where the others leave no room for it.
    """
    application = to_attach(attachment.application, by)
    removed = application.attachments.removed().filter(pk=attachment.pk)
    changed = removed.update(removed_at=None, removed_by=None)
    if changed:
        if used(bundle(application.attachments.kept())) > settings.UPLOAD_BUNDLE_BYTES:
            raise Refused(why_refused("bundle_full"))
        record("attachment.put_back", application, by=by, note=trace(attachment.upload))
    return bool(changed)


@transaction.atomic
def purge_attachments():
    """Delete what has lain in the bin for its time, and write down what; returns how many.

    The files themselves go when nothing else refers to them (`documents.storing.sweep`).
    """
    over = Attachment.objects.to_purge().select_for_update(of=("self",), skip_locked=True)
    rows = list(over.select_related("application", "upload"))
    for attachment in rows:
        record("attachment.purged", attachment.application, by=None, note=trace(attachment.upload))
        attachment.delete()
    return len(rows)


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


@transaction.atomic
def hand_in_review(application, *, by, score, comment):
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


def locked(call):
    """The call, locked: whoever counts its seats counts alone."""
    return Call.objects.select_for_update(of=("self",)).get(pk=call.pk)


@transaction.atomic
def propose(call, applications, *, by, reason):
    """Put forward which applications the call selects; another lead confirms it.

    Raises PermissionDenied, or Refused with the reason (open call, too many, not under review).
    """
    call = locked(call)
    if "lead" not in by.staff_groups:
        raise PermissionDenied
    if not permissions.can_propose(by, call):
        raise Refused(_("The call is still open, decided, or has a proposal that waits."))
    check_choice(call, applications)
    selection = Selection.objects.create(call=call, proposed_by=by, reason=reason)
    selection.applications.set(applications)
    record("selection.proposed", selection, by=by, note=reason)
    return selection


def check_choice(call, applications):
    if len(applications) > call.seats:
        text = _("%(chosen)s were chosen, but the call has %(seats)s seats.")
        raise Refused(text % {"chosen": len(applications), "seats": call.seats})
    if any(a.call_id != call.pk or a.state != State.IN_REVIEW for a in applications):
        raise Refused(_("Only applications to this call that are under review can be chosen."))


@transaction.atomic
def send_back(selection, *, by, note=""):
    """Another lead does not confirm; the proposal can be made anew. Returns (row, changed)."""
    rules = {(Selection.State.PROPOSED, Selection.State.REJECTED): permissions.can_confirm}
    return workflow.move(selection, Selection.State.REJECTED, rules, by=by, note=note)


@transaction.atomic
def confirm(selection, *, by):
    """Publish all outcomes of a call at one moment: states, participations, mails, or nothing.

    Returns (selection, changed). Raises PermissionDenied to the proposer, Refused when full.
    """
    call = locked(selection.call)
    rules = {(Selection.State.PROPOSED, Selection.State.CONFIRMED): permissions.can_confirm}
    selection, changed = workflow.move(selection, Selection.State.CONFIRMED, rules, by=by)
    if changed:
        chosen = list(selection.applications.select_for_update(of=("self",)))
        check_choice(call, chosen)
        refuse_unreviewed(call)
        publish(call, {application.pk for application in chosen}, by)
    return selection, changed


def refuse_unreviewed(call):
    if call.applications.filter(state=State.SUBMITTED).exists():
        raise Refused(_("Some submitted applications are not under review yet."))


def publish(call, chosen, by):
    for application in call.applications.filter(state=State.IN_REVIEW).order_by("pk"):
        to = State.SELECTED if application.pk in chosen else State.NOT_SELECTED
        application, changed = workflow.move(application, to, MOVES, by=by)
        if to == State.SELECTED:
            take_in(application, by)
        tell_coordinators(application, changed)
    call.state, call.decided_on = Call.State.DECIDED, timezone.localdate()
    call.save(update_fields=["state", "decided_on"])
    record("call.decided", call, by=by)


def take_in(application, by):
    participation = Participation.objects.create(
        project=application.call.project,
        municipality=application.municipality,
        call=application.call,
        application=application,
        joined_on=timezone.localdate(),
    )
    record("participation.started", participation, by=by)


@transaction.atomic
def add_late_joiner(participation, *, by):
    """Store a participation outside any call, with its audit entry."""
    if not permissions.can_add_late_joiner(by):
        raise PermissionDenied
    participation.joined_late = True
    participation.save()
    record("participation.started", participation, by=by, note="joined late")
    return participation


@transaction.atomic
def publish_call(call, *, by):
    """Make a drafted call public; from then on its dates decide whether it is open."""
    rules = {(Call.State.DRAFT, Call.State.PUBLISHED): permissions.can_publish}
    return workflow.move(call, Call.State.PUBLISHED, rules, by=by)
