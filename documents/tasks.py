from celery import shared_task
from django.conf import settings

from documents import storing, workflow
from notifications import pulse


@shared_task(ignore_result=True)
def sweep():
    """Two beats, or a heap of sweeps that waited for a worker: one of them works."""
    if pulse.is_turn("sweep-documents", settings.SWEEP_SECONDS / 2):
        workflow.sweep()


@shared_task(ignore_result=True)
def sweep_files():
    """Delete what is kept no longer; twice at once, or again: nothing more happens."""
    workflow.expire()
    storing.sweep()
