"""The life of a document: queued, claimed by a worker, ready or failed.

The row is the job; the broker only carries a nudge. A claim is a conditional update, and its
attempt number fences out a worker that was thought lost and comes back late.
"""

import secrets

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from documents.models import Document
from notifications.outbox import nudge

ATTEMPTS = 3
State = Document.State


def queue(task, key, *, by):
    """Ask for a document; the same request twice is one row. `task(pk)` will make it."""
    document, created = Document.objects.get_or_create(
        task=task, key=key, defaults={"asked_by": by}
    )
    if created:
        nudge(task, document.pk)
    return document


@transaction.atomic
def ask_again(document):
    """Queue a failed document once more; anything else is left as it is."""
    failed = Document.objects.filter(pk=document.pk, state=State.FAILED)
    if failed.update(state=State.QUEUED, attempt=0, progress=0, reason="", finished_at=None):
        nudge(document.task, document.pk)


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


def finish(document, content, name):
    """Store the file, then say so; a later attempt that has taken over keeps its own."""
    storage = document.file.storage
    path = document.file.field.generate_filename(document, f"{secrets.token_hex(16)}.pdf")
    path = storage.save(path, ContentFile(content))
    done = {"state": State.READY, "progress": 100, "finished_at": Now()}
    if not held(document).update(file=path, name=name, **done):
        storage.delete(path)


def sweep():
    """Nudge what waits, and give up on what stopped its worker `ATTEMPTS` times."""
    waiting = Document.objects.waiting()
    waiting.filter(attempt__gte=ATTEMPTS).update(
        state=State.FAILED, reason="worker_lost", finished_at=Now()
    )
    for task, pk in waiting.order_by("created_at").values_list("task", "pk")[:200]:
        nudge(task, pk)
