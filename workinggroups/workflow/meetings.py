"""Meetings: planned, changed, called, and who was there."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.workflow import Refused
from accounts.workflow.invitations import Addressee
from notifications.models import Kind
from notifications.outbox import post
from workinggroups import permissions
from workinggroups.models import GroupMember, Meeting
from workinggroups.workflow.groups import locked as locked_group

WHEN_AND_WHERE = {"starts_at", "ends_at", "place", "link"}  # what the members are told of anew


@transaction.atomic
def plan(group, values, *, by):
    """Plan a meeting with the fields `values`. Returns (meeting, created).

    A group meets once at a time: the same beginning twice is one meeting. Chairperson and secretary
    are those of the group, until somebody says otherwise. Raises PermissionDenied.
    """
    group = locked_group(group)
    if not permissions.can_write(by, group):
        raise PermissionDenied
    if meeting := group.meetings.filter(starts_at=values["starts_at"]).first():
        return meeting, False
    current = {member.role: member for member in group.members.current().order_by("-pk")}
    leading = {
        "chair": current.get(GroupMember.Role.CHAIR),
        "secretary": current.get(GroupMember.Role.SECRETARY),
    }
    meeting = Meeting.objects.create(group=group, **values, **leading)
    record("meeting.planned", meeting, by=by)
    return meeting, True


def to_change(meeting, by):
    """The meeting, locked; raises PermissionDenied, or Refused once its notes are approved."""
    rows = Meeting.objects.with_town().select_for_update(of=("self",))
    meeting = rows.get(pk=meeting.pk)
    if not permissions.can_write(by, meeting):
        raise PermissionDenied
    if meeting.is_approved:
        raise Refused(_("The notes are approved, so nothing of this meeting can be changed."))
    return meeting


@transaction.atomic
def change(meeting, values, *, by):
    """Store another time, place or language; tells the members, once the meeting was called.

    Returns (row, changed). Raises PermissionDenied, Refused once the notes are approved or where
    the group meets at that time already.
    """
    meeting = to_change(meeting, by)
    changed = [name for name, value in values.items() if getattr(meeting, name) != value]
    if not changed:
        return meeting, None
    others = meeting.group.meetings.exclude(pk=meeting.pk)
    if others.filter(starts_at=values["starts_at"]).exists():
        raise Refused(_("Another meeting of the group begins at the same time."))
    for name in changed:
        setattr(meeting, name, values[name])
    moved = bool(meeting.called_at and WHEN_AND_WHERE.intersection(changed))
    meeting.sequence += moved
    meeting.save(update_fields=[*changed, "sequence"])
    entry = record("meeting.changed", meeting, by=by, note=", ".join(changed))
    if moved and not meeting.is_over:
        tell_members(meeting, "meeting_changed", entry)
    return meeting, entry


@transaction.atomic
def call(meeting, *, by):
    """Call the members to a meeting by mail, once. Returns (row, changed).

    Raises PermissionDenied; Refused where the meeting has begun or nobody could be reached.
    """
    meeting = to_change(meeting, by)
    if meeting.called_at:
        return meeting, None
    if meeting.has_begun:
        raise Refused(_("The meeting has begun already, so nobody is called to it."))
    meeting.called_at = timezone.now()
    meeting.save(update_fields=["called_at"])
    entry = record("meeting.called", meeting, by=by)
    if not tell_members(meeting, "meeting_called", entry):
        raise Refused(_("No member has an address yet. Add one, then call the meeting."))
    return meeting, entry


@transaction.atomic
def record_attendance(meeting, values, *, by):
    """Store who led the meeting and who was there. Returns (row, changed). Raises as `change`."""
    meeting = to_change(meeting, by)
    attendees = list(values.pop("attendees"))
    before = set(meeting.attendees.values_list("pk", flat=True))
    changed = [name for name, value in values.items() if getattr(meeting, name) != value]
    if not changed and before == {member.pk for member in attendees}:
        return meeting, None
    for name in changed:
        setattr(meeting, name, values[name])
    meeting.save(update_fields=changed)
    meeting.attendees.set(attendees)
    return meeting, record("meeting.attended", meeting, by=by)


def reachable(meeting):
    """The members of the day whom a mail can reach: by their account, or by an address alone."""
    day = timezone.localdate(meeting.starts_at)
    members = meeting.group.members.current(day).with_people().order_by("pk")
    return [member for member in members if member.user or member.email]


def tell_members(meeting, template, entry, *, accounts_only=False):
    """Mail each member in their own language; returns to how many.

    accounts_only: for what can only be read in the portal.
    """
    members = [m for m in reachable(meeting) if m.user or not accounts_only]
    for member in members:
        # Who has no account cannot choose how often such mails come: to them each is an invitation.
        receiver = member.user or Addressee(member.email, member.name, member.language)
        post(
            receiver,
            f"emails/{template}.txt",
            key=f"{entry.pk}-{member.pk}",
            context={"meeting": meeting, "has_account": bool(member.user)},
            kind=Kind.GROUP if member.user else Kind.INVITATION,
        )
    return len(members)
