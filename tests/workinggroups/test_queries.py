"""Each page asks the database at most 20 times, and as often for three rows as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import MembershipFactory, ParticipationFactory
from tests.workinggroups.factories import (
    DecisionFactory,
    GroupMemberFactory,
    MeetingFactory,
    TaskFactory,
    WorkingGroupFactory,
)

MOST = 20


@pytest.fixture
def count(client, coordinator, known_types):
    def queries(route, *args):
        client.force_login(coordinator)
        with CaptureQueriesContext(connection) as caught:
            page = client.get(reverse(f"workinggroups:{route}", args=args))
        assert page.status_code == 200
        return len(caught)

    return queries


def test_the_list_costs_the_same_for_one_and_for_three(count, coordinator):
    def add():
        town = MembershipFactory(user=coordinator).municipality
        group = WorkingGroupFactory(participation=ParticipationFactory(municipality=town))
        TaskFactory(group=group)
        MeetingFactory(group=group)

    add()
    one = count("list")
    add()
    add()

    assert count("list") == one <= MOST


@pytest.mark.parametrize("route", ["detail", "meetings", "tasks"])
def test_a_page_of_a_group_costs_the_same_for_one_and_for_three(count, group, kinds, route):
    def add():
        owner = GroupMemberFactory(group=group, sector="library", party_kind=kinds["kela"])
        meeting = MeetingFactory(group=group, held=True)
        meeting.attendees.add(owner)
        TaskFactory(group=group, owner=owner, meeting=meeting)

    add()
    one = count(route, group.pk)
    add()
    add()

    assert count(route, group.pk) == one <= MOST


@pytest.mark.parametrize("route", ["meeting", "attendance", "call", "details", "meeting_edit"])
def test_a_page_of_a_meeting_costs_the_same_for_one_and_for_three(count, held_meeting, route):
    def add():
        owner = GroupMemberFactory(
            group=held_meeting.group, email=f"{held_meeting.tasks.count()}@b.example"
        )
        held_meeting.attendees.add(owner)
        DecisionFactory(meeting=held_meeting)
        TaskFactory(group=held_meeting.group, owner=owner, meeting=held_meeting)

    add()
    one = count(route, held_meeting.pk)
    add()
    add()

    assert count(route, held_meeting.pk) == one <= MOST


PAGES = [
    ("edit", "group", ()),
    ("member_add", "group", ()),
    ("member_edit", "group_member", ()),
    ("meeting_add", "group", ()),
    ("details", "meeting", ()),
    ("call", "meeting", ()),
    ("meeting", "approved_meeting", ()),
    ("files", "approved_meeting", ()),
    ("confirm", "in_remarks", ("approved",)),
    ("meeting_text", "held_meeting", ("notes",)),
    ("meeting_text_history", "held_meeting", ("notes",)),
    ("decision_edit", "decision", ()),
    ("task_add", "group", ()),
    ("task_edit", "task", ()),
]


@pytest.mark.parametrize(("route", "about", "args"), PAGES)
def test_a_page_stays_within_its_queries(request, count, route, about, args):
    row = request.getfixturevalue(about)

    assert count(route, row.pk, *args) <= MOST
