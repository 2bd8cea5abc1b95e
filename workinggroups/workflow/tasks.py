"""The tasks that members promise to do."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.workflow import Refused, first_or_create
from notifications.models import Kind
from notifications.outbox import post
from workinggroups import permissions
from workinggroups.models import Task
from workinggroups.workflow.groups import locked as locked_group
from workinggroups.workflow.meetings import to_change


@transaction.atomic
def agree(group, values, *, meeting=None, by):
    """Set down a task with its owner and day. Returns (task, created); the same twice is one.

    meeting: where it was agreed. Raises PermissionDenied, or Refused once its notes are approved.
    """
    if not permissions.can_write(by, locked_group(group)):
        raise PermissionDenied
    if meeting:
        meeting = to_change(meeting, by)
    task, created = first_or_create(group.tasks, meeting=meeting, done_at=None, **values)
    if created:
        tell_owner(task, record("task.agreed", task, by=by))
    return task, created


def tell_owner(task, entry):
    """Mail an owner who has an account, unless they gave themselves the task."""
    owner = task.owner.user
    if owner and owner != entry.by:
        context, key = {"task": task}, f"{entry.pk}-{owner.pk}"
        post(owner, "emails/task_agreed.txt", key=key, context=context, kind=Kind.GROUP)


def locked(task):
    # Without the owner: joined to one that whoever was first has changed, no row would be found.
    rows = Task.objects.select_related("group__participation", "meeting")
    return rows.select_for_update(of=("self",)).get(pk=task.pk)


@transaction.atomic
def change(task, values, *, by):
    """Store other `values` for a task. Returns (row, changed).

    Raises PermissionDenied without the right, Refused where approved notes hold it.
    """
    task = locked(task)
    if not permissions.can_write(by, task):
        raise PermissionDenied
    if not permissions.can_change_task(by, task):
        raise Refused(_("The notes that this task stands in are approved. Set down a new task."))
    changed = [name for name, value in values.items() if getattr(task, name) != value]
    if not changed:
        return task, None
    for name in changed:
        setattr(task, name, values[name])
    task.save(update_fields=changed)
    entry = record("task.changed", task, by=by, note=", ".join(changed))
    if "owner" in changed:
        tell_owner(task, entry)
    return task, entry


@transaction.atomic
def mark(task, *, done, by):
    """Mark a task as done, or take the mark off. Returns whether this call changed it."""
    task = locked(task)
    if not permissions.can_finish(by, task):
        raise PermissionDenied
    if done == task.is_done:
        return False
    task.done_at, task.done_by = (timezone.now(), by) if done else (None, None)
    task.save(update_fields=["done_at", "done_by"])
    record("task.done" if done else "task.reopened", task, by=by)
    return True
