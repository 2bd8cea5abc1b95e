from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused, assignments
from applications import permissions
from applications.models import Participation
from notifications.models import Kind
from notifications.outbox import post

State = Participation.State

MOVES = {
    (State.ACTIVE, State.COMPLETED): permissions.can_end,
    (State.ACTIVE, State.WITHDRAWN): permissions.can_end,
}


def take_in(application, by):
    """Make the participation of a confirmed place; who joined or left before keeps that row."""
    came = {"call": application.call, "application": application, "state": State.ACTIVE}
    participation, _created = Participation.objects.update_or_create(
        project=application.call.project,
        municipality=application.municipality,
        defaults=came,
        create_defaults=came | {"joined_on": timezone.localdate()},
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
def end(participation, to, *, by, reason):
    """Write down that a municipality has finished, or has left. Returns (row, changed).

    Who has left keeps its work and may write on; the experts' assignments there end at once.
    Raises PermissionDenied without the right, Refused where the reason is missing.
    """
    participation, entry = workflow.move(participation, to, MOVES, by=by, note=reason)
    if entry:
        if to == State.WITHDRAWN:
            leave(participation, by, reason)
        tell(participation, entry, reason)
    return participation, entry


def leave(participation, by, reason):
    if not reason.strip():
        raise Refused(_("Say why the municipality leaves: its coordinators read it."))
    elsewhere = Participation.objects.active().filter(municipality=participation.municipality_id)
    if not elsewhere.exists():
        assignments.end_all(participation.municipality, by=by)


def tell(participation, entry, reason):
    context = {"participation": participation, "reason": reason}
    template = f"emails/participation_{participation.state}.txt"
    members = participation.municipality.memberships.current().coordinating()
    for membership in members.select_related("user"):
        key = f"{entry.pk}-{membership.user_id}"
        post(membership.user, template, key=key, context=context, kind=Kind.DECISION)
