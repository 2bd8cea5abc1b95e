"""The rows of working groups that tests of several folders name."""

import pytest

from documents.workflow import claim, finish
from drafting.saving import save
from drafting.workflow import Place, say
from tests.factories import ParticipationFactory
from tests.workinggroups.factories import (
    DecisionFactory,
    GroupMemberFactory,
    MeetingFactory,
    TaskFactory,
    WorkingGroupFactory,
)
from workinggroups.models import PartyKind
from workinggroups.workflow import notes


@pytest.fixture
def kinds(db):
    """The kinds of party by code."""
    return {kind.code: kind for kind in PartyKind.objects.all()}


@pytest.fixture
def party_kind(kinds):
    return kinds["kela"]


@pytest.fixture
def past_participation(town):
    return ParticipationFactory(municipality=town, state="completed")


@pytest.fixture
def group(participation, kinds):
    return WorkingGroupFactory(participation=participation)


@pytest.fixture
def delegation(participation, kinds):
    return WorkingGroupFactory(participation=participation, delegation=True)


@pytest.fixture
def group_member(group):
    """Somebody of the group without an account."""
    return GroupMemberFactory(group=group, name="CANARY-group-member")


@pytest.fixture
def meeting(group):
    return MeetingFactory(group=group)


@pytest.fixture
def held_meeting(group):
    """A meeting of yesterday, whose notes are being written."""
    return MeetingFactory(group=group, held=True)


@pytest.fixture
def in_remarks(group):
    return MeetingFactory(group=group, held=True, state="remarks")


@pytest.fixture
def approved_meeting(in_remarks, person):
    return notes.move(in_remarks, "approved", by=person("coordinator"))[0]


@pytest.fixture
def meeting_with_files(approved_meeting):
    for file in approved_meeting.files.select_related("document"):
        finish(claim(file.document_id), b"%PDF-1.7 CANARY-file", "file.pdf")
    return approved_meeting


@pytest.fixture
def written_meeting(held_meeting, person):
    """The meeting once its notes have a version 1."""
    return save(held_meeting, {"notes": "Now."}, read=0, by=person("coordinator")).row


@pytest.fixture
def said_of_notes(held_meeting, person):
    place = Place(
        held_meeting.municipality, "workinggroups:meeting_text", held_meeting.pk, "notes", "Notes",
        "notes",
    )  # fmt: skip
    by = person("member")
    return say(held_meeting, "CANARY-comment", by=by, place=place, people=[], key="notes")[0]


@pytest.fixture
def decision(held_meeting):
    return DecisionFactory(meeting=held_meeting)


@pytest.fixture
def locked_decision(approved_meeting):
    return DecisionFactory(meeting=approved_meeting)


@pytest.fixture
def task(group):
    return TaskFactory(group=group)


@pytest.fixture
def locked_task(approved_meeting):
    return TaskFactory(group=approved_meeting.group, meeting=approved_meeting)
