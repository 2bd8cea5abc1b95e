"""The forms about groups: their members, their meetings with notes and decisions, their tasks."""

import secrets
from datetime import timedelta

from django.utils import timezone

from accounts.models import Invitation
from applications.models import Project
from documents.models import Document
from drafting import saving
from tests.drills import world
from tests.drills.acts import Act, audit, audit_in, day, mails_to
from tests.drills.acts_on_texts import comment, comment_on
from tests.factories import ParticipationFactory
from tests.workinggroups.factories import (
    DecisionFactory,
    GroupMemberFactory,
    MeetingFactory,
    TaskFactory,
    WorkingGroupFactory,
)
from workinggroups.models import Decision, GroupMember, Meeting, Task, WorkingGroup
from workinggroups.workflow import notes

FIELD = "notes"


def participation_of(town):
    return ParticipationFactory(project=Project.objects.get(is_demo=True), municipality=town)


def town_with_group():
    """A municipality, its coordinator, and its working group."""
    town = world.town()
    group = WorkingGroupFactory(participation=participation_of(town))
    return town, world.person(town), group


def member_with_account(group):
    user = world.person(group.municipality, "member")
    return GroupMemberFactory(group=group, user=user, email=user.email)


def in_days(days):
    return day(timezone.localdate() + timedelta(days=days))


def found_group():
    town = world.town()
    participation = participation_of(town)
    form = {"name": "", "purpose": "A drill.", "founded_on": in_days(0)}
    effects = [participation.groups.all(), audit_in(town, "workinggroup.founded")]
    path = f"/participations/{participation.pk}/found/working-group/"
    return Act([world.person(town)], path, form, effects)


def found_delegation():
    town = world.town()
    participation = participation_of(town)
    form = {"name": "Delegation", "appointing_body": "Board", "founded_on": in_days(0)}
    form |= {"term_since": in_days(0), "term_until": in_days(900), "purpose": ""}
    effects = [participation.groups.all(), audit_in(town, "workinggroup.founded")]
    path = f"/participations/{participation.pk}/found/delegation/"
    return Act([world.person(town)], path, form, effects)


def edit_group():
    _town, coordinator, group = town_with_group()
    form = {"name": "Changed", "purpose": "", "founded_on": day(group.founded_on)}
    stored = WorkingGroup.objects.filter(pk=group.pk, name="Changed")
    effects = [stored, audit("workinggroup.changed", group)]
    return Act([coordinator], f"/groups/{group.pk}/edit/", form, effects)


def terms(address, since):
    """What the form of a group's member sends; who has this address is to get into the portal."""
    form = {"name": "New", "role": "secretary", "since": since, "email": address}
    return form | {"organisation": "", "sector": "", "until": "", "language": "fi", "access": "on"}


def add_member():
    town, coordinator, group = town_with_group()
    address = f"grouped-{next(world.NUMBER)}@drill.example"
    effects = [
        group.members.filter(email=address),
        audit_in(town, "groupmember.added"),
        Invitation.objects.filter(municipality=town, email=address),
        mails_to(address),
    ]
    path = f"/groups/{group.pk}/members/add/"
    return Act([coordinator], path, terms(address, in_days(0)), effects)


def edit_member():
    town, coordinator, group = town_with_group()
    address = f"grouped-{next(world.NUMBER)}@drill.example"
    member = GroupMemberFactory(group=group)
    effects = [
        GroupMember.objects.filter(pk=member.pk, role="secretary", email=address),
        audit("groupmember.changed", member),
        Invitation.objects.filter(municipality=town, email=address),
        mails_to(address),
    ]
    path = f"/group-members/{member.pk}/edit/"
    return Act([coordinator], path, terms(address, day(member.since)), effects)


def when_and_where():
    form = {"day": in_days(20), "starts": "14.00", "ends": "15.30", "place": "Library"}
    return form | {"link": "", "language": "fi"}


def plan_meeting():
    town, coordinator, group = town_with_group()
    effects = [group.meetings.all(), audit_in(town, "meeting.planned")]
    return Act([coordinator], f"/groups/{group.pk}/meetings/add/", when_and_where(), effects)


def town_with_meeting(**others):
    """A municipality, its coordinator, a meeting of its group, and a member with an account."""
    town, coordinator, group = town_with_group()
    meeting = MeetingFactory(group=group, **others)
    return town, coordinator, meeting, member_with_account(group)


def write_agenda():
    _town, coordinator, meeting, _member = town_with_meeting()
    form = {"read": 0, "agenda": "Sent twice.", "notes": "", "key": secrets.token_hex(16)}
    stored = Meeting.objects.filter(pk=meeting.pk, agenda="Sent twice.", version=1)
    path = f"/meetings/{meeting.pk}/edit/"
    return Act([coordinator], path, form, [stored, meeting.revisions.filter(version__gt=0)])


def move_called_meeting():
    _town, coordinator, meeting, member = town_with_meeting(called_at=timezone.now())
    effects = [
        Meeting.objects.filter(pk=meeting.pk, place="Library", sequence=1),
        audit("meeting.changed", meeting),
        mails_to(member.email),
    ]
    return Act([coordinator], f"/meetings/{meeting.pk}/details/", when_and_where(), effects)


def record_attendance():
    _town, coordinator, meeting, member = town_with_meeting(held=True)
    form = {"chair": member.pk, "secretary": "", "attendees": member.pk, "also_present": ""}
    effects = [meeting.attendees.filter(pk=member.pk), audit("meeting.attended", meeting)]
    return Act([coordinator], f"/meetings/{meeting.pk}/attendance/", form, effects)


def call_meeting():
    _town, coordinator, meeting, member = town_with_meeting()
    effects = [audit("meeting.called", meeting), mails_to(member.email)]
    return Act([coordinator], f"/meetings/{meeting.pk}/call/", {}, effects)


def open_for_remarks():
    _town, coordinator, meeting, member = town_with_meeting(held=True)
    effects = [audit("meeting.remarks", meeting), mails_to(member.email)]
    return Act([coordinator], f"/meetings/{meeting.pk}/move/remarks/", {}, effects)


def approve_notes():
    _town, coordinator, meeting, member = town_with_meeting(held=True, state="remarks")
    effects = [
        audit("meeting.approved", meeting),
        meeting.files.filter(language="fi"),
        Document.objects.filter(asked_by=coordinator, notes_file__language="fi"),
        mails_to(member.email),
    ]
    return Act([coordinator], f"/meetings/{meeting.pk}/move/approved/", {}, effects)


def make_notes_again():
    _town, coordinator, meeting, _member = town_with_meeting(held=True, state="remarks")
    notes.move(meeting, "approved", by=coordinator)
    file = meeting.files.get(language="sv")
    rows = Document.objects.filter(pk=file.document_id)
    rows.update(state=Document.State.FAILED)
    waiting = rows.exclude(state=Document.State.FAILED)
    path = f"/meetings/{meeting.pk}/files/sv/again/"
    return Act([coordinator], path, {}, [waiting, audit("notes.asked_again", meeting)])


def add_decision():
    town, coordinator, meeting, _member = town_with_meeting(held=True)
    effects = [meeting.decisions.all(), audit_in(town, "decision.made")]
    path = f"/meetings/{meeting.pk}/decisions/add/"
    return Act([coordinator], path, {"text": "Decided.", "before": ""}, effects)


def edit_decision():
    _town, coordinator, meeting, _member = town_with_meeting(held=True)
    decision = DecisionFactory(meeting=meeting)
    stored = Decision.objects.filter(pk=decision.pk, text="Better.")
    form = {"text": "Better.", "before": decision.text}
    effects = [stored, audit("decision.changed", decision)]
    return Act([coordinator], f"/decisions/{decision.pk}/edit/", form, effects)


def remove_decision():
    _town, coordinator, meeting, _member = town_with_meeting(held=True)
    gone, _stays = DecisionFactory.create_batch(2, meeting=meeting)
    effects = [meeting.decisions.all(), audit("decision.removed", meeting)]
    return Act([coordinator], f"/decisions/{gone.pk}/remove/", {}, effects)


def task_for(owner):
    return {"title": "Find a room.", "owner": owner.pk, "due_on": in_days(14)}


def add_task():
    town, coordinator, group = town_with_group()
    owner = member_with_account(group)
    effects = [group.tasks.all(), audit_in(town, "task.agreed"), mails_to(owner.email)]
    return Act([coordinator], f"/groups/{group.pk}/tasks/add/", task_for(owner), effects)


def add_task_of_meeting():
    town, coordinator, meeting, owner = town_with_meeting(held=True)
    effects = [meeting.tasks.all(), audit_in(town, "task.agreed"), mails_to(owner.email)]
    return Act([coordinator], f"/meetings/{meeting.pk}/tasks/add/", task_for(owner), effects)


def hand_task_over():
    _town, coordinator, group = town_with_group()
    task, owner = TaskFactory(group=group), member_with_account(group)
    stored = Task.objects.filter(pk=task.pk, owner=owner)
    effects = [stored, audit("task.changed", task), mails_to(owner.email)]
    return Act([coordinator], f"/tasks/{task.pk}/edit/", task_for(owner), effects)


def mark_task_done():
    _town, coordinator, group = town_with_group()
    task = TaskFactory(group=group)
    effects = [group.tasks.done(), audit("task.done", task)]
    return Act([coordinator], f"/tasks/{task.pk}/mark/done/", {}, effects)


def reopen_task():
    _town, coordinator, group = town_with_group()
    task = TaskFactory(group=group, done_at=timezone.now(), done_by=coordinator)
    effects = [group.tasks.open(), audit("task.reopened", task)]
    return Act([coordinator], f"/tasks/{task.pk}/mark/not-done/", {}, effects)


def notes_with(*texts):
    """A municipality, its coordinator, a meeting whose notes were written so, their address."""
    town, coordinator, meeting, _member = town_with_meeting(held=True)
    for text in texts:
        read = meeting.version
        meeting = saving.save(meeting, {FIELD: text}, read=read, by=coordinator).row
    return town, coordinator, meeting, f"/meetings/{meeting.pk}/texts/{FIELD}/"


def comment_on_notes():
    return comment(notes_with, "comments")


def withdraw_comment_on_notes():
    town, coordinator, meeting, path = notes_with()
    said = comment_on(meeting, town, coordinator, FIELD)
    effects = [audit("comment.withdrawn", said)]
    return Act([coordinator], f"{path}comments/{said.pk}/withdrawn/", {}, effects)


def restore_notes():
    _town, coordinator, meeting, path = notes_with("First.", "Second.")
    restored = Meeting.objects.filter(pk=meeting.pk, notes="First.", version=3)
    effects = [restored, audit("meeting.restored", meeting)]
    return Act([coordinator], f"{path}history/1/restore/", {"read": 2}, effects)


ACTS = {
    "workinggroups:found": [found_group, found_delegation],
    "workinggroups:edit": [edit_group],
    "workinggroups:member_add": [add_member],
    "workinggroups:member_edit": [edit_member],
    "workinggroups:meeting_add": [plan_meeting],
    "workinggroups:meeting_edit": [write_agenda],
    "workinggroups:meeting_text_comment": [comment_on_notes],
    "workinggroups:meeting_text_comment_move": [withdraw_comment_on_notes],
    "workinggroups:meeting_text_restore": [restore_notes],
    "workinggroups:details": [move_called_meeting],
    "workinggroups:attendance": [record_attendance],
    "workinggroups:call": [call_meeting],
    "workinggroups:move": [open_for_remarks, approve_notes],
    "workinggroups:remake": [make_notes_again],
    "workinggroups:decision_add": [add_decision],
    "workinggroups:decision_edit": [edit_decision],
    "workinggroups:decision_remove": [remove_decision],
    "workinggroups:task_add": [add_task],
    "workinggroups:meeting_task_add": [add_task_of_meeting],
    "workinggroups:task_edit": [hand_task_over],
    "workinggroups:task_mark": [mark_task_done, reopen_task],
}
