from celery import shared_task

from documents import workflow


@shared_task(ignore_result=True)
def sweep():
    workflow.sweep()
