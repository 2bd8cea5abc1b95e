from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from applications import permissions
from applications.models import REQUIRED, Application, Call, Participation, Review, Selection
from documents.workflow import queue
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
    now = timezone.now()
    application.submitted_at = now
    key = f"{application.pk}-{now:%Y%m%dT%H%M%S}-{by.language}"
    application.receipt = queue("applications.tasks.produce_receipt", key, by=by)
    application.save(update_fields=["submitted_at", "receipt"])


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
