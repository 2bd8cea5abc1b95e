"""What is to be done later, told alike whatever it is: documents to be made, mails to be sent."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from documents.models import Document
from notifications.models import Mail


@dataclass(frozen=True)
class Job:
    kind: str  # "document" or "mail"
    id: int
    state: str
    task: str
    attempt: int
    heartbeat_at: datetime | None  # None where a row's lock says that somebody works
    owner: str  # whose it is: who asked for the document, who gets the mail
    asked_at: datetime
    age_seconds: int
    reason: str = ""  # why it failed, or was put off


def jobs():
    """Yield every job, the oldest of its kind first; a document that is made stays one."""
    now = timezone.now()
    for document in Document.objects.select_related("asked_by").order_by("pk").iterator():
        yield of_document(document, now)
    for mail in Mail.objects.order_by("pk").iterator():
        yield of_mail(mail, now)


def of_document(document, now):
    return Job(
        kind="document",
        id=document.pk,
        state=document.state,
        task=document.task,
        attempt=document.attempt,
        heartbeat_at=document.heartbeat_at,
        owner=document.asked_by.email if document.asked_by else "",
        asked_at=document.created_at,
        age_seconds=age(document.created_at, now),
        reason=document.reason,
    )


def of_mail(mail, now):
    return Job(
        kind="mail",
        id=mail.pk,
        state=mail.state,
        task="notifications.tasks.send",
        attempt=mail.attempts,
        heartbeat_at=None,
        owner=mail.to,
        asked_at=mail.created_at,
        age_seconds=age(mail.created_at, now),
        reason=mail.failure,
    )


def age(moment, now):
    return round((now - moment).total_seconds())
