"""What several people write at once is stored here, and nowhere else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from drafting.merging import BothChanged, merge, merge_value
from drafting.models import Revision, Versioned
from drafting.repeats import once


@dataclass(frozen=True)
class Saved:
    """What came of a save.

    values: what is stored now of the fields sent or, where it did not go in, what would be:
    joined where that could be done, as sent where both changed the same place (`differing`).
    version, at: of what was stored; a page that shows `values` goes on from `version`.
    """

    row: Versioned
    went_in: bool
    version: int
    at: datetime | None
    sent: dict[str, Any]
    values: dict[str, Any]
    differing: tuple[str, ...] = ()

    @property
    def joined(self):
        """The fields where something else is stored than was sent: others wrote there too."""
        return tuple(name for name, value in self.values.items() if value != self.sent[name])


@transaction.atomic(savepoint=False)  # inside a request's transaction it needs none of its own
def save(row, values, **how):
    """Lock `row` and store `values`: see `save_locked`."""
    rows = type(row).objects.select_for_update(of=("self",))
    return save_locked(rows.get(pk=row.pk), values, **how)


def save_locked(row, values, *, read, by, key="", base=None):
    """Store `values`, which `by` wrote on top of version `read`; return what came of it (`Saved`).

    row: read and locked in this transaction, by whoever asked for the right to write it.

    What others changed meanwhile is kept: field by field, and in a long text paragraph by
    paragraph. Where both changed the same place nothing is stored, and `differing` names it: the
    page then shows both texts. The same values again are no conflict and no new version.

    key: chosen by the sender for this save. The same save repeated gives the first result, also
    where others have saved since. base: what `values` were changed from, where the page did not
    show `read` itself (after a join that it has not put on the screen yet).
    """
    stored_key = once(key, by.pk, {"read": read, "values": values})
    wanted = Q(version=row.version) | Q(key=stored_key) if key else Q(version=row.version)
    kept = list(row.revisions.filter(wanted))
    first = next((revision for revision in kept if key and revision.key == stored_key), None)
    if first:
        return first_result(row, first, values)
    joined, differing = join(row, values, read, base)
    if not differing:
        changed = {n: value for n, value in joined.items() if value != getattr(row, n)}
        if changed:
            is_kept = any(revision.version == row.version for revision in kept)
            store(row, changed, by=by, key=stored_key, is_kept=is_kept)
    return Saved(row, not differing, row.version, row.changed_at, values, joined, tuple(differing))


def first_result(row, revision, values):
    """What a save came to that was sent before: its answer may have been lost on the way."""
    stored = row.values_at(revision.version, values)
    return Saved(row, True, revision.version, revision.at, values, stored)


def join(row, values, read, base):
    """`values` with what others changed since `read`; and the fields that both changed."""
    if row.version == read and base is None:
        return values, []
    moved = [name for name, mine in values.items() if mine != getattr(row, name)]
    known = row.values_at(read, moved) | (base or {}) if moved and read <= row.version else {}
    joined, differing = dict(values), []
    for name in moved:
        try:
            joined[name] = join_field(row, name, values[name], known)
        except BothChanged:
            differing.append(name)
    return joined, differing


def join_field(row, name, mine, known):
    """One field with both changes. Raises BothChanged, also where its base is not known."""
    if name not in known:
        raise BothChanged
    base, theirs, field = known[name], getattr(row, name), row._meta.get_field(name)
    if not isinstance(field, models.TextField) or base in (mine, theirs):
        return merge_value(base, mine, theirs)
    text = merge(base, mine, theirs)
    if text is None or (field.max_length and len(text) > field.max_length):
        raise BothChanged
    return text


def store(row, changed, *, by, key, is_kept):
    """Write the new version, and what it was before where that was not kept yet."""
    found = {name: getattr(row, name) for name in row.drafted}
    revisions = [] if is_kept else [revision_of(row, found, row.changed_by_id, "")]
    for name, value in changed.items():
        setattr(row, name, value)
    row.version, row.changed_at, row.changed_by = row.version + 1, timezone.now(), by
    row.save(update_fields=[*changed, "version", "changed_at", "changed_by"])
    Revision.objects.bulk_create([*revisions, revision_of(row, changed, by.pk, key)])


def revision_of(row, values, by_id, key):
    return Revision(
        row=row, version=row.version, values=values, by_id=by_id, at=row.changed_at, key=key
    )
