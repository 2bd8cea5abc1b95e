"""Visits in their states, and what is written during them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from drafting.saving import save
from drafting.workflow import Place, say
from tests.conftest import store
from tests.visits.factories import (
    FindingFactory,
    ItemFactory,
    NoteFactory,
    PersonMetFactory,
    VisitFactory,
)
from visits.workflow import findings, move, notes


@pytest.fixture
def planned(participation, expert):
    """A visit whose days are over, so that each state can be reached from it."""
    return VisitFactory(participation=participation, experts=[expert])


@pytest.fixture
def confirmed(planned, coordinator):
    return move(planned, "confirmed", by=coordinator)[0]


@pytest.fixture
def coming(confirmed):
    """Confirmed, and still to come."""
    confirmed.starts_on = timezone.localdate()
    confirmed.ends_on = confirmed.starts_on + timedelta(days=1)
    confirmed.save()
    return confirmed


@pytest.fixture
def held(confirmed, expert):
    return move(confirmed, "held", by=expert)[0]


@pytest.fixture
def reporting(held, expert):
    """The report is being written; its summary is version 1."""
    visit = move(held, "report", by=expert)[0]
    return save(visit, {"summary": "CANARY-summary"}, read=0, by=expert).row


@pytest.fixture
def final(reporting, expert):
    return move(reporting, "final", by=expert)[0]


@pytest.fixture
def final_with_files(final):
    for report in final.reports.select_related("document"):
        store(report.document)
    return final


@pytest.fixture
def item(planned):
    return ItemFactory(visit=planned)


@pytest.fixture
def person_met(planned):
    return PersonMetFactory(visit=planned)


@pytest.fixture
def note(planned, expert):
    """The expert's confidential note, its text version 1."""
    row = NoteFactory(visit=planned, by=expert, text="")
    return save(row, {"text": "CANARY-note"}, read=0, by=expert).row


@pytest.fixture
def shared_note(note, expert):
    return notes.move(note, "shared", by=expert)[0]


@pytest.fixture
def found(planned, expert):
    """The draft of a finding, its text version 1."""
    row = FindingFactory(visit=planned, started_by=expert, text="")
    return save(row, {"text": "CANARY-found"}, read=0, by=expert).row


@pytest.fixture
def shared_finding(found, expert):
    return findings.share(found, by=expert)[0]


def comment(row, route, field, expert):
    place = Place(row.municipality, route, row.pk, field, "Text", field)
    return say(row, "CANARY-comment", by=expert, place=place, people=[], key="said")[0]


@pytest.fixture
def said_of_summary(reporting, expert):
    return comment(reporting, "visits:text", "summary", expert)


@pytest.fixture
def said_of_note(note, expert):
    return comment(note, "visits:note_text", "text", expert)


@pytest.fixture
def said_of_finding(found, expert):
    return comment(found, "visits:finding_text", "text", expert)
