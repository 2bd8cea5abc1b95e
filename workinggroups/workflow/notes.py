"""The notes of a meeting: written, opened for remarks, approved; its decisions, and its files."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from documents.workflow import ask_again, fingerprint, queue
from workinggroups import permissions
from workinggroups.models import Decision, Meeting, NotesFile
from workinggroups.workflow.groups import locked as locked_group
from workinggroups.workflow.meetings import tell_members, to_change

State = Meeting.State

# (from, to): whose move it is. A pair that is not here cannot happen.
MOVES = {
    (State.DRAFT, State.REMARKS): permissions.can_write,
    (State.REMARKS, State.DRAFT): permissions.can_write,
    (State.REMARKS, State.APPROVED): permissions.can_approve,
}


@transaction.atomic
def move(meeting, to, *, by):
    """Move the notes to `to`, with all that follows, or nothing. Returns (row, changed).

    Raises PermissionDenied without the right, Refused too early or without a word of notes.
    """
    group = locked_group(meeting.group)  # before the meeting, as everywhere: nobody waits crosswise
    meeting, changed = workflow.move(meeting, to, MOVES, by=by)
    if changed and to != State.DRAFT:
        check(meeting)
        if to == State.APPROVED:
            approve(meeting, group, by)
        tell_members(meeting, f"meeting_{to}", changed, accounts_only=True)
    return meeting, changed


def check(meeting):
    if not meeting.has_begun:
        raise Refused(_("The meeting has not been held yet."))
    if not meeting.notes.strip():
        raise Refused(_("There are no notes yet. Write them first."))


def approve(meeting, group, by):
    """Number the notes in their group, and order a file in every language."""
    last = group.meetings.aggregate(last=Max("number"))["last"] or 0
    meeting.number, meeting.approved_at, meeting.approved_by = last + 1, timezone.now(), by
    meeting.save(update_fields=["number", "approved_at", "approved_by"])
    content = fingerprint(meeting.approved_at, meeting.version, meeting.agenda, meeting.notes)
    for language, _name in settings.LANGUAGES:
        key = f"{meeting.pk}-{language}-{content}"
        document = queue("workinggroups.tasks.produce_notes", key, by=by)
        NotesFile.objects.create(meeting=meeting, language=language, document=document)


@transaction.atomic
def remake(file, *, by):
    """Ask again for a file that failed or was deleted after its time."""
    if not permissions.can_remake(by, file.meeting):
        raise PermissionDenied
    if ask_again(file.document, by=by):
        record("notes.asked_again", file.meeting, by=by, note=file.language)


@transaction.atomic
def decide(meeting, text, *, by):
    """Add a decision; the same words twice are one. Returns (decision, created).

    Raises PermissionDenied, or Refused once the notes are approved.
    """
    meeting = to_change(meeting, by)
    decision, created = workflow.first_or_create(meeting.decisions, text=text)
    if created:
        record("decision.made", decision, by=by)
    return decision, created


@transaction.atomic
def reword(decision, text, *, before, by):
    """Store other words for a decision. Returns (row, changed). Raises as `decide`.

    before: the words that `by` saw; where a colleague has changed them meanwhile, it is Refused.
    """
    meeting = to_change(decision.meeting, by)
    decision = get_object_or_404(meeting.decisions, pk=decision.pk)
    if decision.text == text:
        return decision, None
    if decision.text != before:
        raise Refused(
            _("A colleague has changed this decision meanwhile. It now says: “%s”") % decision.text
        )
    decision.text = text
    decision.save(update_fields=["text"])
    return decision, record("decision.changed", decision, by=by)


@transaction.atomic
def take_back(decision, *, by):
    """Remove a decision that was none; those after it move up. Raises as `decide`."""
    meeting = to_change(decision.meeting, by)
    gone, _rows = Decision.objects.filter(pk=decision.pk).delete()
    if gone:
        record("decision.removed", meeting, by=by)
    return bool(gone)
