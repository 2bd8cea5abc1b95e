"""A text comes into a document that no form would let in, so that the renderer meets its limits;
then the renderer is killed -9, as a machine without memory would do.

Promise: only the renderer's child dies; the document says why it failed, the worker goes on, and
the next document is made. Of words alone a page meets the limit of time before that of memory,
which the suite tries with a lower one (`tests/documents/test_rendering.py`).
"""

from functools import partial

from applications.models import Application
from documents.models import Document
from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.portal import children, kill_process
from tests.drills.visitor import Visitor
from tests.drills.waiting import until

MONSTER = "sana " * 4_000_000  # 20 MB
PATIENCE = 400
REASONS = {"too_long", "too_large"}


def run(portal, rounds=1):
    found = Outcome(rounds * 2)
    worker = portal.parts["worker"]
    for _ in range(rounds):
        monster, after = submit(portal, found, MONSTER), submit(portal, found)
        check(portal, found, monster, after)
        victim = submit(portal, found)
        found.demand(kill_renderer(portal, victim), "no renderer was seen at work")
        check(portal, found, victim, submit(portal, found))
    found.demand(portal.parts["worker"] is worker and worker.poll() is None, "the worker died")
    return found


def submit(portal, found, motivation=""):
    """Hand an application in; `motivation` is put past the form, into the row."""
    coordinator = world.person(world.town())
    application = world.draft(coordinator.memberships.get().municipality)
    if motivation:
        Application.objects.filter(pk=application.pk).update(motivation=motivation)
    path = f"/en/applications/{application.pk}/move/submitted/"
    found.demand(Visitor(portal, coordinator).post(path).status == 302, "not submitted")
    return Document.objects.get(asked_by=coordinator)


def kill_renderer(portal, document):
    """Kill the child of the pool's child while it makes this document; True if there was one."""

    def strike():
        document.refresh_from_db()
        busy = [pid for child in portal.children("worker") for pid in children(child)]
        if document.state == Document.State.RENDERING and busy:
            kill_process(busy[0])
            return True
        return False

    return until(strike, PATIENCE, step=0.01) is not None


def check(portal, found, failing, after):
    portal.until(partial(are_done, failing, after), PATIENCE)
    failing.refresh_from_db()
    after.refresh_from_db()
    reason = failing.reason.split(":")[0]
    found.demand(failing.state == Document.State.FAILED, f"it is {failing.state}")
    found.demand(reason in REASONS, f"the reason is “{reason}”")
    found.lost += not after.is_ready
    later = (after.finished_at - failing.finished_at).total_seconds()
    found.recovered.append(max(0, later))  # of two pool children one went on meanwhile


def are_done(*documents):
    keys = [document.pk for document in documents]
    return not Document.objects.filter(pk__in=keys, finished_at=None).exists()
