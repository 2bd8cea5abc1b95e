"""Working groups of the demo: found one, let it meet, add a delegation. Texts: data/groups.toml."""

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path

from django.utils import timezone

from drafting import saving
from workinggroups.models import Meeting, PartyKind, WorkingGroup
from workinggroups.workflow import groups, meetings, members, notes, tasks

DATA = Path(__file__).parent.parent / "data" / "groups.toml"
SEASON = timedelta(days=150)  # so long ago the groups were founded


def found(participation, *, by, people, language):
    """Found the working group with its members. Returns the group.

    people: the municipality's users who belong to it beside those of the file. by: a coordinator.
    language: "fi" or "sv", of the municipality.
    """
    texts = read(language)
    founded_on = timezone.localdate() - SEASON
    values = {"name": "", "purpose": texts["purpose"], "founded_on": founded_on}
    group, _created = groups.found(participation, WorkingGroup.Kind.WORKING_GROUP, values, by=by)
    for user in people:
        hat = user.memberships.current().filter(municipality=participation.municipality).first()
        own = {"name": user.name, "email": user.email, "sector": hat.sector if hat else ""}
        role = "secretary" if user == by else "member"
        members.add(group, as_member(own | {"role": role}, founded_on, language), by=by)
    for member in [*texts["members"], *texts["former"]]:
        members.add(group, as_member(member, founded_on, language), by=by)
    return group


def appoint(participation, *, by, language):
    """Add a delegation, appointed for two years. Returns the group."""
    texts = read(language)["delegation"]
    begins = timezone.localdate() - SEASON
    values = {name: texts[name] for name in ("name", "purpose", "appointing_body")}
    values |= {"founded_on": begins, "term_since": begins, "term_until": begins + timedelta(730)}
    group, _created = groups.found(participation, WorkingGroup.Kind.DELEGATION, values, by=by)
    for member in texts["members"]:
        members.add(group, as_member(member, begins, language), by=by)
    return group


def meet(group, *, by, language):
    """Let the group meet: approved notes, notes open for remarks, and a meeting to come, called."""
    texts = read(language)
    for name, to in (("approved", ["remarks", "approved"]), ("remarks", ["remarks"])):
        meeting = plan(group, texts[name], by=by, language=language)
        hold(meeting, texts, texts[name], by=by)
        for state in to:
            meeting, _changed = notes.move(meeting, state, by=by)
    meetings.call(plan(group, texts["coming"], by=by, language=language), by=by)


def read(language):
    return tomllib.loads(DATA.read_text())[language]


def as_member(given, since, language):
    """The fields of a member; what the file leaves out is as it mostly is."""
    kind = PartyKind.objects.filter(code=given.get("party_kind")).first()
    return {
        "name": given["name"],
        "organisation": given.get("organisation", ""),
        "party_kind": kind,
        "sector": given.get("sector", ""),
        "role": given.get("role", "member"),
        "policy_areas": given.get("areas", []),
        "since": given.get("since", since),
        "until": given.get("until"),
        "email": given.get("email", ""),
        "language": language,
    }


def plan(group, given, *, by, language):
    day = timezone.localdate() + timedelta(days=given["day"])
    begins = timezone.make_aware(datetime.combine(day, time(13)))
    values = {
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=2),
        "place": given["place"],
        "link": given.get("link", ""),
        "language": language,
    }
    meeting, _created = meetings.plan(group, values, by=by)
    words = {"agenda": given["agenda"].strip(), "notes": given.get("notes", "").strip()}
    return Meeting.objects.get(pk=saving.save(meeting, words, read=0, by=by).row.pk)


def hold(meeting, texts, given, *, by):
    """Write down who was there, what was decided and what is to be done."""
    named = [member["name"] for member in texts["members"]]
    people = {member.name: member for member in meeting.group.members.all()}
    there = [member for member in people.values() if member.is_current]
    values = {"chair": meeting.chair, "secretary": meeting.secretary}
    values |= {"also_present": given.get("guests", ""), "attendees": there[:-2]}
    meetings.record_attendance(meeting, values, by=by)
    for text in given["decisions"]:
        notes.decide(meeting, text, by=by)
    for task in given["tasks"]:
        due_on = timezone.localdate() + timedelta(days=task["due"])
        fields = {"title": task["title"], "owner": people[named[task["owner"]]], "due_on": due_on}
        row, _created = tasks.agree(meeting.group, fields, meeting=meeting, by=by)
        if task.get("done"):
            tasks.mark(row, done=True, by=by)
