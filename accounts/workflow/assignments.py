from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import record


@transaction.atomic
def end_all(town, *, by):
    """End the experts' assignments in a municipality, with an audit entry each; returns how many.

    Yesterday becomes the last day. One that began today keeps this day, and one that would begin
    later never does.
    """
    today = timezone.localdate()
    standing = town.assignments.select_for_update(of=("self",))
    standing = standing.filter(Q(until=None) | Q(until__gte=today)).order_by("pk")
    rows = list(standing)
    for assignment in rows:
        record("assignment.ended", assignment, by=by)
        if assignment.since > today:
            assignment.delete()
        else:
            assignment.until = max(assignment.since, today - timedelta(days=1))
            assignment.save(update_fields=["until"])
    return len(rows)
