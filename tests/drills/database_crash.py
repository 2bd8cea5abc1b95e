"""PostgreSQL crashes (`-m immediate`) in the middle of a submission, again and again.

Promise: an application is submitted wholly - state, time, receipt, audit entry, mail - or not at
all. Whoever met the crash sees the page that says so, with a time to come back, and trying again
succeeds.
"""

import random
import threading
import time

from accounts.models import AuditEntry
from applications.models import Application
from documents.models import Document
from notifications.models import Mail
from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.visitor import NoAnswer, Visitor
from tests.drills.waiting import until

LONGEST = 0.12  # seconds from sending the form to the crash
PATIENCE = 60


def run(portal, rounds=40):
    chance = random.Random(5)
    found = Outcome(rounds)
    met = {"answered": 0, 503: 0, "broken off": 0}
    for _ in range(rounds):
        town = world.town()
        coordinator = world.person(town)
        application = world.draft(town)
        visitor = Visitor(portal, coordinator)
        visitor.get(f"/en/applications/{application.pk}/")
        met[crash_while_submitting(portal, visitor, application, chance)] += 1
        effects = effects_of(application, coordinator)
        found.demand(len(set(effects)) == 1, f"half submitted: {effects}")
        found.recovered.append(submit_until_it_works(found, visitor, application))
        effects = effects_of(application, coordinator)
        found.lost += min(effects) < 1
        found.doubled += max(effects) > 1
    found.note = ", ".join(f"{count} {name}" for name, count in met.items())
    return found


def path(application):
    return f"/en/applications/{application.pk}/move/submitted/"


def crash_while_submitting(portal, visitor, application, chance):
    """Send the form and crash a moment later; return what the person met."""
    met = []

    def submit():
        try:
            met.append(visitor.post(path(application)))
        except NoAnswer:
            met.append(None)

    thread = threading.Thread(target=submit)
    thread.start()
    time.sleep(chance.uniform(0, LONGEST))
    portal.database.restart()
    thread.join()
    if met[0] is None:
        return "broken off"
    return 503 if met[0].is_polite_refusal else "answered"


def effects_of(application, coordinator):
    """How often each part of the submission is there."""
    row = Application.objects.get(pk=application.pk)
    return [
        int(row.state == Application.State.SUBMITTED),
        int(row.submitted_at is not None),
        int(row.receipt is not None),
        Document.objects.filter(asked_by=coordinator).count(),
        AuditEntry.objects.filter(
            action="application.submitted", target=f"applications.application {application.pk}"
        ).count(),
        Mail.objects.filter(to=coordinator.email).count(),
    ]


def submit_until_it_works(found, visitor, application):
    """What the person does who was told to try again; return the seconds until it worked."""

    def works():
        try:
            return visitor.post(path(application)).status == 302
        except NoAnswer:
            return False

    seconds = until(works, PATIENCE)
    found.demand(seconds is not None, "trying again did not work")
    return seconds or PATIENCE
