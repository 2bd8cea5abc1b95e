"""Whose right what is: the people of all municipalities of a strategy have the same in it."""

from accounts.models import Assignment, Membership
from applications.permissions import is_coordinator
from strategies.models import Strategy

State = Strategy.State


def hats(user, strategy):
    """The user's memberships that count here: in any of its municipalities."""
    own = strategy.towns.values("municipality")
    return user.memberships.current().filter(municipality__in=own)


def readers(strategy):
    """The people of its municipalities and their assigned experts, whom a comment can name."""
    own = strategy.towns.values("municipality")
    members = Membership.objects.current().filter(municipality__in=own)
    experts = Assignment.objects.current().filter(municipality__in=own)
    return members.people() | experts.people()


def coordinates(user, strategy):
    return hats(user, strategy).coordinating().exists()


def can_found(user, participation):
    """A coordinator begins a strategy where the municipality takes part."""
    return participation.state == "active" and is_coordinator(user, participation)


def can_invite(user, strategy):
    """The coordinators of the municipality that leads it ask others in, while it is drafted."""
    return strategy.state == State.DRAFTING and is_coordinator(user, strategy)


def can_answer(user, invitation):
    return is_coordinator(user, invitation)


def can_write(user, strategy):
    """Whoever edits writes while it is drafted; a coordinator enters what a body just amended.

    The state is read afresh: the lock on a text may have waited for the move that ends the draft.
    """
    state = Strategy.objects.values_list("state", flat=True).get(pk=strategy.pk)
    if state == State.DRAFTING:
        return hats(user, strategy).editing().exists()
    is_amended = any(step.is_amended for step in strategy.steps.newest())
    return state == State.DECISION and is_amended and coordinates(user, strategy)


def can_comment(user, strategy):
    """Who writes, the assigned experts and the reviewers talk about it, until it is adopted."""
    if not strategy.is_unfinished:
        return False
    own = strategy.towns.values("municipality")
    assigned = user.assignments.current().filter(municipality__in=own)
    is_reviewer = "reviewer" in user.staff_groups
    return is_reviewer or hats(user, strategy).editing().exists() or assigned.exists()


def can_discuss(user, strategy):
    """Whoever reads the draft reads what is said about it, and how it came about."""
    return Strategy.objects.visible_to(user).filter(pk=strategy.pk).exists()


def can_change(user, strategy):
    """Its name and period stand in its text, and are closed for changes with it."""
    return can_write(user, strategy) and coordinates(user, strategy)


def can_move(user, strategy):
    return coordinates(user, strategy)


def can_plan(user, strategy):
    """Which bodies decide, in each municipality's own steps."""
    return strategy.is_unfinished and coordinates(user, strategy)


def can_record(user, step):
    """In a joint strategy each municipality writes down what its own bodies have decided."""
    return is_coordinator(user, step)


def can_publish(user, strategy):
    return not strategy.is_unfinished and coordinates(user, strategy)


def can_remake(user, strategy):
    """A file that failed is asked for again by a coordinator, or by a lead."""
    return "lead" in user.staff_groups or coordinates(user, strategy)
