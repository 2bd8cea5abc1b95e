from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.workflow import Refused
from workinggroups import permissions
from workinggroups.forms.groups import MemberForm
from workinggroups.models import GroupMember
from workinggroups.views.groups import visible
from workinggroups.workflow import members as workflow


@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request, pk):
    group = visible(request, pk)
    if not permissions.can_manage_members(request.user, group):
        raise PermissionDenied
    form = MemberForm(request.POST or None, group=group)

    def store():
        access = form.cleaned_data["access"]
        _member, created = workflow.add(group, form.values, access=access, by=request.user)
        if created:
            return _("The member is added.")
        return _("This person belongs to the group already.")

    return answer(request, group, form, store, "workinggroups/member_add.html", {})


@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request, pk):
    rows = GroupMember.objects.visible_to(request.user).select_related("group", "user")
    member = get_object_or_404(rows, pk=pk)
    group = visible(request, member.group_id)
    if not permissions.can_manage_members(request.user, group):
        raise PermissionDenied
    form = MemberForm(request.POST or None, instance=copy(member), group=group)

    def store():
        access = form.cleaned_data["access"]
        _row, changed = workflow.change(member, form.values, access=access, by=request.user)
        return _("The change is saved.") if changed else _("Nothing was changed.")

    context = {"member": member}
    return answer(request, group, form, store, "workinggroups/member_edit.html", context)


def answer(request, group, form, store, template, context):
    """Show the form, or store what it holds; a refusal is shown above what was typed."""
    if form.is_valid():
        try:
            messages.success(request, store())
            return redirect(group)
        except Refused as why:
            form.add_error("email", str(why))
    status = 400 if form.is_bound else 200
    return render(request, template, {"form": form, "group": group} | context, status=status)
