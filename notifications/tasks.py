from celery import shared_task
from django.conf import settings

from notifications import digests, pulse, sending

LIMIT = 60  # seconds; each answer of the mail server is waited for ten


@shared_task(acks_late=True, reject_on_worker_lost=True, time_limit=LIMIT)
def send(mail_id):
    """Send one mail. Twice at once, or again when sent: nothing happens."""
    sending.send(mail_id)


@shared_task(acks_late=True, reject_on_worker_lost=True, time_limit=LIMIT)
def write_digest(user_id):
    """Write one person's summary. Twice at once, or again when written: nothing happens."""
    digests.write_digest(user_id)


@shared_task
def sweep():
    """Send what a lost nudge, a dead worker or an absent server left; start the summaries."""
    if pulse.is_turn("sweep-mails", settings.SWEEP_SECONDS / 2):
        digests.gather()
        sending.drain()


@shared_task
def drain(mail_id):
    """Go on with what is due, from this mail on."""
    sending.drain(mail_id)


@shared_task
def erase_texts():
    sending.erase_texts()


@shared_task
def canary(queue):
    """Came through `queue`: a worker listens there."""
    pulse.stamp(queue)
