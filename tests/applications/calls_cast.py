"""Calls with their parts, and what is told to those whom they concern."""

import pytest

from applications.workflow import announcements
from tests.applications.calls_factories import (
    AnnouncementFactory,
    CallDateFactory,
    CallDocumentFactory,
    CallQuestionFactory,
    CompleteCallFactory,
    ContactFactory,
    ProjectBodyFactory,
)
from tests.factories import CallFactory, CriterionFactory


@pytest.fixture
def draft_call(db):
    """A drafted call that lacks nothing."""
    call = CompleteCallFactory(state="draft")
    ContactFactory(call=call)
    CriterionFactory(call=call)
    return call


@pytest.fixture
def call_with_parts(call):
    for part in (CallDateFactory, ContactFactory, CallQuestionFactory, CallDocumentFactory):
        part(call=call)
    ProjectBodyFactory(project=call.project)
    return call


@pytest.fixture
def finished_call(db):
    return CallFactory(closed=True)


@pytest.fixture
def call_document(db):
    return CallDocumentFactory()


@pytest.fixture
def drafts_document(db):
    """A document of a call that is a draft still."""
    return CallDocumentFactory(call__state="draft")


@pytest.fixture
def announcement(draft):
    return AnnouncementFactory(call=draft.call)


@pytest.fixture
def sent_announcement(announcement, coordinator, lead):
    return announcements.send(announcement, by=lead)[0]
