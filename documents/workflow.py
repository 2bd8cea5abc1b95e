"""The life of a document: queued, claimed by a worker, ready or failed, and deleted in the end.

The row is the job; the broker only carries a nudge. A claim is a conditional update, and its
attempt number fences out a worker that was thought lost and comes back late. All times are the
database's.
"""

import hashlib
import json
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from documents.models import Document
from notifications.outbox import nudge

ATTEMPTS = 3
State = Document.State


# What can be asked for again: nothing of it is on its way, and no file is there.
ENDED = (State.FAILED, State.DENIED, State.EXPIRED)


def fingerprint(*content):
    """Return a key of what a document says: the same for the same texts, numbers and dates."""
    text = json.dumps(content, default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


@transaction.atomic
def queue(task, key, *, by):
    """Ask for a document; the same request twice is one row. `task(pk)` will make it.

    Asked for again with nothing changed (the same key) it is the finished one; one that failed
    or was deleted after its time is made anew.
    """
    document, created = Document.objects.get_or_create(
        task=task, key=key, defaults={"asked_by": by}
    )
    if created:
        nudge(task, document.pk)
    elif document.state in ENDED:
        ask_again(document, by=by)
        document.refresh_from_db()
    return document


@transaction.atomic
def ask_again(document, *, by=None):
    """Queue what has ended without a file once more; anything else is left as it is.

    by: whose right counts from now on; None leaves who asked first. Returns whether this call
    queued it.
    """
    changes = {"state": State.QUEUED, "attempt": 0, "progress": 0, "reason": ""}
    changes |= {"finished_at": None, "expires_at": None} | ({"asked_by": by} if by else {})
    queued = Document.objects.filter(pk=document.pk, state__in=ENDED).update(**changes)
    if queued:
        nudge(document.task, document.pk)
    return bool(queued)


def let_go(document):
    """Have the file deleted by the next sweep: its row's place is taken by a newer document.

    One that is still on its way needs nothing: its task finds that nobody may read it any more.
    """
    Document.objects.filter(pk=document.pk, state=State.READY).update(expires_at=Now())


def claim(pk):
    """Take a waiting document in hand; None if it is made, or a living worker has it."""
    taken = Document.objects.waiting().filter(pk=pk, attempt__lt=ATTEMPTS)
    if not taken.update(state=State.RENDERING, attempt=F("attempt") + 1, heartbeat_at=Now()):
        return None
    return Document.objects.get(pk=pk)


def held(document):
    """The row, if this attempt still holds it: every write of a worker goes through here."""
    return Document.objects.filter(pk=document.pk, attempt=document.attempt, state=State.RENDERING)


def beat(document, progress=None):
    """Say that the work goes on; progress: percent, 0 to 100, or None to leave it."""
    changes = {"heartbeat_at": Now()} | ({} if progress is None else {"progress": progress})
    held(document).update(**changes)


def fail(document, reason):
    held(document).update(state=State.FAILED, reason=reason, finished_at=Now())


def deny(document):
    """Who asked for it may not have it any more: no file, and the row says so."""
    held(document).update(state=State.DENIED, reason="denied", finished_at=Now())


def give_back(document, reason):
    """Let the sweeper start it again, as something may pass; after the last attempt it failed."""
    left = held(document).filter(attempt__lt=ATTEMPTS)
    if not left.update(state=State.QUEUED, reason=reason, heartbeat_at=None):
        fail(document, reason)


def finish(document, content, name):
    """Store the file, then say so; a later attempt that has taken over keeps its own."""
    path = document.file.field.generate_filename(document, f"{secrets.token_hex(16)}.pdf")
    path = default_storage.save(path, ContentFile(content))
    kept = timedelta(days=settings.DOCUMENT_DAYS.get(document.task, settings.OTHER_DOCUMENT_DAYS))
    done = {"state": State.READY, "progress": 100, "reason": "", "finished_at": Now()}
    if not held(document).update(file=path, name=name, expires_at=Now() + kept, **done):
        default_storage.delete(path)


def sweep():
    """Nudge what waits, and give up on what stopped its worker `ATTEMPTS` times."""
    waiting = Document.objects.waiting()
    waiting.filter(attempt__gte=ATTEMPTS).update(
        state=State.FAILED, reason="worker_lost", finished_at=Now()
    )
    for task, pk in waiting.order_by("created_at").values_list("task", "pk")[:200]:
        nudge(task, pk)


def expire():
    """Delete the files whose time of keeping is over; each can be asked for again."""
    over = Document.objects.filter(state=State.READY, expires_at__lt=Now())
    for pk, path in over.values_list("pk", "file"):
        # The condition again: of two sweepers at once one deletes.
        if over.filter(pk=pk).update(state=State.EXPIRED, reason="expired", file=""):
            default_storage.delete(path)
