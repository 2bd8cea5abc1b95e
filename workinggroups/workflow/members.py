"""Who belongs to a group: added, changed, invited to the portal, and linked to their account."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Invitation, Membership
from accounts.roles import Role
from accounts.workflow import Refused, invitations
from workinggroups import permissions
from workinggroups.models import GroupMember
from workinggroups.workflow.groups import locked


@transaction.atomic
def add(group, values, *, access=False, by):
    """Take somebody into a group. Returns (member, created); the same person twice is one.

    values: fields of `GroupMember`. access: invite the address to the portal as well.
    Raises PermissionDenied without the right; Refused where the address is in already, or no more
    invitations leave today.
    """
    group = to_manage(group, by)
    same = {field: values[field] for field in ("name", "organisation", "email", "until")}
    if member := group.members.filter(**same).first():
        return member, False
    check_address(group, values)
    member = GroupMember.objects.create(group=group, **values)
    record("groupmember.added", member, by=by)
    give_access(member, access, by)
    return member, True


@transaction.atomic
def change(member, values, *, access=False, by):
    """Store other `values` for a member. Returns (row, changed). Raises as `add`."""
    group = to_manage(member.group, by)
    member = group.members.get(pk=member.pk)
    changed = [name for name, value in values.items() if getattr(member, name) != value]
    if not changed and not access:
        return member, None
    check_address(group, values, member)
    for name in changed:
        setattr(member, name, values[name])
    if "email" in changed:
        member.user = None  # another address is another account, or none
    member.save(update_fields=[*changed, "user"])
    note = ", ".join(changed)
    entry = record("groupmember.changed", member, by=by, note=note) if changed else None
    sent = give_access(member, access, by)
    return member, entry or sent


def to_manage(group, by):
    """The group, locked, for whoever may change who belongs to it."""
    group = locked(group)
    if not permissions.can_manage_members(by, group):
        raise PermissionDenied
    return group


def check_address(group, values, member=None):
    if not values["email"] or values["until"] is not None:
        return
    others = group.members.filter(until=None, email__iexact=values["email"])
    if others.exclude(pk=member and member.pk).exists():
        raise Refused(_("Somebody with this address belongs to the group already."))


def give_access(member, access, by):
    """Link whoever is in the portal already; invite the others, where that was asked for.

    Returns how many invitations left: none to whoever is in, or has an open one.
    """
    town = member.group.municipality
    sent = invitations.invite(town, [invited(member)], by=by) if access else 0
    link(GroupMember.objects.filter(pk=member.pk), by=by)
    return sent


def invited(member):
    """The terms of the invitation: those of the group member, as far as the portal has them."""
    kind = member.party_kind
    return {
        "email": member.email,
        "name": member.name,
        "language": member.language,
        "role": Role.MEMBER,
        "sector": member.sector,
        "party": kind.party if kind else "",
        "organisation": member.organisation if kind else "",
    }


@transaction.atomic
def link_accounts():
    """Link members to the accounts that their addresses have by now; returns how many.

    Called by the sweeper: an invitation is accepted in `accounts`, which knows nothing of groups.
    """
    return link(GroupMember.objects.all(), by=None)


def link(members, *, by):
    """Link those of `members` whose address has a part in the municipality, or had its invitation.

    The invitation counts too, since it can be accepted with an account that has another address.
    """
    there = Membership.objects.live().filter(
        Q(user__email__iexact=OuterRef("email"))
        | Q(invitation__email__iexact=OuterRef("email"))
        & Q(invitation__state=Invitation.State.ACCEPTED),
        municipality=OuterRef("group__participation__municipality"),
    )
    account = Subquery(there.order_by("pk").values("user")[:1])
    waiting = members.filter(user=None).exclude(email="").annotate(account=account)
    rows = waiting.exclude(account=None).select_related("group__participation")
    found = list(rows.select_for_update(of=("self",), skip_locked=by is None))
    for member in found:
        member.user_id = member.account
        member.save(update_fields=["user"])
        record("groupmember.linked", member, by=by)
    return len(found)
