from django.db import transaction

from accounts.models import AuditEntry, User
from journey.world import (
    accounts,
    applications,
    calls,
    documents,
    drafting,
    indexanalysis,
    notifications,
    partners,
    selecting,
    strategies,
    visits,
    workinggroups,
)
from journey.world.book import PORTAL, World, canaries

# In the order in which they build on one another.
PARTS = [
    accounts,
    applications,
    partners,
    selecting,
    calls,
    indexanalysis,
    drafting,
    workinggroups,
    visits,
    strategies,
    documents,
    notifications,
]


class NotEmpty(Exception):
    """The database has people already."""


@transaction.atomic
def make():
    """Fill an empty database with the world; return its description, ready for JSON.

    The same names, passwords and second factors each time; dates are relative to today. Raises
    NotEmpty where anybody is stored already, so that a second run changes nothing.
    """
    if User.objects.exists():
        raise NotEmpty
    world = World()
    for part in PARTS:
        part.fill(world)
    note_audit(world)
    return description(world)


def note_audit(world):
    letters = {town.pk: letter for letter, town in world.towns.items()}
    for entry in AuditEntry.objects.order_by("pk"):
        world.note(entry, "audit_entry", letters.get(entry.municipality_id, PORTAL))


def description(world):
    return {
        "towns": accounts.towns_described(world),
        "people": {name: accounts.described(user) for name, user in world.people.items()},
        "objects": [described(*noted) for noted in world.objects],
    }


def described(town, what, row):
    row.refresh_from_db()  # later moves have changed it
    url = row.get_absolute_url() if hasattr(row, "get_absolute_url") else None
    file = getattr(row, "file", None)
    return {
        "town": town,
        "what": what,
        "model": row._meta.label_lower,
        "id": row.pk,
        "url": url,
        "state": getattr(row, "state", None),
        "file": file.name if file else None,
        "canaries": canaries(row),
    }
