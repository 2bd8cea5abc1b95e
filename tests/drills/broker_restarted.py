"""The broker is restarted, with and without what it held, while the worker is idle or busy.

Promise: the worker takes work again within 90 s without a human, even where its process seemed
alive all the time, and what was asked before, meanwhile and afterwards is all done, once.
"""

import time

from notifications.models import Mail
from notifications.outbox import enqueue
from tests.drills import mailbox, world
from tests.drills.outcome import Outcome
from tests.drills.portal import NEXT_SWEEP

BUSY = 30  # mails that wait when the broker goes
PATIENCE = 90  # seconds until the worker takes work again
SWEPT_AFTER = 60  # seconds: a mail is looked after by the sweeper when it is a minute old


def run(portal, rounds=20):
    found = Outcome(rounds, longer=NEXT_SWEEP)
    portal.broker.stop()
    for number in range(rounds):
        keeps_data, busy = number % 2 == 0, number % 4 < 2
        portal.broker.forget()
        portal.broker.start(keeps_data=keeps_data)
        found.recovered.append(time_to_consume(portal, found))
        asked = [write() for _ in range(BUSY)] if busy else []
        portal.broker.stop()
        asked += [write()]  # nobody hears this nudge
        found.rounds = number + 1
        ASKED.extend(asked)
    portal.broker.start()
    found.recovered.append(time_to_consume(portal, found))
    check(portal, found)
    return found


ASKED = []


def write():
    """A mail to an address of its own; the worker has to send it once."""
    return enqueue(f"mail-{next(world.NUMBER)}@drill.example", "en", "A drill", "Text").to


def time_to_consume(portal, found):
    """Seconds until a mail that is written now is sent."""
    begun = time.monotonic()
    mail = write()
    ASKED.append(mail)
    sent = Mail.objects.filter(to=mail, sent_at__isnull=False)
    done = portal.until(sent.exists, PATIENCE)
    found.demand(done is not None, f"nothing was taken for {PATIENCE} s")
    return time.monotonic() - begun


def check(portal, found):
    waiting = Mail.objects.filter(to__in=ASKED, sent_at=None)
    portal.until(lambda: not waiting.exists(), SWEPT_AFTER + PATIENCE)
    arrived = [message["To"] for message in mailbox.all_messages(portal)]
    counts = [arrived.count(address) for address in ASKED]
    found.lost += counts.count(0)
    found.doubled += sum(count - 1 for count in counts if count > 1)
    found.note = f"{len(ASKED)} mails"
