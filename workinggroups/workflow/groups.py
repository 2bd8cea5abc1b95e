from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.workflow import Refused
from applications.models import Participation
from workinggroups import permissions
from workinggroups.models import WorkingGroup


@transaction.atomic
def found(participation, kind, values, *, by):
    """Found a group of `kind` with the fields `values`. Returns (group, created).

    A participation has one working group, and delegations by their names: the same once more is
    the one that is there. Raises PermissionDenied without the right, Refused once it has ended.
    """
    # Locked, so that of two clicks the second finds what the first has founded.
    rows = Participation.objects.select_for_update(of=("self",)).select_related("municipality")
    participation = rows.get(pk=participation.pk)
    if not permissions.is_coordinator(by, participation):
        raise PermissionDenied
    if not permissions.can_found(by, participation):
        raise Refused(_("The municipality does not take part any more, so no group is founded."))
    standing = WorkingGroup.objects.filter(participation=participation, kind=kind)
    if kind == WorkingGroup.Kind.DELEGATION:
        standing = standing.filter(name__iexact=values["name"])
    if group := standing.first():
        return group, False
    group = WorkingGroup.objects.create(participation=participation, kind=kind, **values)
    record("workinggroup.founded", group, by=by)
    return group, True


def locked(group):
    """The group as it is now; whoever changes it or its members waits for whoever does already."""
    rows = WorkingGroup.objects.with_town().select_for_update(of=("self",))
    return rows.get(pk=group.pk)


@transaction.atomic
def change(group, values, *, by):
    """Store other `values` for a group. Returns (row, changed).

    Raises PermissionDenied without the right, Refused where another delegation is called so.
    """
    group = locked(group)
    if not permissions.can_manage(by, group):
        raise PermissionDenied
    changed = [name for name, value in values.items() if getattr(group, name) != value]
    if not changed:
        return group, None
    others = group.participation.groups.exclude(pk=group.pk)
    if group.is_delegation and others.filter(name__iexact=values["name"]).exists():
        raise Refused(_("There is another delegation with this name."))
    for name in changed:
        setattr(group, name, values[name])
    group.save(update_fields=changed)
    return group, record("workinggroup.changed", group, by=by, note=", ".join(changed))
