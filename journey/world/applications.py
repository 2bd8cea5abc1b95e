"""Calls in every phase; in each town an application in every state up to the review."""

from datetime import timedelta

from django.utils import timezone

from applications import workflow
from applications.models import (
    WRITTEN,
    Application,
    Call,
    Project,
)
from applications.workflow import attachments, calls
from drafting import saving
from journey.world import reviewing
from journey.world.book import PORTAL, TOWNS, canary, texts
from journey.world.calls import add_bodies, furnish, received

# Days from today: begins, ends.
PROJECTS = {"one": (-200, 500), "two": (-100, 600), "past": (-1500, -300)}

# A call's project, the phase it ends in, and what each town's application is before the selection.
CALLS = {
    "draft": ("one", "draft", {}),
    "coming": ("one", "coming", {}),
    "writing": ("one", "open", dict.fromkeys(TOWNS, "draft")),
    "joining": ("one", "open", dict.fromkeys("AB", "draft")),  # with partners: world/partners.py
    "handing_in": ("one", "open", dict.fromkeys(TOWNS, "submitted")),
    "leaving": ("one", "open", dict.fromkeys(TOWNS, "withdrawn")),
    "reviewing": ("one", "closed", dict.fromkeys(TOWNS, "in_review")),
    "returning": ("one", "closed", dict.fromkeys(TOWNS, "returned")),
    "proposing": ("two", "closed", dict.fromkeys(TOWNS, "in_review")),
    "sending_back": ("two", "closed", dict.fromkeys(TOWNS, "in_review")),
    "first": ("one", "decided", dict.fromkeys(TOWNS, "in_review")),
    "second": ("two", "decided", dict.fromkeys(TOWNS, "in_review")),
    "third": ("two", "decided", dict.fromkeys(TOWNS, "in_review")),
    "fourth": ("one", "decided", dict.fromkeys(TOWNS, "in_review")),
    "fifth": ("two", "decided", dict.fromkeys(TOWNS, "in_review")),
}
SEATS = {"third": 1, "fourth": 1, "fifth": 1}
# The moves that lead to a state, and who makes them.
BY_COORDINATOR, BY_REVIEWER = "{town}.coordinator", "reviewer"
HANDED_IN = [("submitted", BY_COORDINATOR)]
MOVES = {
    "draft": [],
    "submitted": HANDED_IN,
    "withdrawn": [*HANDED_IN, ("withdrawn", BY_COORDINATOR)],
    "in_review": [*HANDED_IN, ("in_review", BY_REVIEWER)],
}


def fill(world):
    for name, days in PROJECTS.items():
        world.projects[name] = store_project(world, name, days)
    for name, (project, _phase, outcomes) in CALLS.items():
        world.calls[name] = store_call(world, name, world.projects[project])
        for letter, outcome in outcomes.items():
            apply(world, name, letter, outcome)
    close(world)


def store_project(world, name, days):
    today = timezone.localdate()
    row = Project.objects.create(
        code=f"world-{name}",
        starts_on=today + timedelta(days=days[0]),
        ends_on=today + timedelta(days=days[1]),
        is_demo=True,
        **texts(Project, PORTAL, f"project.{name}"),
    )
    add_bodies(world, row, name)
    return world.note(row, f"project.{name}")


def store_call(world, name, project):
    """A call that is open, or will be; `close` brings it to the phase it ends in."""
    now, phase = timezone.now(), CALLS[name][1]
    opens, closes = (30, 60) if phase == "coming" else (-60, 30)
    call = Call.objects.create(
        project=project,
        slug=f"world-{name.replace('_', '-')}",
        opens_at=now + timedelta(days=opens),
        closes_at=now + timedelta(days=closes),
        seats=SEATS.get(name, 2),
        **texts(Call, PORTAL, f"call.{name}"),
    )
    furnish(world, call, name)
    reviewing.store_criterion(world, call, name)
    if phase != "draft":
        call, _changed = calls.publish(call, by=world.people["lead"])
    return world.note(call, f"call.{name}")


def apply(world, name, letter, outcome):
    """Begin, write, and move one town's application as far as it gets before the call closes."""
    coordinator = world.people[f"{letter}.coordinator"]
    call, town = world.calls[name], world.towns[letter]
    row, _created = workflow.start(call, town, by=coordinator)
    what = f"application.{name}"
    row = saving.save(row, words(letter, what), read=0, by=coordinator).row
    attach(world, row, letter, name)
    for to, mover in MOVES.get(outcome, MOVES["in_review"]):
        by = world.people[mover.format(town=letter)]
        row, _changed = workflow.move(row, to, by=by, note=canary(letter, what, "note"))
    if row.state == Application.State.IN_REVIEW:
        reviewing.review(world, row, letter, name)
    if outcome == Application.State.RETURNED:
        row = reviewing.send_back(world, row, letter)
    world.applications[letter, name] = world.note(row, what, letter)


def attach(world, application, letter, name):
    """Hand a file in with the draft; to the one still being written a second, removed again."""
    by = world.people[f"{letter}.coordinator"]
    for what in [name, f"{name}_removed"] if name == "writing" else [name]:
        what = f"attachment.{what}"
        file = received(f"{canary(letter, what, 'name')}.pdf", canary(letter, what, "file"))
        row, _created = attachments.attach(application, file, what="letter", by=by)
        file.close()
        if what.endswith("removed"):
            attachments.remove(row, by=by)
        world.note(row, what, letter)
        world.note(row.upload, what.replace("attachment", "upload"), letter)


def words(letter, what):
    """What a complete application says: a canary in each of its texts."""
    written = texts(Application, letter, what, only=WRITTEN)
    decided = timezone.localdate() - timedelta(days=40)
    return written | {"decided_on": decided, "works_in_english": True, "stays_to_the_end": True}


def close(world):
    yesterday = timezone.now() - timedelta(days=1)
    over = [world.calls[name].pk for name, row in CALLS.items() if row[1] in {"closed", "decided"}]
    Call.objects.filter(pk__in=over).update(closes_at=yesterday)
