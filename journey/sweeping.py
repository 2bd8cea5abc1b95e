"""Run every sweeper of the schedule once, here and now, and tell what came of it."""

from collections import Counter
from dataclasses import dataclass
from importlib import import_module

from celery.signals import after_task_publish
from django.conf import settings

from journey.jobs import jobs


@dataclass(frozen=True)
class Swept:
    task: str  # the sweeper
    started: dict  # how many jobs it has started, by task; none while the broker is away
    changed: dict  # how many jobs came into a state, or left it: "document failed" to 1 or -1


def sweepers():
    """The scheduled tasks that repeat what was lost: by name, those called `sweep...`."""
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    return sorted(task for task in tasks if task.rpartition(".")[2].startswith("sweep"))


def sweep():
    """Yield what each sweeper has done, as `Swept`."""
    for task in sweepers():
        before, started = states(), Counter()
        with counting(started):
            run(task)
        after = states()
        changed = {name: after[name] - before[name] for name in {*before, *after}}
        yield Swept(task, dict(started), {name: n for name, n in changed.items() if n})


def run(task):
    module, _dot, name = task.rpartition(".")
    getattr(import_module(module), name)()


def states():
    return Counter(f"{job.kind} {job.state}" for job in jobs())


class counting:
    """Count the tasks that go to the broker meanwhile, by name."""

    def __init__(self, counter):
        self.counter = counter

    def __enter__(self):
        after_task_publish.connect(self.count, weak=False)

    def count(self, sender, **kwargs):
        self.counter[sender] += 1

    def __exit__(self, *error):
        after_task_publish.disconnect(self.count)
