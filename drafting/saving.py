from django.db import transaction
from django.utils import timezone


@transaction.atomic
def save(row, values, *, read, by):
    """Store `values`, which `by` wrote on top of version `read`; return the row, and if it went in.

    values: field names to values. Where somebody else has stored a later version nothing changes
    and the answer is False: the page then shows both. The same values again are no conflict, so
    that a save whose answer was lost can be repeated.
    """
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if all(getattr(row, name) == value for name, value in values.items()):
        return row, True
    if row.version != read:
        return row, False
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.changed_at, row.changed_by = row.version + 1, timezone.now(), by
    row.save(update_fields=[*values, "version", "changed_at", "changed_by"])
    return row, True
