from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from applications import permissions
from applications.models import Application, Call, Selection
from applications.workflow import MOVES, tell_coordinators
from applications.workflow.participations import take_in

State = Application.State


def locked(call):
    """The call, locked: whoever counts its seats, or gives its reviews out, does so alone."""
    return Call.objects.select_for_update(of=("self",)).get(pk=call.pk)


@transaction.atomic
def propose(call, applications, *, by, reason):
    """Put forward which applications the call selects; another lead confirms it.

    Raises PermissionDenied, or Refused with the reason (open call, too many, not under review).
    """
    call = locked(call)
    if "lead" not in by.staff_groups or permissions.has_conflict_in(by, call):
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
