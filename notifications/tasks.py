from datetime import timedelta

from celery import shared_task
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now

from notifications.models import Mail
from notifications.outbox import nudge


@shared_task(acks_late=True, reject_on_worker_lost=True)
@transaction.atomic
def send(mail_id):
    """Send one mail. Twice at once, or again when sent: nothing happens."""
    waiting = Mail.objects.waiting().select_for_update(skip_locked=True)
    mail = waiting.filter(pk=mail_id).first()
    if mail is None:
        return
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": mail.language}
    EmailMessage(mail.subject, mail.text, to=[mail.to], headers=headers).send()
    Mail.objects.filter(pk=mail.pk).update(sent_at=Now(), text="" if mail.secret else mail.text)


@shared_task(ignore_result=True)
def sweep():
    """Start again what a lost nudge left unsent for a minute, oldest first."""
    late = Mail.objects.waiting().filter(created_at__lt=Now() - timedelta(minutes=1))
    for pk in late.order_by("created_at", "pk").values_list("pk", flat=True)[:200]:
        nudge("notifications.tasks.send", pk)
