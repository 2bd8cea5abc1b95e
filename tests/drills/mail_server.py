"""The mail server is away, takes the connection and says nothing, asks to come later, refuses
one address, and breaks off after it has taken a mail.

Promise: once it is well again, every mail is there once, whoever else was refused; what broke off
after it was taken comes again under the same Message-ID, and staff see the refused one.
"""

import time
from contextlib import contextmanager

from notifications.models import Mail
from notifications.outbox import enqueue
from tests.drills import world
from tests.drills.mails import sending_to
from tests.drills.outcome import Outcome
from tests.notifications.sink import Manners, Sink

MAILS = 10  # in each state of the server
UNWELL = 15  # seconds
PATIENCE = 120
LONGEST_PAUSE = 5 * (60 - 1)  # between two tries of a server that is away, here and in production
WAYS = (
    Manners(greets=False),
    Manners(rcpt="451 come later"),
    Manners(breaks_after_data=True),
)


def run(portal, rounds=1):
    found = Outcome(rounds * (len(WAYS) + 2), longer=LONGEST_PAUSE)
    for _ in range(rounds):
        with Sink() as sink, sending_to(portal, sink.port):
            for manners in WAYS:
                mails_while(portal, found, sink, unwell(sink, manners))
            mails_while(portal, found, sink, refusing(portal, found, sink))
        mails_while_away(portal, found)
    return found


@contextmanager
def unwell(sink, manners):
    sink.manners = manners
    yield
    sink.manners = Manners()


@contextmanager
def refusing(portal, found, sink):
    """One address is unknown there; its mail is refused for good, and nobody waits for it."""
    mail = enqueue(f"unknown-{next(world.NUMBER)}@drill.example", "en", "A drill", "Text")
    sink.manners = Manners(refused={mail.to: "550 unknown"})
    yield
    refused = Mail.objects.filter(pk=mail.pk, state=Mail.State.REFUSED)
    marked = portal.until(refused.exists, PATIENCE) is not None
    found.demand(marked, "a refused mail is not marked so")
    sink.manners = Manners()


def mails_while(portal, found, sink, unwell):
    """Write mails while the server is unwell; each arrives once when it is well."""
    with unwell:
        addresses = [write() for _ in range(MAILS)]
        time.sleep(UNWELL)
    wait_for(portal, found, sink, addresses)


def write():
    return enqueue(f"mail-{next(world.NUMBER)}@drill.example", "en", "A drill", "Text").to


def wait_for(portal, found, sink, addresses):
    begun = time.monotonic()
    waiting = Mail.objects.filter(to__in=addresses, sent_at=None)
    portal.until(lambda: not waiting.exists(), PATIENCE)
    found.recovered.append(time.monotonic() - begun)
    ids = [{m["Message-ID"] for m in sink.messages() if m["To"] == to} for to in addresses]
    found.lost += ids.count(set())
    found.doubled += sum(len(one) - 1 for one in ids if one)


def mails_while_away(portal, found):
    """Nobody listens; then somebody does, on the same port."""
    with Sink() as sink:
        port = sink.port
    with sending_to(portal, port):
        addresses = [write() for _ in range(MAILS)]
        time.sleep(UNWELL)
        with Sink(port) as sink:
            wait_for(portal, found, sink, addresses)
