from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from notifications.models import Mail
from tests.workinggroups.factories import GroupMemberFactory, MeetingFactory
from workinggroups.models import Meeting
from workinggroups.workflow import meetings

SOON = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=10)
PLACE = {
    "starts_at": SOON,
    "ends_at": SOON + timedelta(hours=2),
    "place": "Town hall",
    "link": "",
    "language": "fi",
}


@pytest.fixture
def people(group, member):
    """A member with an account, one with an address, and one whom no mail reaches."""
    return [
        GroupMemberFactory(group=group, user=member, role="chair"),
        GroupMemberFactory(group=group, email="eila@org.example", language="sv"),
        GroupMemberFactory(group=group, role="secretary"),
    ]


def test_a_member_plans_a_meeting_once_and_the_group_s_leaders_lead_it(group, people, member):
    meeting, created = meetings.plan(group, PLACE, by=member)
    again, second = meetings.plan(group, PLACE, by=member)

    assert (created, second, again.pk) == (True, False, meeting.pk)
    assert (meeting.chair, meeting.secretary) == (people[0], people[2])
    assert AuditEntry.objects.get().action == "meeting.planned"
    assert not Mail.objects.exists()


@pytest.mark.parametrize("name", ["reader", "expert", "lead", "other_member"])
def test_who_only_reads_plans_and_changes_nothing(group, meeting, person, name):
    for act in (meetings.plan, meetings.change):
        with pytest.raises(PermissionDenied):
            act(group if act is meetings.plan else meeting, PLACE, by=person(name))
    with pytest.raises(PermissionDenied):
        meetings.call(meeting, by=person(name))


def test_calling_mails_everybody_with_an_address_in_their_own_language(meeting, people, member):
    row, changed = meetings.call(meeting, by=member)

    assert row.called_at
    assert changed.action == "meeting.called"
    mails = {mail.to: mail for mail in Mail.objects.all()}
    assert set(mails) == {member.email, "eila@org.example"}
    assert mails["eila@org.example"].language == "sv"
    assert "Town hall" in mails["eila@org.example"].text
    # Who has no account is sent to no page that would not open.
    assert meeting.get_absolute_url() in mails[member.email].text
    assert "/meetings/" not in mails["eila@org.example"].text


def test_a_second_call_mails_nobody(meeting, people, member):
    meetings.call(meeting, by=member)

    _row, changed = meetings.call(meeting, by=member)

    assert changed is None
    assert Mail.objects.count() == 2


def test_without_an_address_nobody_can_be_called(meeting, group_member, member):
    with pytest.raises(Refused, match="No member has an address"):
        meetings.call(meeting, by=member)

    meeting.refresh_from_db()
    assert meeting.called_at is None


def test_nobody_is_called_to_what_has_begun(held_meeting, people, member):
    with pytest.raises(Refused, match="has begun already"):
        meetings.call(held_meeting, by=member)


def test_who_has_left_by_then_is_not_called(meeting, people, member):
    people[1].until = timezone.localdate() + timedelta(days=1)
    people[1].save()

    meetings.call(meeting, by=member)

    assert Mail.objects.get().to == member.email


def test_before_the_call_a_change_is_told_to_nobody(meeting, people, member):
    row, changed = meetings.change(meeting, PLACE, by=member)

    assert (row.starts_at, row.sequence) == (SOON, 0)
    assert changed.action == "meeting.changed"
    assert not Mail.objects.exists()


def test_after_the_call_another_time_or_place_is_told(meeting, people, member):
    meetings.call(meeting, by=member)

    row, _changed = meetings.change(meeting, PLACE | {"place": "Library"}, by=member)
    _row, second = meetings.change(row, PLACE | {"place": "Library"}, by=member)

    assert (row.sequence, second) == (1, None)
    assert Mail.objects.filter(text__contains="Library").count() == 2


def test_another_language_of_the_notes_is_no_news(meeting, people, member):
    meetings.call(meeting, by=member)
    same = {name: getattr(meeting, name) for name in PLACE}

    row, changed = meetings.change(meeting, same | {"language": "sv"}, by=member)

    assert (row.language, row.sequence, bool(changed)) == ("sv", 0, True)
    assert Mail.objects.count() == 2


def test_a_group_meets_once_at_a_time(meeting, member):
    MeetingFactory(group=meeting.group, starts_at=SOON, ends_at=SOON + timedelta(hours=1))

    with pytest.raises(Refused, match="begins at the same time"):
        meetings.change(meeting, PLACE, by=member)


def test_attendance_is_recorded_once(held_meeting, people, member):
    values = {"chair": people[0], "secretary": None, "also_present": "A guest"}

    row, changed = meetings.record_attendance(
        held_meeting, values | {"attendees": people[:2]}, by=member
    )
    _row, second = meetings.record_attendance(row, values | {"attendees": people[:2]}, by=member)

    assert set(row.attendees.all()) == set(people[:2])
    assert (row.chair, row.also_present) == (people[0], "A guest")
    assert (changed.action, second) == ("meeting.attended", None)


@pytest.mark.parametrize("act", [meetings.change, meetings.record_attendance])
def test_nothing_of_a_meeting_changes_once_its_notes_are_approved(approved_meeting, member, act):
    with pytest.raises(Refused, match="The notes are approved"):
        act(approved_meeting, PLACE | {"attendees": []}, by=member)


@pytest.mark.parametrize(
    "fields", [{"ends_at": SOON - timedelta(hours=1)}, {"place": "", "link": ""}]
)
def test_the_database_takes_no_meeting_that_ends_too_early_or_is_nowhere(group, fields):
    with pytest.raises(IntegrityError):
        Meeting.objects.create(group=group, **PLACE | fields)
