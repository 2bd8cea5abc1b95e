"""What is arranged for a visit: its programme, and whom the experts met. The visit is locked."""

from accounts.audit import record


def add(item, *, by):
    item.save()
    record("programmeitem.added", item.visit, by=by)


def change(item, changed, *, by):
    """Store an item; changed: the names of the fields that are."""
    item.save()
    if changed:
        record("programmeitem.changed", item.visit, by=by, note=", ".join(changed))


def remove(item, *, by):
    """Notes on the item stay, as notes on the visit."""
    item.delete()
    record("programmeitem.removed", item.visit, by=by)


def meet(person, *, by):
    person.save()
    record("personmet.added", person.visit, by=by)


def unmeet(person, *, by):
    person.delete()
    record("personmet.removed", person.visit, by=by)
