from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts import permissions
from accounts.audit import record
from accounts.domains import Standing, standing
from accounts.models import AccessRequest, Membership
from municipalities.models import Municipality
from notifications.models import Kind
from notifications.outbox import post


class Refused(Exception):
    """The person may, the moment may not. The text says why, and the page shows it."""


@transaction.atomic
def move(row, to, moves, *, by, note="", **stamps):
    """Move `row` to state `to`; return the fresh row, and the audit entry if this call changed it.

    moves: (from, to) to a rule(user, row). A second identical move changes nothing: (row, None).
    stamps: fields that are stored together with the state.
    Raises PermissionDenied without the right, Refused where no such move leads from the state, and
    Http404 where a colleague has deleted the row meanwhile.
    """
    # The lock makes the second of two clicks see the state that the first one left.
    row = get_object_or_404(type(row).objects.select_for_update(of=("self",)), pk=row.pk)
    if row.state == to:
        return row, None
    rule = moves.get((row.state, to))
    if rule is None:
        raise Refused(_("Nothing was changed: it is now “%s”.") % row.get_state_display())
    if not rule(by, row):
        raise PermissionDenied
    for name, value in {"state": to, **stamps}.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *stamps])
    noun = getattr(row, "audit_noun", row._meta.model_name)
    return row, record(f"{noun}.{to}", row, by=by, note=note)


def first_or_create(rows, *, defaults=None, **known):
    """The first of `rows` that is like `known`, or a new one: a second click finds the first's.

    Both wait for one lock, so none is made twice. Unlike `get_or_create` it bears with rows that
    have become alike since, by other words or by a move back. Returns (row, created).
    """
    if row := rows.filter(**known).first():
        return row, False
    return rows.create(**known, **(defaults or {})), True


def open_moves(user, row, moves):
    """The states `user` may move `row` to now; the buttons on its page."""
    return [to for (state, to), rule in moves.items() if state == row.state and rule(user, row)]


# (from, to): whose move it is. A pair that is not here cannot happen.
MOVES = {
    (AccessRequest.State.PENDING, AccessRequest.State.APPROVED): permissions.can_decide_access,
    (AccessRequest.State.PENDING, AccessRequest.State.DECLINED): permissions.can_decide_access,
}


@transaction.atomic
def ask(user, town, **words):
    """Store that `user` asks to be let in, with post and reason; twice at once is one request."""
    request, created = AccessRequest.objects.get_or_create(
        user=user, municipality=town, state=AccessRequest.State.PENDING, defaults=words
    )
    if created:
        record("access_request.made", request, by=user)
    return request


@transaction.atomic
def decide(request, to, *, by, note=""):
    """Approve or decline a request for access, with membership and mail. Returns (row, changed).

    Raises PermissionDenied without the right, Refused where somebody coordinates already or the
    asker's address is in none of the municipality's mail domains and there is no word on it.
    """
    request, changed = move(request, to, MOVES, by=by, note=note)
    if changed:
        if to == AccessRequest.State.APPROVED:
            refuse_unexplained(request, note)
            let_in(request)
        context = {"request": request, "note": note}
        key, template = f"access-{changed.pk}", f"emails/access_{to}.txt"
        post(request.user, template, key=key, context=context, kind=Kind.DECISION)
    return request, changed


def refuse_unexplained(request, note):
    """Somebody with a strange address is let in only with a reason, which the person reads."""
    outside = standing(request.user.email, request.municipality) == Standing.OUTSIDE
    if outside and not note.strip():
        text = _(
            "The address of %(person)s is not in a mail domain of %(municipality)s. Write a reason."
        )
        raise Refused(text % {"person": request.user, "municipality": request.municipality})


def let_in(request):
    """Make the asker the municipality's coordinator; refused where somebody is one already."""
    # Locked, so that of two requests approved at once the second finds the first one's person.
    town = Municipality.objects.select_for_update(of=("self",)).get(pk=request.municipality_id)
    if town.memberships.current().coordinating().exists():
        raise Refused(_("%s already has a coordinator, who can let others in.") % town)
    if town.memberships.live().filter(user=request.user).exists():
        raise Refused(
            _("%(person)s has a part in %(municipality)s already. Change it among the memberships.")
            % {"person": request.user, "municipality": town}
        )
    membership = Membership.objects.create(
        user=request.user, municipality=town, role=Membership.Role.COORDINATOR
    )
    record("membership.created", membership, by=None, note=f"access request {request.pk}")
