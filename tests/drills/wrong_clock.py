"""The worker's clock is ten minutes ahead of the database's, then ten minutes behind.

Promise: no living worker's document is taken for lost, everything is made once, and the times
that are stored are the database's.
"""

import os
import time
from pathlib import Path

from django.db.models.functions import Now

from documents.models import Document
from notifications.models import Mail
from tests.drills import mailbox, world
from tests.drills.outcome import Outcome
from tests.drills.visitor import Visitor

OFF = ("+600s", "-600s")
PATIENCE = 240


def run(portal, rounds=2):
    library = faketime()
    if not library:
        return Outcome(0, skipped="the library libfaketime is not installed")
    found = Outcome(rounds)
    for number in range(rounds):
        off = OFF[number % 2]
        portal.stop("worker")
        portal.start("worker", LD_PRELOAD=library, FAKETIME=off, FAKETIME_DONT_FAKE_MONOTONIC="1")
        make_one(portal, found, off)
    portal.stop("worker")
    portal.start("worker")
    return found


def faketime():
    """The library that gives a process another clock; LIBFAKETIME may say where it lies."""
    places = [os.environ.get("LIBFAKETIME"), *Path("/usr/lib").glob("*/faketime/libfaketime.so.1")]
    return next((str(place) for place in places if place and Path(place).exists()), None)


def make_one(portal, found, off):
    """A report takes several heartbeats: long enough to be taken for lost by a wrong clock."""
    town = world.town()
    coordinator, assessment = world.person(town), world.assessment(town)
    begun = time.monotonic()
    Visitor(portal, coordinator).post(f"/en/assessments/{assessment.pk}/submit/")
    mine = Document.objects.filter(asked_by=coordinator)
    mails = Mail.objects.filter(to=coordinator.email)
    portal.until(
        lambda: not mine.filter(finished_at=None) and not mails.filter(sent_at=None), PATIENCE
    )
    found.recovered.append(time.monotonic() - begun)
    found.lost += 3 - sum(document.is_ready for document in mine)
    found.doubled += sum(document.attempt > 1 for document in mine)
    arrived = len(mailbox.received(portal, coordinator.email))
    found.lost += arrived < 1
    found.doubled += arrived > 1
    strange = mine.exclude(finished_at__lte=Now(), finished_at__gte=mine.first().created_at)
    found.demand(not strange.exists(), f"with the clock at {off} a stored time is the worker's")
