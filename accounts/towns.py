"""Whose people somebody may know of: one rule for memberships, invitations and the audit page."""

from django.db.models import Q

from municipalities.models import Municipality


def working_in(user):
    """The municipalities that `user` has a part in now; the staff's are all."""
    if user.is_anonymous:
        return Municipality.objects.none()
    if user.staff_groups:
        return Municipality.objects.all()
    hats = user.memberships.current().values("municipality")
    return Municipality.objects.filter(pk__in=hats)


def open_to(user):
    """Those whose people `user` may see: an assigned expert's as well."""
    if user.is_anonymous or user.staff_groups:
        return working_in(user)
    hats = user.memberships.current().values("municipality")
    assigned = user.assignments.current().values("municipality")
    return Municipality.objects.filter(Q(pk__in=hats) | Q(pk__in=assigned))


def audited_by(user):
    """Those whose audit page exists for `user`: the own ones; upkeep and leads see all."""
    if user.is_authenticated and (user.is_superuser or "lead" in user.staff_groups):
        return Municipality.objects.all()
    if user.is_anonymous or user.staff_groups:
        return Municipality.objects.none()
    return working_in(user)
