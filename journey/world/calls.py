"""What a call says beside its texts, the deadline that was moved, and what is told to all."""

from datetime import timedelta

from django.utils import timezone

from applications.models import (
    Announcement,
    CallDate,
    CallDocument,
    CallQuestion,
    Contact,
    DeadlineMove,
    ProjectBody,
)
from applications.workflow import announcements, calls
from documents.receiving import Received, examine
from journey.world.book import PORTAL, canary, texts
from journey.world.documents import pdf

MOVED = "writing"  # the call whose deadline is moved
# A message to those whom a call concerns: the call, to whom, and the state it ends in.
MESSAGES = {
    "unsent": ("writing", "drafts", "draft"),
    "to_drafts": ("writing", "drafts", "sent"),
    "to_applicants": ("reviewing", "applicants", "sent"),
    "to_all": ("first", "taking_part", "sent"),
}


def fill(world):
    move_deadline(world)
    for name in MESSAGES:
        announce(world, name)


def add_bodies(world, project, name):
    for role in ProjectBody.Role.values:
        what = f"project_body.{name}_{role}"
        row = project.bodies.create(role=role, **texts(ProjectBody, PORTAL, what))
        world.note(row, what)


def furnish(world, call, name):
    """A date with hours and one of a whole day, a contact person, an answer and a document."""
    soon = timezone.now() + timedelta(days=5)
    for kind, more in {
        "hours": {"ends_at": soon + timedelta(hours=2)},
        "day": {"is_whole_day": True},
    }.items():
        what = f"call_date.{name}_{kind}"
        row = call.dates.create(starts_at=soon, **more, **texts(CallDate, PORTAL, what))
        world.note(row, what)
    what = f"contact.{name}"
    row = call.contacts.create(languages=["fi", "sv"], **texts(Contact, PORTAL, what))
    world.note(row, what)
    what = f"call_question.{name}"
    world.note(call.questions.create(**texts(CallQuestion, PORTAL, what)), what)
    add_document(world, call, f"call_document.{name}")


def add_document(world, call, what):
    file = received(f"{canary(PORTAL, what, 'name')}.pdf", canary(PORTAL, what, "file"))
    upload = calls.store_document(call, file, by=world.people["lead"])
    file.close()
    world.note(call.documents.create(upload=upload, **texts(CallDocument, PORTAL, what)), what)
    world.note(upload, what.replace("document", "upload"))


def received(name, title):
    """A PDF as it comes from a browser, looked at already."""
    file = Received(name, "application/pdf")
    file.add(pdf(title))
    examine(file.finish())
    return file


def move_deadline(world):
    call = world.calls[MOVED]
    what = f"deadline_move.{MOVED}"
    reasons = texts(DeadlineMove, PORTAL, what)
    call, moved = calls.move_deadline(
        call,
        call.closes_at + timedelta(days=7),
        read=call.closes_at,
        reasons={name.removeprefix("reason_"): text for name, text in reasons.items()},
        by=world.people["lead"],
    )
    world.note(moved, what)


def announce(world, name):
    call, audience, state = MESSAGES[name]
    what = f"announcement.{name}"
    row = Announcement.objects.create(
        call=world.calls[call], audience=audience, **texts(Announcement, PORTAL, what)
    )
    if state == Announcement.State.SENT:
        row, _changed = announcements.send(row, by=world.people["lead"])
    world.note(row, what)
