"""Partners of the applications to the call "joining" in every state, and what its calls ask for."""

from datetime import timedelta

from applications.models import Requirement
from applications.workflow import partners

# Whose application, and how the municipalities stand that it has asked.
PARTNERS = {"A": {"B": "asked", "C": "confirmed"}, "B": {"A": "declined", "C": "removed"}}


def fill(world):
    for letter, asked in PARTNERS.items():
        for other, state in asked.items():
            world.note(ask(world, letter, other, state), f"partner.{state}", letter)
    call = world.calls["joining"]
    until = call.closes_at + timedelta(days=14)
    asks = {"letter": None, "decision": until}
    for what, follows_until in asks.items():
        row = Requirement.objects.create(call=call, what=what, follows_until=follows_until)
        world.note(row, f"requirement.{what}")


def ask(world, letter, other, state):
    """Have one town's coordinator ask another town, and the question end as `state`."""
    by, town = world.people[f"{letter}.coordinator"], world.towns[other]
    row, _changed = partners.ask(world.applications[letter, "joining"], town, by=by)
    if state != "asked":
        answers = by if state == "removed" else world.people[f"{other}.coordinator"]
        row, _changed = partners.move(row, state, by=answers)
    return row
