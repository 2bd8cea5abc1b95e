"""A text comes into a document that no form would let in, and the renderer meets its limits.

Promise: only the renderer's child dies; the document says why it failed, the worker goes on, and
the next document is made.
"""

import time
from functools import partial

from applications.models import Application
from documents.models import Document
from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.visitor import Visitor
from tests.drills.waiting import until

MONSTER = "sana " * 4_000_000  # 20 MB
PATIENCE = 400


def run(portal, rounds=1):
    found = Outcome(rounds)
    worker = portal.parts["worker"].pid
    reasons = set()
    for _ in range(rounds):
        monster, small = submit(portal, found, MONSTER), submit(portal, found)
        until(partial(are_done, monster, small), PATIENCE)
        monster.refresh_from_db()
        small.refresh_from_db()
        reasons.add(monster.reason.split(":")[0])
        found.demand(monster.state == Document.State.FAILED, "the monster was not stopped")
        found.lost += not small.is_ready
        found.recovered.append((small.finished_at - monster.finished_at).total_seconds())
    found.demand(portal.parts["worker"].pid == worker, "the worker was started again")
    found.demand(portal.parts["worker"].poll() is None, "the worker has died")
    found.demand(reasons <= {"too_long", "too_large"}, f"the reason is {reasons}")
    found.note = f"stopped as {', '.join(sorted(reasons))}"
    return found


def are_done(*documents):
    keys = [document.pk for document in documents]
    return not Document.objects.filter(pk__in=keys, finished_at=None).exists()


def submit(portal, found, motivation=""):
    """Hand an application in; `motivation` is put past the form, into the row."""
    coordinator = world.person(world.town())
    application = world.draft(coordinator.memberships.get().municipality)
    if motivation:
        Application.objects.filter(pk=application.pk).update(motivation=motivation)
    path = f"/en/applications/{application.pk}/move/submitted/"
    found.demand(Visitor(portal, coordinator).post(path).status == 302, "not submitted")
    time.sleep(1)
    return Document.objects.get(asked_by=coordinator)
