from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.workflow import Refused
from workinggroups import permissions
from workinggroups.forms.meetings import TaskForm
from workinggroups.models import Task
from workinggroups.views import groups, meetings
from workinggroups.workflow import tasks as workflow

SHOWN = {
    "open": pgettext_lazy("tasks", "Open"),
    "done": pgettext_lazy("tasks", "Done"),
    "all": pgettext_lazy("tasks", "All"),
}
MARKS = {"done": True, "not-done": False}


@require_safe
def task_list(request, pk):
    """The group's tasks, one's own first; `show` in the address: open, done or all."""
    group = groups.visible(request, pk)
    shown = request.GET.get("show")
    shown = shown if shown in SHOWN else "open"
    tasks = {"open": group.tasks.open(), "done": group.tasks.done(), "all": group.tasks.all()}
    own, others = [], []
    for task in tasks[shown].with_owner():
        (own if task.owner.user_id == request.user.pk else others).append(task)
    context = {
        "group": group,
        "parts": [
            (pgettext("tasks", "Mine"), actions(request, own)),
            (pgettext("tasks", "Others'"), actions(request, others)),
        ],
        "count": len(own) + len(others),
        "shown": shown,
        "choices": SHOWN.items(),
        "can_write": permissions.can_write(request.user, group),
    }
    return render(request, "workinggroups/task_list.html", context)


def actions(request, tasks):
    """(task, whether the person may change it, whether they may mark it); asked once for all."""
    if not tasks:
        return []
    writes = permissions.can_write(request.user, tasks[0].group)
    return [
        (task, writes and not task.is_locked, writes or is_own(request, task)) for task in tasks
    ]


def is_own(request, task):
    return task.owner.user_id == request.user.pk


@require_http_methods(["GET", "HEAD", "POST"])
def task_add(request, pk):
    """A task of the group, between its meetings."""
    group = groups.visible(request, pk)
    if not permissions.can_write(request.user, group):
        raise PermissionDenied
    return add(request, group, None, "workinggroups:tasks")


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_task_add(request, pk):
    """A task that a meeting agreed on; it stands in the notes."""
    meeting = meetings.to_change(request, pk)
    return add(request, meeting.group, meeting, "workinggroups:meeting")


def add(request, group, meeting, back):
    form = TaskForm(request.POST or None, group=group)
    where = (meeting or group).pk
    if form.is_valid():
        try:
            _task, created = workflow.agree(group, form.values, meeting=meeting, by=request.user)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            text = _("The task is set down.") if created else _("This task is there already.")
            messages.success(request, text)
            return redirect(back, where)
    context = {"form": form, "group": group, "meeting": meeting}
    status = 400 if form.is_bound else 200
    return render(request, "workinggroups/task_add.html", context, status=status)


def visible(request, pk):
    rows = Task.objects.visible_to(request.user).with_owner()
    return get_object_or_404(rows.select_related("group__participation__municipality"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def task_edit(request, pk):
    task = visible(request, pk)
    if not permissions.can_change_task(request.user, task):
        raise PermissionDenied
    form = TaskForm(request.POST or None, instance=copy(task), group=task.group)
    if form.is_valid():
        try:
            _row, changed = workflow.change(task, form.values, by=request.user)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            text = _("The change is saved.") if changed else _("Nothing was changed.")
            messages.success(request, text)
            return redirect("workinggroups:tasks", task.group_id)
    context = {"form": form, "group": task.group, "task": task}
    status = 400 if form.is_bound else 200
    return render(request, "workinggroups/task_edit.html", context, status=status)


@require_POST
def task_mark(request, pk, to):
    task = visible(request, pk)
    if to not in MARKS:
        raise Http404
    changed = workflow.mark(task, done=MARKS[to], by=request.user)
    text = _("The task is changed.") if changed else _("The task was like that already.")
    messages.success(request, text)
    return redirect("workinggroups:tasks", task.group_id)
