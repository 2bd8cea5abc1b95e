"""Two copies of beat run at once, as after a failed move to another machine.

Promise: each timed thing happens once: every mail arrives once, every document is made once.
"""

import time

from documents.models import Document
from notifications.models import Mail
from tests.drills import mailbox, world
from tests.drills.outcome import Outcome
from tests.drills.visitor import Visitor

LASTING = 10  # seconds with the broker away, so that only the sweepers start what is to be done
PATIENCE = 240


def run(portal, rounds=3):
    found = Outcome(rounds)
    portal.add("second beat", portal.parts["beat"].args, DATA_DIR=second_folder(portal))
    try:
        for _ in range(rounds):
            once(portal, found)
    finally:
        portal.remove("second beat")
    return found


def second_folder(portal):
    """Where the second beat remembers when it ran last; a copy elsewhere has an own one."""
    folder = portal.folder / "second-beat"
    folder.mkdir(exist_ok=True)
    return str(folder)


def once(portal, found):
    coordinators = [world.person(world.town()) for _ in range(3)]
    portal.broker.stop()
    for coordinator in coordinators:
        application = world.draft(coordinator.memberships.get().municipality)
        path = f"/en/applications/{application.pk}/move/submitted/"
        found.demand(Visitor(portal, coordinator).post(path).status == 302, "not submitted")
    time.sleep(LASTING)
    portal.broker.start()
    begun = time.monotonic()
    mine = Document.objects.filter(asked_by__in=coordinators)
    addresses = [coordinator.email for coordinator in coordinators]
    mails = Mail.objects.filter(to__in=addresses)
    portal.until(
        lambda: not mine.filter(finished_at=None) and not mails.filter(sent_at=None), PATIENCE
    )
    found.recovered.append(time.monotonic() - begun)
    ready = mine.filter(state=Document.State.READY)
    arrived = [len(mailbox.received(portal, address)) for address in addresses]
    found.lost += 3 - ready.count() + arrived.count(0)
    found.doubled += sum(document.attempt > 1 for document in ready)
    found.doubled += sum(count - 1 for count in arrived if count > 1)
