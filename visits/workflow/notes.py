"""Experts' notes: begun, shared, taken back, deleted. The audit names them, never their words."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404

from accounts import workflow
from accounts.audit import record, record_reading
from visits import permissions
from visits.models import Note, Visit

State = Note.State
MOVES = {
    (State.CONFIDENTIAL, State.SHARED): permissions.can_write_note,
    (State.SHARED, State.CONFIDENTIAL): permissions.can_write_note,
}


@transaction.atomic
def start(visit, values, *, by):
    """Begin a confidential note, or return the same one, untouched since: a second click.

    Returns (row, created). Raises PermissionDenied without the right.
    """
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not permissions.can_note(by, visit):
        raise PermissionDenied
    known = {"by": by, "version": 0, "state": State.CONFIDENTIAL} | values
    return workflow.first_or_create(visit.notes, **known)


@transaction.atomic
def move(note, to, *, by):
    """Share a note with the municipality, or take it back. Returns (row, changed)."""
    return workflow.move(note, to, MOVES, by=by)


@transaction.atomic
def discard(note, *, by):
    """Delete one's own note with its history. Raises PermissionDenied without the right."""
    row = get_object_or_404(Note.objects.select_for_update(of=("self",)), pk=note.pk)
    if not permissions.can_write_note(by, row):
        raise PermissionDenied
    record("note.discarded", row, by=by)
    row.delete()


def read(note, *, by):
    """Write down that a lead has read what is confidential; the experts are meant to."""
    if not note.is_shared and not permissions.is_assigned(by, note):
        record_reading("note.read", note, by=by)
