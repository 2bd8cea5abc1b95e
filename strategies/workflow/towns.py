"""How a municipality comes into another's strategy: invited, accepted by its own coordinator."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from applications.models import Participation
from municipalities.models import Municipality
from notifications.models import Kind
from notifications.outbox import post
from strategies import permissions
from strategies.models import Strategy, StrategyInvitation
from strategies.workflow import locked, tell_coordinators

State = StrategyInvitation.State

# (from, to): whose move it is. A pair that is not here cannot happen.
MOVES = {
    (State.OPEN, State.ACCEPTED): permissions.can_answer,
    (State.OPEN, State.DECLINED): permissions.can_answer,
}


def can_be_invited(strategy):
    """The municipalities that take part in the same project and have no part in it yet."""
    active = Participation.objects.active().filter(project=strategy.participation.project_id)
    rows = Municipality.objects.filter(pk__in=active.values("municipality"))
    return rows.exclude(pk__in=strategy.towns.values("municipality"))


@transaction.atomic
def invite(strategy, municipality, *, by):
    """Ask a municipality in. Returns (invitation, created): asked twice, it is one invitation.

    Raises PermissionDenied without the right, Refused where the municipality cannot be asked.
    """
    strategy = locked(strategy)
    if not permissions.can_invite(by, strategy):
        raise PermissionDenied
    if not can_be_invited(strategy).filter(pk=municipality.pk).exists():
        raise Refused(
            _("%s has a part already, or does not take part in the project.") % municipality
        )
    invitation, created = strategy.invitations.open().get_or_create(
        strategy=strategy, municipality=municipality, defaults={"by": by}
    )
    if created:
        entry = record("strategyinvitation.sent", invitation, by=by)
        tell_invited(invitation, entry)
    return invitation, created


def tell_invited(invitation, entry):
    words = {
        "strategy": invitation.strategy,
        "municipality": invitation.municipality,
        "strategy_invitation": invitation,
    }
    members = invitation.municipality.memberships.current().coordinating()
    for membership in members.select_related("user"):
        key, template = f"{entry.pk}-{membership.user_id}", "emails/strategy_invited.txt"
        post(membership.user, template, key=key, context=words, kind=Kind.STRATEGY)


@transaction.atomic
def answer(invitation, to, *, by):
    """Come in or stay out. Returns whether this call changed it.

    Raises PermissionDenied without the right, Refused where the draft has moved on meanwhile.
    """
    invitation, entry = workflow.move(invitation, to, MOVES, by=by)
    if entry:
        strategy = locked(invitation.strategy)
        if to == State.ACCEPTED:
            if strategy.state != Strategy.State.DRAFTING:
                raise Refused(_("The strategy is no longer being drafted, so nobody can join it."))
            strategy.towns.create(municipality=invitation.municipality)
        words = {"municipality": invitation.municipality, "accepted": to == State.ACCEPTED}
        tell_coordinators(strategy, "emails/strategy_answered.txt", entry, **words)
    return bool(entry)
