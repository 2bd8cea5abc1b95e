"""A thousand mails are written while their worker is killed -9 ten times.

Promise (`notifications.sending`): none is lost, none leaves as two mails, and to one receiver they
leave in the order written. A kill in the instant between the server's "accepted" and our commit
repeats one mail under the same Message-ID, by which a receiver's server may drop it; such repeats
are counted apart.
"""

import random
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from statistics import median

from django.db import transaction

from notifications.outbox import enqueue
from tests.drills.outcome import Outcome
from tests.drills.portal import NEXT_SWEEP, kill_process
from tests.drills.waiting import until
from tests.notifications.sink import Sink

MAILS, RECEIVERS = 1000, 50
NAME = "mail "  # and the number of the mail: the subject
PACED = 50  # mails one after the other, for the time from commit to server
PATIENCE = 300  # seconds without a mail, after which the rest is lost


def run(portal, rounds=10):
    found = Outcome(rounds, longer=NEXT_SWEEP)
    with Sink() as sink, sending_to(portal, sink.port):
        pace = [latency(sink, number) for number in range(PACED)]
        before = len(sink.got)
        for number in range(MAILS):
            enqueue(f"person{number % RECEIVERS}@town.example", "en", f"{NAME}{number}", "Text")
        kills = strike(portal, sink, before, rounds)
        while len(mails(sink)) < MAILS and reach(portal, sink, len(sink.got) + 1):
            pass
        check(found, sink, kills, pace)
    return found


@contextmanager
def sending_to(portal, port):
    """The worker hands its mails to a server on this port meanwhile."""
    portal.stop("worker")
    address = f"smtp://127.0.0.1:{port}"
    command = portal.parts["worker"].args
    portal.environment |= {"EMAIL_URL": address, "MAIL_HOURLY_LIMIT": "1000000"}
    portal.add("worker", command)
    try:
        yield
    finally:
        del portal.environment["EMAIL_URL"], portal.environment["MAIL_HOURLY_LIMIT"]
        portal.stop("worker")
        portal.add("worker", command)


def latency(sink, number):
    """Seconds from the commit of a mail to its acceptance by the server."""
    seen = len(sink.got)
    with transaction.atomic():
        enqueue(f"pace{number}@town.example", "en", f"pace {number}", "Text")
    committed = time.time()
    until(lambda: len(sink.got) > seen, PATIENCE, step=0.002)
    return sink.taken_at[seen] - committed


def strike(portal, sink, before, rounds):
    """Kill at random instants, evenly over the work; return when."""
    chance, kills = random.Random(1), []
    for number in range(1, rounds + 1):
        reach(portal, sink, before + number * MAILS // (rounds + 1))
        time.sleep(chance.uniform(0, 0.5))
        kill(portal, ["child", "main", "both"][number % 3])
        kills.append(time.time())
    return kills


def kill(portal, what):
    main, pool = portal.parts["worker"], portal.children("worker")
    if what in {"main", "both"}:
        portal.kill("worker")
    for child in pool if what in {"child", "both"} else []:
        kill_process(child)
    until(lambda: main.poll() is not None, 0.5)
    portal.supervise()


def reach(portal, sink, number):
    """Wait until the sink holds `number` mails; False when none has come for too long."""
    seen, since = len(sink.got), time.monotonic()
    while len(sink.got) < number:
        portal.supervise()
        if len(sink.got) != seen:
            seen, since = len(sink.got), time.monotonic()
        if time.monotonic() - since > PATIENCE:
            return False
        time.sleep(0.02)
    return True


def mails(sink):
    """{subject: the Message-IDs under which it came}"""
    ids = defaultdict(list)
    for message in sink.messages():
        if message["Subject"].startswith(NAME):
            ids[message["Subject"]].append(message["Message-ID"])
    return ids


def check(found, sink, kills, pace):
    ids = mails(sink)
    found.lost += MAILS - len(ids)
    found.doubled += sum(len(set(some)) - 1 for some in ids.values())
    repeats = sum(len(some) - len(set(some)) for some in ids.values())
    found.recovered = [next((t for t in sink.taken_at if t > kill), kill) - kill for kill in kills]
    found.demand(not disorder(sink), f"{disorder(sink)} receivers got mails in another order")
    paces = f"median {median(pace) * 1000:.0f} ms, most {max(pace) * 1000:.0f} ms"
    found.note = f"{MAILS} mails, {repeats} handed over again under the same Message-ID; "
    found.note += f"commit to server: {paces}"


def disorder(sink):
    """How many receivers got a mail before an earlier one of theirs."""
    seen = defaultdict(Counter)
    for message in sink.messages():
        if message["Subject"].startswith(NAME):
            seen[message["To"]][int(message["Subject"].removeprefix(NAME))] += 1
    return sum(list(numbers) != sorted(numbers) for numbers in seen.values())
