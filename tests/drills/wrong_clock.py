"""The worker's clock is ten minutes ahead of the database's, then ten minutes behind.

Promise: no living worker's document is taken for lost, everything is made once, and the times
that are stored are the database's.
"""

import shutil
import time

from django.db.models.functions import Now

from documents.models import Document
from notifications.models import Mail
from tests.drills import mailbox, world
from tests.drills.outcome import Outcome
from tests.drills.visitor import Visitor
from tests.drills.waiting import until

OFF = ("+600s", "-600s")
PATIENCE = 240


def run(portal, rounds=2):
    if not shutil.which("faketime"):
        return Outcome(0, skipped="the program faketime is not installed")
    found = Outcome(rounds)
    command = portal.parts["worker"].args
    for number in range(rounds):
        off = OFF[number % 2]
        portal.stop("worker")
        portal.parts["worker"].args = ["faketime", "-f", off, *command]
        portal.start("worker")
        make_one(portal, found, off)
    portal.stop("worker")
    portal.parts["worker"].args = command
    portal.start("worker")
    return found


def make_one(portal, found, off):
    """A report takes several heartbeats: long enough to be taken for lost by a wrong clock."""
    town = world.town()
    coordinator, assessment = world.person(town), world.assessment(town)
    begun = time.monotonic()
    Visitor(portal, coordinator).post(f"/en/assessments/{assessment.pk}/submit/")
    mine = Document.objects.filter(asked_by=coordinator)
    mails = Mail.objects.filter(to=coordinator.email)
    until(lambda: not mine.filter(finished_at=None) and not mails.filter(sent_at=None), PATIENCE)
    found.recovered.append(time.monotonic() - begun)
    found.lost += 3 - sum(document.is_ready for document in mine)
    found.doubled += sum(document.attempt > 1 for document in mine)
    arrived = len(mailbox.received(portal, coordinator.email))
    found.lost += arrived < 1
    found.doubled += arrived > 1
    strange = mine.exclude(finished_at__lte=Now(), finished_at__gte=mine.first().created_at)
    found.demand(not strange.exists(), f"with the clock at {off} a stored time is the worker's")
