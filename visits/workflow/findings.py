"""What experts find during a visit, and how recommendations stand afterwards."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from drafting.repeats import once
from visits import permissions
from visits.models import Finding, Observation, Visit

State = Finding.State
MOVES = {(State.DRAFT, State.SHARED): permissions.can_share_finding}


@transaction.atomic
def start(visit, values, *, by):
    """Begin a finding, or return the same one, untouched since: a second click.

    Returns (row, created). Raises PermissionDenied without the right.
    """
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not permissions.can_find(by, visit):
        raise PermissionDenied
    known = {"state": State.DRAFT, "started_by": by, "version": 0} | values
    return workflow.first_or_create(visit.findings, **known)


@transaction.atomic
def share(finding, *, by):
    """Show a finding to the municipality; its words stand then. Returns (row, changed).

    Raises PermissionDenied without the right, Refused where the words are missing.
    """
    row = locked(finding)
    if not (row.title and row.text):
        raise Refused(_("A finding needs a title and a text before it is shared."))
    return workflow.move(row, State.SHARED, MOVES, by=by)


def locked(finding):
    return get_object_or_404(Finding.objects.select_for_update(of=("self",)), pk=finding.pk)


@transaction.atomic
def discard(finding, *, by):
    """Delete a draft. Raises PermissionDenied without the right, or once it is shared."""
    row = locked(finding)
    if not permissions.can_write_finding(by, row):
        raise PermissionDenied
    record("finding.discarded", row, by=by)
    row.delete()


@transaction.atomic
def observe(recommendation, values, *, by, key):
    """Add a view of how a recommendation stands. Returns (row, created).

    The same one sent twice is one. Raises PermissionDenied without the right.
    """
    if not permissions.can_observe(by, recommendation):
        raise PermissionDenied
    side = permissions.side_of(by, recommendation)
    row, created = Observation.objects.get_or_create(
        key=once(key, by.pk, {"recommendation": recommendation.pk} | values),
        defaults={"recommendation": recommendation, "side": side, "by": by} | values,
    )
    if created:
        record("observation.made", row, by=by)
    return row, created
