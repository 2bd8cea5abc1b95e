"""The bodies that decide on a strategy: which ones, in which order, and what each has decided."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.workflow import Refused, first_or_create
from strategies import permissions
from strategies.models import DecisionStep, Strategy
from strategies.workflow import locked, move, overwrite
from strategies.workflow.parts import next_number

State = Strategy.State


@transaction.atomic
def plan(strategy, *, by, municipality, body, name, decided_on=None):
    """Add a body that is going to decide, after the others. Returns (step, created).

    Asked twice, it is one step. Raises PermissionDenied to whoever does not coordinate the
    municipality, Refused once the strategy is adopted.
    """
    strategy = locked(strategy)
    own = strategy.towns.filter(municipality=municipality).exists()
    step = DecisionStep(strategy=strategy, municipality=municipality)
    if not (own and permissions.can_record(by, step)):
        raise PermissionDenied
    if not strategy.is_unfinished:
        raise Refused(_("The strategy is adopted, so no further body decides on it."))
    rows = strategy.steps.filter(municipality=municipality)
    step, created = first_or_create(
        rows, strategy=strategy, municipality=municipality, body=body, name=name,
        decided_on=decided_on, outcome="", defaults={"number": next_number(rows)},
    )  # fmt: skip
    if created:
        record("decisionstep.planned", step, by=by)
    return step, created


def to_decide(step, by):
    """The step, its strategy locked. Raises PermissionDenied without the right."""
    locked(step.strategy)
    step = get_object_or_404(DecisionStep.objects.select_for_update(of=("self",)), pk=step.pk)
    if not permissions.can_record(by, step):
        raise PermissionDenied
    return step


@transaction.atomic
def decide(step, *, by, decided_on, section_number, outcome, note):
    """Store what a body has decided; the same again changes nothing. Returns the step.

    What is returned for preparation sends the strategy back to drafting. Raises PermissionDenied
    without the right, Refused while the strategy does not lie before the deciding bodies.
    """
    step = to_decide(step, by)
    if step.strategy.state != State.DECISION:
        raise Refused(
            _("An outcome is recorded while the strategy lies before the deciding bodies.")
        )
    words = {"decided_on": decided_on, "section_number": section_number, "outcome": outcome}
    if not overwrite(step, words | {"note": note, "on_earlier_text": False}):
        return step
    step.save()
    record("decisionstep.recorded", step, by=by, note=f"{section_number}, {outcome}")
    if outcome == DecisionStep.Outcome.RETURNED:
        move(step.strategy, State.DRAFTING, by=by, note=note)
    return step


@transaction.atomic
def drop(step, *, by):
    """Take out a body that has not decided anything. Raises as `decide`."""
    step = to_decide(step, by)
    if step.outcome:
        raise Refused(_("This body has decided already, so its step stays."))
    record("decisionstep.removed", step, by=by)
    step.delete()
