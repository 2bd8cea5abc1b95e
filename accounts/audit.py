from accounts.models import AuditEntry


def record(action, row, *, by, note=""):
    """Write down that `by` did `action` to `row`; belongs in the transaction that does it.

    action: "application.submitted", noun and past participle. by: None for the system.
    """
    return AuditEntry.objects.create(
        action=action,
        target=f"{row._meta.label_lower} {row.pk}",
        municipality_id=getattr(row, "municipality_id", None),
        by=by,
        note=note,
    )
