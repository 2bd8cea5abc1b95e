"""The forms about visits: planned, arranged, moved on; notes, findings, the follow-up."""

import secrets
from datetime import timedelta

from django.utils import timezone

from documents.models import Document
from tests.drills import desks, world
from tests.drills.acts import Act, audit, audit_in, day, mails_to
from tests.factories import ParticipationFactory
from tests.indexanalysis.factories import RecommendationFactory
from tests.visits.factories import (
    FindingFactory,
    ItemFactory,
    NoteFactory,
    PersonMetFactory,
    VisitFactory,
)
from visits import workflow
from visits.models import Finding, Note, PersonMet, ProgrammeItem, Visit

SECTION = "education"
PARTS = {"section": SECTION, "language": "en"}


def visit_of(**others):
    """A municipality's coordinator, its expert, and a visit whose days are over."""
    town = world.town()
    coordinator, expert = world.person(town), world.expert(town)
    participation = ParticipationFactory(municipality=town)
    visit = VisitFactory(participation=participation, experts=[expert], **others)
    return coordinator, expert, visit


def note_of(**others):
    _coordinator, expert, visit = visit_of()
    return expert, NoteFactory(visit=visit, by=expert, **others)


def finding_of():
    _coordinator, expert, visit = visit_of()
    return expert, FindingFactory(visit=visit, started_by=expert)


def days_from(first):
    return {"starts_on": day(first), "ends_on": day(first + timedelta(days=1))}


def plan():
    town = world.town()
    coordinator, expert = world.person(town), world.expert(town)
    participation = ParticipationFactory(municipality=town)
    form = {"kind": "site", "place": "Town hall", "experts": expert.pk}
    form |= days_from(timezone.localdate())
    told = [mails_to(user.email) for user in (coordinator, expert)]
    effects = [participation.visits.all(), audit_in(town, "visit.planned"), *told]
    path = f"/participations/{participation.pk}/visits/new/"
    return Act([world.lead(), world.lead()], path, form, effects)


def change():
    coordinator, _expert, visit = visit_of()
    item = ItemFactory(visit=visit)
    later = visit.starts_on + timedelta(days=1)
    form = {"kind": "site", "place": "Changed"} | days_from(later)
    effects = [
        Visit.objects.filter(pk=visit.pk, place="Changed"),
        ProgrammeItem.objects.filter(pk=item.pk, day=later),
        audit("visit.changed", visit),
    ]
    return Act([coordinator], f"/visits/{visit.pk}/change/", form, effects)


def moved(visit, mover, to, *effects):
    return Act(
        [mover], f"/visits/{visit.pk}/move/{to}/", {}, [audit(f"visit.{to}", visit), *effects]
    )


def confirm():
    coordinator, expert, visit = visit_of()
    return moved(visit, coordinator, "confirmed", mails_to(expert.email))


def plan_again():
    coordinator, expert, visit = visit_of(state="confirmed")
    return moved(visit, coordinator, "planned", mails_to(expert.email))


def hold():
    _coordinator, expert, visit = visit_of(state="confirmed")
    return moved(visit, expert, "held")


def begin_report():
    _coordinator, expert, visit = visit_of(state="held")
    return moved(visit, expert, "report")


def finish_report():
    coordinator, expert, visit = visit_of(state="report", summary="A summary.")
    ordered = Document.objects.filter(asked_by=expert, visit_report__language="fi")
    reports = visit.reports.filter(language="fi")
    return moved(visit, expert, "final", reports, ordered, mails_to(coordinator.email))


def make_report_again():
    coordinator, expert, visit = visit_of(state="report", summary="A summary.")
    workflow.move(visit, "final", by=expert)
    document = Document.objects.filter(visit_report__visit=visit, visit_report__language="sv")
    document.update(state=Document.State.FAILED)
    effects = [document.exclude(state=Document.State.FAILED), audit("report.asked_again", visit)]
    return Act([coordinator], f"/visits/{visit.pk}/report/sv/again/", {}, effects)


def add_item():
    coordinator, _expert, visit = visit_of()
    form = {"day": day(visit.starts_on), "starts": "09:00", "ends": "10:00", "title": "Library"}
    effects = [visit.items.all(), audit("programmeitem.added", visit)]
    return Act([coordinator], f"/visits/{visit.pk}/programme/", form, effects)


def change_item():
    coordinator, _expert, visit = visit_of()
    item = ItemFactory(visit=visit)
    form = {"day": day(item.day), "starts": "09:00", "ends": "11:00", "title": "Changed"}
    stored = ProgrammeItem.objects.filter(pk=item.pk, title="Changed")
    effects = [stored, audit("programmeitem.changed", visit)]
    return Act([coordinator], f"/programme-items/{item.pk}/", form, effects)


def remove_item():
    coordinator, _expert, visit = visit_of()
    item = ItemFactory(visit=visit)
    effects = [audit("programmeitem.removed", visit)]
    return Act([coordinator], f"/programme-items/{item.pk}/remove/", {}, effects)


def meet_somebody():
    coordinator, _expert, visit = visit_of()
    form = {"name": "Somebody", "post": "Head", "organisation": "Library"}
    effects = [PersonMet.objects.filter(visit=visit), audit("personmet.added", visit)]
    return Act([coordinator], f"/visits/{visit.pk}/people/", form, effects)


def remove_somebody():
    coordinator, _expert, visit = visit_of()
    person = PersonMetFactory(visit=visit)
    effects = [audit("personmet.removed", visit)]
    return Act([coordinator], f"/people-met/{person.pk}/remove/", {}, effects)


def reporting():
    """An expert, a visit whose report they write, and the address of it."""
    _coordinator, expert, visit = visit_of(state="report")
    return expert, visit, f"/visits/{visit.pk}/"


def write_summary():
    expert, visit, address = reporting()
    return desks.write(visit, expert, address, "summary", language="en")


def comment_on_summary():
    expert, visit, address = reporting()
    reader = world.expert(visit.municipality)
    return desks.comment(visit, expert, reader, f"{address}texts/summary/")


def mark_comment_on_summary():
    expert, visit, address = reporting()
    return desks.mark(visit, expert, f"{address}texts/summary/", "done")


def restore_summary():
    expert, visit, address = reporting()
    return desks.restore(visit, expert, f"{address}texts/summary/")


def begin_note():
    _coordinator, expert, visit = visit_of()
    item = ItemFactory(visit=visit)
    form = PARTS | {"item": item.pk}
    return Act([expert], f"/visits/{visit.pk}/notes/new/", form, [visit.notes.all()])


def write_note():
    expert, note = note_of()
    return desks.write(note, expert, f"/notes/{note.pk}/", "text")


def share_note():
    expert, note = note_of()
    return Act([expert], f"/notes/{note.pk}/move/shared/", {}, [audit("note.shared", note)])


def take_note_back():
    expert, note = note_of(state=Note.State.SHARED)
    effects = [audit("note.confidential", note)]
    return Act([expert], f"/notes/{note.pk}/move/confidential/", {}, effects)


def discard_note():
    expert, note = note_of()
    return Act([expert], f"/notes/{note.pk}/discard/", {}, [audit("note.discarded", note)])


def comment_on_note():
    expert, note = note_of()
    reader = world.expert(note.municipality)
    return desks.comment(note, expert, reader, f"/notes/{note.pk}/texts/text/")


def withdraw_comment_on_note():
    expert, note = note_of()
    return desks.mark(note, expert, f"/notes/{note.pk}/texts/text/", "withdrawn")


def restore_note():
    expert, note = note_of()
    return desks.restore(note, expert, f"/notes/{note.pk}/texts/text/")


def begin_finding():
    _coordinator, expert, visit = visit_of()
    form = PARTS | {"kind": "gap"}
    return Act([expert], f"/visits/{visit.pk}/findings/new/", form, [visit.findings.all()])


def change_basis():
    expert, finding = finding_of()
    code = finding.visit.edition.section(SECTION).questions[0].code
    form = PARTS | {"kind": "gap", "questions": code}
    stored = Finding.objects.filter(pk=finding.pk, kind="gap", questions=[code])
    return Act([expert], f"/findings/{finding.pk}/basis/", form, [stored])


def write_finding():
    expert, finding = finding_of()
    return desks.write(finding, expert, f"/findings/{finding.pk}/", "text", title="A title")


def share_finding():
    expert, finding = finding_of()
    effects = [audit("finding.shared", finding)]
    return Act([expert], f"/findings/{finding.pk}/share/", {}, effects)


def discard_finding():
    expert, finding = finding_of()
    effects = [audit("finding.discarded", finding)]
    return Act([expert], f"/findings/{finding.pk}/discard/", {}, effects)


def comment_on_finding():
    expert, finding = finding_of()
    reader = world.expert(finding.municipality)
    return desks.comment(finding, expert, reader, f"/findings/{finding.pk}/texts/text/")


def mark_comment_on_finding():
    expert, finding = finding_of()
    return desks.mark(finding, expert, f"/findings/{finding.pk}/texts/text/", "done")


def restore_finding():
    expert, finding = finding_of()
    return desks.restore(finding, expert, f"/findings/{finding.pk}/texts/text/")


def observe():
    town = world.town()
    row = RecommendationFactory(assessment=world.assessment(town), issued=True, number=1)
    form = {"day": day(timezone.localdate()), "text": "Begun.", "key": secrets.token_hex(16)}
    effects = [row.observations.all(), audit_in(town, "observation.made")]
    return Act([world.person(town)], f"/recommendations/{row.pk}/observe/", form, effects)


ACTS = {
    "visits:plan": [plan],
    "visits:change": [change],
    "visits:move": [confirm, plan_again, hold, begin_report, finish_report],
    "visits:remake": [make_report_again],
    "visits:programme": [add_item],
    "visits:item": [change_item],
    "visits:item_remove": [remove_item],
    "visits:people": [meet_somebody],
    "visits:person_remove": [remove_somebody],
    "visits:edit": [write_summary],
    "visits:text_comment": [comment_on_summary],
    "visits:text_comment_move": [mark_comment_on_summary],
    "visits:text_restore": [restore_summary],
    "visits:note_new": [begin_note],
    "visits:note_edit": [write_note],
    "visits:note_move": [share_note, take_note_back],
    "visits:note_discard": [discard_note],
    "visits:note_text_comment": [comment_on_note],
    "visits:note_text_comment_move": [withdraw_comment_on_note],
    "visits:note_text_restore": [restore_note],
    "visits:finding_new": [begin_finding],
    "visits:finding_basis": [change_basis],
    "visits:finding_edit": [write_finding],
    "visits:finding_share": [share_finding],
    "visits:finding_discard": [discard_finding],
    "visits:finding_text_comment": [comment_on_finding],
    "visits:finding_text_comment_move": [mark_comment_on_finding],
    "visits:finding_text_restore": [restore_finding],
    "visits:observe": [observe],
}
