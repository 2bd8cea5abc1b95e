from celery import shared_task

from documents import storing, workflow


@shared_task(ignore_result=True)
def sweep():
    workflow.sweep()


@shared_task(ignore_result=True)
def sweep_files():
    """Delete what is kept no longer; twice at once, or again: nothing more happens."""
    workflow.expire()
    storing.sweep()
