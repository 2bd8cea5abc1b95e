from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from notifications.models import Mail
from tests.drills.waiting import until
from tests.workinggroups.factories import GroupMemberFactory, TaskFactory
from workinggroups.models import Task
from workinggroups.workflow import tasks

TODAY = timezone.localdate()


@pytest.fixture
def values(group_member):
    return {"title": "Ask the library", "owner": group_member, "due_on": TODAY}


def test_a_task_is_set_down_once(group, values, member):
    task, created = tasks.agree(group, values, by=member)
    again, second = tasks.agree(group, values, by=member)

    assert (created, second, again.pk) == (True, False, task.pk)
    assert AuditEntry.objects.get().action == "task.agreed"


def test_who_is_given_a_task_is_told_and_who_takes_one_is_not(group, values, member, coordinator):
    own = values | {"owner": GroupMemberFactory(group=group, user=member)}

    tasks.agree(group, own | {"title": "Mine"}, by=member)
    tasks.agree(group, own, by=coordinator)

    mail = Mail.objects.get()
    assert mail.to == member.email
    assert "Ask the library" in mail.text


def test_another_owner_is_told(task, group, values, member, coordinator):
    owner = GroupMemberFactory(group=group, user=member)

    tasks.change(task, values | {"owner": owner}, by=coordinator)
    tasks.change(task, values | {"owner": owner, "title": "Other words"}, by=coordinator)

    assert Mail.objects.get().to == member.email


def test_a_task_of_a_meeting_names_it(held_meeting, values, member):
    task, _created = tasks.agree(held_meeting.group, values, meeting=held_meeting, by=member)

    assert task.meeting == held_meeting


def test_approved_notes_take_no_more_tasks(approved_meeting, values, member):
    with pytest.raises(Refused, match="The notes are approved"):
        tasks.agree(approved_meeting.group, values, meeting=approved_meeting, by=member)


def test_a_task_is_changed(task, values, member):
    row, changed = tasks.change(task, values, by=member)
    _row, second = tasks.change(task, values, by=member)

    assert (row.title, changed.action, second) == ("Ask the library", "task.changed", None)


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_that_hand_a_task_over_the_second_changes_nothing(task, values, member):
    def click():
        try:
            return tasks.change(task, values, by=member)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            tasks.change(task, values, by=member)
            second = pool.submit(click)
            until(somebody_waits_for_us, 30)
        assert second.result()[1] is None


def somebody_waits_for_us():
    ours = "pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND {ours})")
        return cursor.fetchone()[0]


def test_a_task_of_approved_notes_is_done_but_not_changed(locked_task, values, member):
    with pytest.raises(Refused, match="Set down a new task"):
        tasks.change(locked_task, values, by=member)

    assert tasks.mark(locked_task, done=True, by=member)


def test_a_task_is_marked_and_the_mark_taken_off_once_each(task, member):
    changed = [tasks.mark(task, done=done, by=member) for done in (True, True, False, False)]

    assert changed == [True, False, True, False]
    entries = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(entries) == ["task.done", "task.reopened"]
    task.refresh_from_db()
    assert (task.done_at, task.done_by) == (None, None)


def test_a_reader_marks_the_own_task_and_no_other(task, group, person):
    reader = person("reader")
    own = TaskFactory(group=group, owner=GroupMemberFactory(group=group, user=reader))

    assert tasks.mark(own, done=True, by=reader)
    with pytest.raises(PermissionDenied):
        tasks.mark(task, done=True, by=reader)


@pytest.mark.parametrize("name", ["reader", "expert", "lead", "other_member"])
def test_who_only_reads_sets_down_and_changes_nothing(task, values, person, name):
    with pytest.raises(PermissionDenied):
        tasks.agree(task.group, values, by=person(name))
    with pytest.raises(PermissionDenied):
        tasks.change(task, values, by=person(name))


@pytest.mark.parametrize(("days", "late"), [(-1, True), (0, False)])
def test_a_task_is_late_the_day_after_its_day(task, days, late):
    task.due_on = TODAY + timedelta(days=days)

    assert task.is_late is late
    assert not Task(due_on=task.due_on, done_at=timezone.now()).is_late
