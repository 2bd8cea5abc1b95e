from accounts import origin
from accounts.models import AuditEntry

Outcome = AuditEntry.Outcome


def record(action, row, *, by, note="", outcome=Outcome.DONE):
    """Write down that `by` did `action` to `row`; belongs in the transaction that does it.

    action: "application.submitted", noun and past participle. row: None where there is none, as in
    a sign-in with an address that nobody has. by: None for the system, and for whoever failed to
    prove who they are. The address and the request's id come from `accounts.origin`.
    """
    here = origin.present()
    return AuditEntry.objects.create(
        action=action,
        target=target_of(row) if row else "",
        municipality_id=getattr(row, "municipality_id", None),
        by=by,
        note=note,
        outcome=outcome,
        address=here.address,
        request_id=here.request_id,
    )


def target_of(row):
    """What the audit calls a row: "applications.application 17"."""
    return f"{row._meta.label_lower} {row.pk}"


def record_reading(action, row, *, by):
    """Write down that `by` fetched what a municipality made, unless it is their own."""
    own = by.memberships.current().filter(municipality=row.municipality_id)
    if not own.exists():
        record(action, row, by=by)
