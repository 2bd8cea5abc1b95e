from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.workflow import Refused
from applications.models import Participation
from workinggroups import permissions, standing
from workinggroups.forms.groups import DelegationForm, WorkingGroupForm
from workinggroups.models import WorkingGroup
from workinggroups.workflow import groups as workflow

Kind = WorkingGroup.Kind
# What the address calls a kind, and its form.
KINDS = {
    "working-group": (Kind.WORKING_GROUP, WorkingGroupForm),
    "delegation": (Kind.DELEGATION, DelegationForm),
}
FORMS = dict(KINDS.values())


@require_safe
def group_list(request):
    groups = WorkingGroup.objects.visible_to(request.user).with_town().with_counts()
    context = {"groups": groups, "to_found": to_found(request.user, groups)}
    return render(request, "workinggroups/group_list.html", context)


def to_found(user, groups):
    """(participation, whether it lacks its working group) of those where `user` may found one."""
    towns = user.memberships.current().coordinating().values("municipality")
    rows = Participation.objects.visible_to(user).active().filter(municipality__in=towns)
    have = {group.participation_id for group in groups if not group.is_delegation}
    rows = rows.select_related("municipality", "project")
    return [(participation, participation.pk not in have) for participation in rows]


def visible(request, pk):
    return get_object_or_404(WorkingGroup.objects.visible_to(request.user).with_town(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def group_found(request, pk, kind):
    rows = Participation.objects.visible_to(request.user)
    participation = get_object_or_404(rows.select_related("municipality", "project"), pk=pk)
    if kind not in KINDS:
        raise Http404
    if not permissions.can_found(request.user, participation):
        raise PermissionDenied
    form = KINDS[kind][1](request.POST or None, initial={"founded_on": timezone.localdate()})
    if form.is_valid():
        group, created = workflow.found(participation, KINDS[kind][0], form.values, by=request.user)
        text = _("The group is founded. Add its members next.")
        messages.success(request, text if created else _("This group is there already."))
        return redirect(group)
    context = {"form": form, "participation": participation, "kind": kind}
    status = 400 if form.is_bound else 200
    return render(request, "workinggroups/group_found.html", context, status=status)


@require_safe
def group_detail(request, pk):
    group = visible(request, pk)
    members = standing.in_order(group.members.with_people())
    current = [m for m in members if m.is_current]
    context = {
        "group": group,
        "members": current,
        "coming": [m for m in members if m.comes_later],
        "former": [m for m in members if m.has_left],
        "areas": None if group.is_delegation else standing.areas(current),
        "parties": standing.parties(group, current),
        "next_meeting": group.meetings.coming().first(),
        "meeting_count": group.meetings.count(),
        "open_tasks": group.tasks.open().count(),
        "can_manage": permissions.can_manage(request.user, group),
        "can_manage_members": permissions.can_manage_members(request.user, group),
        "can_write": permissions.can_write(request.user, group),
    }
    return render(request, "workinggroups/group_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def group_edit(request, pk):
    group = visible(request, pk)
    if not permissions.can_manage(request.user, group):
        raise PermissionDenied
    form = FORMS[group.kind](request.POST or None, instance=copy(group))
    if form.is_valid():
        try:
            _row, changed = workflow.change(group, form.values, by=request.user)
        except Refused as why:
            form.add_error("name", str(why))
        else:
            text = _("The change is saved.") if changed else _("Nothing was changed.")
            messages.success(request, text)
            return redirect("workinggroups:detail", pk)
    context = {"form": form, "group": group}
    status = 400 if form.is_bound else 200
    return render(request, "workinggroups/group_edit.html", context, status=status)
