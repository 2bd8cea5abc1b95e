from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from accounts.workflow.invitations import Addressee
from applications import permissions
from applications.content import content_of
from applications.models import ATTACHMENTS, REQUIRED, WRITTEN, Application, Call, Partner
from applications.returned import as_submitted
from documents.frozen import checksum
from documents.workflow import ENDED, fingerprint, queue
from municipalities.models import Municipality
from notifications.models import Kind
from notifications.outbox import post

State = Application.State

# (from, to): whose move it is. A pair that is not here cannot happen.
MOVES = {
    (State.DRAFT, State.SUBMITTED): permissions.can_submit,
    (State.DRAFT, State.WITHDRAWN): permissions.can_withdraw,
    (State.SUBMITTED, State.WITHDRAWN): permissions.can_withdraw,
    (State.IN_REVIEW, State.WITHDRAWN): permissions.can_withdraw,
    (State.RETURNED, State.WITHDRAWN): permissions.can_withdraw,
    (State.SUBMITTED, State.IN_REVIEW): permissions.can_review,
    (State.IN_REVIEW, State.RETURNED): permissions.can_return,
    (State.RETURNED, State.SUBMITTED): permissions.can_submit,
    (State.RETURNED, State.IN_REVIEW): permissions.can_take_back,
    (State.IN_REVIEW, State.SELECTED): permissions.can_decide,
    (State.IN_REVIEW, State.RESERVE): permissions.can_decide,
    (State.IN_REVIEW, State.NOT_SELECTED): permissions.can_decide,
    (State.SELECTED, State.CONFIRMED): permissions.can_answer,
    (State.SELECTED, State.DECLINED): permissions.can_answer,
    (State.RESERVE, State.DECLINED): permissions.can_answer,
}
# The others bring more along: the outcome a confirmed selection, a return what is to be completed.
BY_THEMSELVES = {permissions.can_submit, permissions.can_withdraw, permissions.can_review}
MOVED_HERE = {pair: rule for pair, rule in MOVES.items() if rule in BY_THEMSELVES}
# A place is answered for in `places`, where its call is locked: not by `move`.
ANSWERS = {pair: rule for pair, rule in MOVES.items() if rule is permissions.can_answer}
BUTTONS = MOVED_HERE | ANSWERS


@transaction.atomic
def start(call, municipality, *, by):
    """Begin an application, or return the one that stands. Returns (row, created).

    Raises Refused where the call is not open, or the municipality has merged into another or has
    confirmed that it applies with another.
    """
    if not call.is_open:
        raise Refused(_("This call is not open now, so no application can be begun."))
    if municipality.successor_id:
        raise Refused(_("%s has merged into another municipality, which can apply.") % municipality)
    lock(municipality)
    if joint := joint_application(call, municipality):
        text = _("%(own)s applies together with %(other)s already.")
        raise Refused(text % {"own": municipality, "other": joint.municipality})
    standing = Application.objects.exclude(state=State.WITHDRAWN)
    row, created = standing.get_or_create(call=call, municipality=municipality)
    if created:
        record("application.started", row, by=by)
    return row, created


def lock(municipality):
    """Of a municipality's ways into a call one is walked at a time: applying, and confirming."""
    Municipality.objects.select_for_update(of=("self",)).get(pk=municipality.pk)


def joint_application(call, municipality, but=None):
    """The application to `call` in which `municipality` is a partner that has confirmed, or None.

    but: an application that is not looked at.
    """
    joint = Partner.objects.confirmed().filter(municipality=municipality)
    rows = call.applications.filter(pk__in=joint.exclude(application=but).values("application"))
    return rows.exclude(state=State.WITHDRAWN).select_related("municipality").first()


@transaction.atomic
def move(application, to, *, by, note=""):
    """Move `application` to `to`, with all that follows, or nothing. Returns (row, changed).

    Raises PermissionDenied without the right, and Refused where the moment forbids it.
    """
    stamps = {"withdrawn_at": timezone.now()} if to == State.WITHDRAWN else {}
    application, changed = workflow.move(application, to, MOVED_HERE, by=by, note=note, **stamps)
    answered = None
    if changed and to == State.SUBMITTED:
        answered = hand_in(application, by)
        tell_registry(application, changed, by.language, answered)
    if changed:
        tell_coordinators(application, changed, completion=answered)
    return application, changed


def hand_in(application, by):
    """Stamp the time and order the receipt; refused too late or unfinished, which undoes all.

    Returns the completion that is answered by it, or None where it is submitted for the first time.
    A completed application keeps the time of its first submission.
    """
    completion = application.completions.open().first()
    refuse_too_late(application.call, completion)
    if missing(application) or lacks_attachments(application, completion):
        raise Refused(_("Something is still missing. The page says what, field by field."))
    if completion:
        completion.answered_at = timezone.now()
        completion.save(update_fields=["answered_at"])
        tell_reviewers(application, completion)
    else:
        application.submitted_at = timezone.now()
    application.checksum = checksum(content_of(application))
    application.receipt = queue_receipt(application, by)
    application.save(update_fields=["submitted_at", "checksum", "receipt"])
    return completion


def lacks_attachments(application, completion):
    """Whoever may not add attachments now is not kept from submitting by one that lacks."""
    are_open = completion is None or ATTACHMENTS in completion.fields
    return are_open and lacking(application).exists()


def refuse_too_late(call, completion):
    if completion:
        refuse_too_late_to_complete(completion)
    elif call.phase == Call.Phase.CLOSED:
        when = date_format(timezone.localtime(call.closes_at), "DATETIME_FORMAT")
        text = _(
            "The call closed on %s (Helsinki time). What you wrote is kept; nothing was submitted."
        )
        raise Refused(text % when)
    elif not call.is_open:
        raise Refused(
            _("This call is not open now. What you wrote is kept; nothing was submitted.")
        )


def refuse_too_late_to_complete(completion):
    if completion.is_over:
        when = date_format(timezone.localtime(completion.due_at), "DATETIME_FORMAT")
        text = _("The time to complete it ended on %s (Helsinki time). What you wrote is kept.")
        raise Refused(text % when)


def is_open(application):
    """Whether it can be submitted now: to its open call, or completed in time."""
    completion = application.open_completion
    return not completion.is_over if completion else application.call.is_open


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
    as_submitted([application])
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


def lacking(application):
    """The attachments that have to be there when an application is submitted, and are not."""
    return application.call.requirements.due().lacking_in(application)


# A move that coordinators are mailed about; reviewing is the staff's own business, and an outcome
# is told by its letter.
TOLD = {State.SUBMITTED, State.RETURNED, State.WITHDRAWN, State.CONFIRMED, State.DECLINED}


def tell_coordinators(application, entry, *, template="", kind=None, **more):
    """Mail whoever coordinates about the move that `entry` records, each in their language.

    template: where the state's own is not meant; a state without one is not told. more: what the
    mail says besides.
    """
    if not template and application.state not in TOLD:
        return
    template = template or f"emails/application_{application.state}.txt"
    kind = kind or (Kind.DECISION if application.answer_by else Kind.APPLICATION)
    context = {"application": application} | more
    for membership in application.memberships.coordinating().select_related("user"):
        key = f"{entry.pk}-{application.pk}-{membership.user_id}"
        post(membership.user, template, key=key, context=context, kind=kind)


def tell_registry(application, entry, language, completion):
    """Mail the municipality's registry, for its case; it has no account, so it gets no choice."""
    if application.registry_email:
        town = in_words(application.municipality, language)
        receiver = Addressee(application.registry_email, town, language)
        context = {"application": application, "completion": completion}
        template = "emails/application_registry.txt"
        post(receiver, template, key=f"{entry.pk}-registry", context=context, kind=Kind.INVITATION)


def in_words(municipality, language):
    with translation.override(language):
        return municipality.name


def tell_reviewers(application, completion):
    """Mail whoever reviews the application that its municipality has completed it."""
    context = {"application": application}
    for review in application.reviews.live().select_related("reviewer"):
        key = f"completed-{completion.pk}-{review.reviewer_id}"
        template = "emails/review_completed.txt"
        post(review.reviewer, template, key=key, context=context, kind=Kind.STAFF)
