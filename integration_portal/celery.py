import os
from typing import Any

from celery import Celery
from django_structlog.celery.signals import bind_extra_task_metadata
from django_structlog.celery.steps import DjangoStructLogInitStep
from structlog.contextvars import bind_contextvars

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integration_portal.settings")

app = Celery("integration_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()  # waits for a worker to start: a web process imports no `tasks.py`
app.steps["worker"].add("integration_portal.watching:Watch")  # by name: a web process needs it not
app.steps["worker"].add(DjangoStructLogInitStep)


def name_task(task: Any, **other: Any) -> None:
    """Each line that a task writes says which task it is."""
    bind_contextvars(task=task.name)


bind_extra_task_metadata.connect(name_task)
