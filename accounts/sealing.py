"""The audit's chain: sealed each night, checked at any time, shortened after the years it is kept.

A seal covers the entries after the one before it. It is made an hour late, when no transaction is
open any more that could still store an entry among them. It only reads the audit: nobody's saving
waits for it.
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import chain
from accounts.audit import record
from accounts.models import AuditEntry, AuditSeal

COLUMNS = (
    "pk", "at", "by_id", "action", "target", "municipality_id", "note", "outcome", "address",
    "request_id",
)  # fmt: skip
LATE = timedelta(hours=1)
MOST = 5000  # entries of one seal, so that checking needs little memory
ONE_AT_A_TIME = 7_206_113  # the number of the lock that two schedulers would meet at


@transaction.atomic
def seal():
    """Bind what is not sealed yet into the chain; return the seals made, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    made = []
    before = AuditSeal.objects.last()
    while entries := unsealed(before):
        before = bind(before, entries)
        made.append(before)
    return made


def unsealed(before):
    """The next entries that nothing can be stored among any more, at most `MOST`."""
    waiting = AuditEntry.objects.order_by("pk").filter(pk__gt=before.last if before else 0)
    young = waiting.filter(at__gte=timezone.now() - LATE).values_list("pk", flat=True).first()
    if young:
        waiting = waiting.filter(pk__lt=young)
    return list(waiting.values_list(*COLUMNS)[:MOST])


def bind(before, entries):
    of = chain.digest(entries)
    last, until = entries[-1][0], max(entry[1] for entry in entries)
    former = before.link if before else chain.START
    return AuditSeal.objects.create(
        last=last,
        entries=len(entries),
        until=until,
        digest=of,
        link=chain.link(former, last, len(entries), until, of),
    )


def faults():
    """What in the audit is not as it was sealed, in words; nothing if all is well."""
    found, former, first = [], chain.START, 0
    for each in AuditSeal.objects.order_by("last").iterator():
        found += faults_of(each, former, first)
        former, first = each.link, each.last
    return found


def faults_of(each, former, first):
    if each.link != chain.link(former, each.last, each.entries, each.until, each.digest):
        text = _("The seal of the entries %(first)s–%(last)s does not fit the one before.")
        return [text % ends(each, first)]
    stretch = AuditEntry.objects.order_by("pk").filter(pk__gt=first, pk__lte=each.last)
    entries = list(stretch.values_list(*COLUMNS))
    if not entries and each.until < kept_since():
        return []  # removed as the law asks; the seal still binds what came before and after
    if len(entries) != each.entries or chain.digest(entries) != each.digest:
        text = _("The entries %(first)s–%(last)s are not as they were sealed.")
        return [text % ends(each, first)]
    return []


def ends(each, first):
    return {"first": first + 1, "last": each.last}


def kept_since():
    return timezone.now() - timedelta(days=settings.AUDIT_KEEP_DAYS)


@transaction.atomic
def remove_old():
    """Remove whole sealed stretches that are older than they are kept; return how many entries.

    The seals stay, so the chain can still be checked from its first link.
    """
    kept = AuditSeal.objects.filter(until__gte=kept_since()).first()
    old = AuditSeal.objects.filter(**{"last__lt": kept.last} if kept else {}).last()
    if old is None:
        return 0
    removed, _models = AuditEntry.objects.filter(pk__lte=old.last).delete()
    if removed:
        note = f"{removed} entries until {old.until:%Y-%m-%d}"
        record("auditseal.emptied", old, by=None, note=note)
    return removed
