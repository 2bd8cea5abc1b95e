"""In each town a working group and a delegation, with meetings and notes in every state."""

from datetime import timedelta

from django.utils import timezone

from accounts.roles import Sector
from drafting import saving
from drafting.workflow import Place
from journey.world.book import TOWNS, texts
from journey.world.documents import bring
from journey.world.drafting import talk
from journey.world.indexanalysis import ANSWERING
from workinggroups import register
from workinggroups.models import (
    Decision,
    GroupMember,
    LegalBasis,
    Meeting,
    PartyKind,
    Task,
    WorkingGroup,
)
from workinggroups.workflow import groups, meetings, members, notes, tasks

# What a member is called: the person of the cast, or nobody; the time, in days from today.
MEMBERS = {
    "chair": ("coordinator", (-300, None)),
    "linked": ("member", (-300, None)),
    "reading": ("reader", (-300, None)),
    "addressed": (None, (-300, None)),
    "gone": (None, (-300, -30)),
    "future": (None, (400, None)),
}
# Days from today on which a meeting is, the state its notes end in, and whether it was called.
MEETINGS = {
    "draft": (-10, "draft", True),
    "remarks": (-40, "remarks", True),
    "approved": (-70, "approved", True),
    "planned": (40, "draft", False),
    "called": (20, "draft", True),
}
FILES = {"en": "ready", "fi": "queued", "sv": "expired"}
TASKS = {"open": ("linked", False), "done": ("addressed", True)}


def fill(world):
    register.load(PartyKind, LegalBasis)  # there already, unless the tables were emptied
    for letter in TOWNS:
        participation = world.participations[letter, ANSWERING[letter]]
        group = found(world, letter, participation, "working_group")
        found(world, letter, participation, "delegation")
        people = {name: join(world, letter, group, name) for name in MEMBERS}
        for name in MEETINGS:
            meet(world, letter, group, name, people)


def found(world, letter, participation, kind):
    by, today, what = world.people[f"{letter}.coordinator"], timezone.localdate(), f"{kind}.one"
    values = texts(WorkingGroup, letter, what, only=["name", "purpose"]) | {"founded_on": today}
    if kind == "delegation":
        values |= texts(WorkingGroup, letter, what, only=["appointing_body"])
        term = {"term_since": today - timedelta(500), "term_until": today + timedelta(500)}
        values |= term
    group, _created = groups.found(participation, kind, values, by=by)
    return world.note(group, what, letter)


def join(world, letter, group, name):
    person, (since, until) = MEMBERS[name]
    by, today, what = (
        world.people[f"{letter}.coordinator"],
        timezone.localdate(),
        f"group_member.{name}",
    )
    values = texts(GroupMember, letter, what)
    if person:
        values["email"] = world.people[f"{letter}.{person}"].email
    values |= {
        "role": "chair" if name == "chair" else "member",
        "party_kind": None if person else PartyKind.objects.get(code="kela"),
        "sector": Sector.LIBRARY if person else "",
        "policy_areas": ["education"] if name == "addressed" else [],
        "since": today + timedelta(since),
        "until": until and today + timedelta(until),
        "language": "sv",
    }
    member, _created = members.add(group, values, by=by)
    return world.note(member, what, letter)


def meet(world, letter, group, name, people):
    """Plan a meeting, call it, hold it and move its notes, as far as it gets."""
    days, state, is_called = MEETINGS[name]
    by, what = world.people[f"{letter}.member"], f"meeting.{name}"
    coming = timezone.now().replace(microsecond=0) + timedelta(days=abs(days) + len(name) / 24)
    place = texts(Meeting, letter, what, only=["place"])
    values = {
        "starts_at": coming,
        "ends_at": coming + timedelta(hours=2),
        "link": "",
        "language": "fi",
    }
    meeting, _created = meetings.plan(group, values | place, by=by)
    if is_called:
        meeting, _changed = meetings.call(meeting, by=by)
    written = texts(Meeting, letter, what, only=["agenda", "notes"])
    meeting = saving.save(meeting, written, read=0, by=by).row
    if days < 0:
        hold(world, letter, meeting, name, people)
    for to in {"remarks": ["remarks"], "approved": ["remarks", "approved"]}.get(state, []):
        meeting, _changed = notes.move(meeting, to, by=world.people[f"{letter}.coordinator"])
    world.note(meeting, what, letter)
    for file in meeting.files.select_related("document"):
        bring(world, file.document, FILES[file.language], letter, f"notes.{file.language}")


def hold(world, letter, meeting, name, people):
    """Let the meeting lie in the past, and write down what came of it."""
    by, what = world.people[f"{letter}.member"], f"meeting.{name}"
    past = meeting.starts_at - timedelta(days=2 * abs(MEETINGS[name][0]))
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=past, ends_at=past + timedelta(hours=2))
    meeting.refresh_from_db()
    present = {"chair": people["chair"], "secretary": people["linked"]}
    present |= texts(Meeting, letter, what, only=["also_present"])
    there = [people["chair"], people["addressed"]]
    meetings.record_attendance(meeting, present | {"attendees": there}, by=by)
    text = texts(Decision, letter, f"decision.{name}")["text"]
    decision, _created = notes.decide(meeting, text, by=by)
    world.note(decision, f"decision.{name}", letter)
    for how, (owner, is_done) in TASKS.items():
        title = texts(Task, letter, f"task.{name}_{how}")["title"]
        values = {"title": title, "owner": people[owner], "due_on": timezone.localdate()}
        giver = world.people[f"{letter}.coordinator"]
        task, _created = tasks.agree(meeting.group, values, meeting=meeting, by=giver)
        if is_done:
            tasks.mark(task, done=True, by=by)
        world.note(task, f"task.{name}_{how}", letter)
    if name == "draft":
        place = Place(
            world.towns[letter], "workinggroups:meeting_text", meeting.pk, "notes", "Notes", "notes"
        )
        talk(world, letter, meeting, place, "notes", ["coordinator", "reader"])
