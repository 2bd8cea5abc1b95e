"""A thousand mails while their worker is killed -9 ten times, and how soon a mail leaves.

Promise (`notifications.sending`): none is lost, none leaves as two mails, and to one receiver they
leave in the order written. A kill in the instant between the server's "accepted" and our commit
repeats one mail under the same Message-ID, by which a receiver's server may drop it; such repeats
are counted apart. With an engine of its own: `python -m tests.drills.mails`.
"""

import os
import random
import signal
import sys
import time
from collections import Counter, defaultdict
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from statistics import median

import django
from django.db import connections, transaction

from integration_portal import demo
from tests.drills.outcome import Outcome
from tests.drills.portal import NEXT_SWEEP
from tests.notifications.sink import Sink

QUICK = {"SWEEP_SECONDS": "1", "MAIL_RETRY_SECONDS": "1", "MAIL_HOURLY_LIMIT": "1000000"}
NEXT_TRY = 60 - 1  # what the real first pause adds to a recovery
RECEIVERS = 50
NAME = f"mail {os.getpid()}-"  # of this run, whatever an earlier one has left
PATIENCE = 300  # seconds without a mail, after which the rest is lost
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "integration_portal"]


def run(portal, rounds=10):
    """In the drills' portal, whose own worker and beat must not take the mails away."""
    for part in ("worker", "beat"):
        portal.stop(part)
    return drill(portal.environment, rounds)


def drill(environment, rounds, mails=None):
    """Kill `rounds` times while 100 mails a round leave; Django is set up for this environment."""
    mails = mails or 100 * rounds
    with Sink() as sink, ExitStack() as started:
        environment = environment | QUICK | {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
        beat = [*CELERY, "beat", "-l", "ERROR", "-s", f"{environment['DATA_DIR']}/drill-beat"]
        demo.start("drill beat", beat, environment, started)
        worker = Worker(environment, started)
        pace = latencies(sink, 50)
        before = len(sink.got)
        post_all(mails)
        kills = strike(sink, worker, before, rounds, mails)
        while len(distinct(sink)) < mails and reach(sink, len(sink.got) + 1):
            pass
        return outcome(sink, rounds, mails, kills, pace)


class Worker:
    """The worker of the mails' queue, started again whenever its main process was killed."""

    command = [*CELERY, "worker", "-c", "1", "-Q", "mail", "-l", "ERROR", "-n", "drill-mail@here"]

    def __init__(self, environment, started):
        self.environment, self.started = environment, started
        self.process = self.start()

    def start(self):
        return demo.start("drill worker", self.command, self.environment, self.started)

    def kill(self, what):
        """what: "child", "main" or "both" of the pool's child and the main process."""
        pool = children(self.process.pid)
        if what in {"main", "both"}:
            self.process.kill()
        for child in pool if what in {"child", "both"} else []:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        if what != "child":
            self.process.wait()
            self.process = self.start()


def children(pid):
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(number) for number in path.read_text().split()]


def post_all(mails):
    """As many mails as the portal writes in one go, a transaction each."""
    for number in range(mails):
        outbox().enqueue(
            f"person{number % RECEIVERS}@town.example", "en", f"{NAME}{number}", "Text"
        )
    connections.close_all()


def strike(sink, worker, before, rounds, mails):
    """Kill at random instants, evenly over the work; return when."""
    chance = random.Random(1)
    kills = []
    for number in range(1, rounds + 1):
        reach(sink, before + number * mails // (rounds + 1))
        time.sleep(chance.uniform(0, 0.5))
        worker.kill(["child", "main", "both"][number % 3])
        kills.append(time.time())
    return kills


def outbox():
    """Importable only once Django is set up, which `main` does after it has an address."""
    return import_module("notifications.outbox")


def reach(sink, number):
    """Wait until the sink holds `number` mails; False when none has come for too long."""
    seen, since = len(sink.got), time.monotonic()
    while len(sink.got) < number:
        if len(sink.got) != seen:
            seen, since = len(sink.got), time.monotonic()
        if time.monotonic() - since > PATIENCE:
            return False
        time.sleep(0.02)
    return True


def drilled(sink):
    return [m for m in sink.messages() if m["Subject"].startswith(NAME)]


def distinct(sink):
    return {message["Subject"] for message in drilled(sink)}


def latencies(sink, number):
    """Seconds from the commit of a mail to its acceptance by the server, one after the other."""
    found = []
    for n in range(number):
        seen, committed = len(sink.got), []
        with transaction.atomic():
            transaction.on_commit(lambda committed=committed: committed.append(time.time()))
            outbox().enqueue(f"pace{n}@town.example", "en", f"pace {n}", "Text")
        reach(sink, seen + 1)
        found.append(sink.taken_at[seen] - committed[0])
    return found[5:]  # the worker has started by then


def outcome(sink, rounds, mails, kills, pace):
    messages = drilled(sink)
    ids = defaultdict(set)
    for message in messages:
        ids[message["Subject"]].add(message["Message-ID"])
    repeats = sum(n - 1 for n in Counter(m["Message-ID"] for m in messages).values())
    recovered = [min((t for t in sink.taken_at if t > kill), default=0) - kill for kill in kills]
    found = Outcome(rounds, recovered=recovered, longer=NEXT_SWEEP + NEXT_TRY)
    found.lost = mails - len(ids)
    found.doubled = sum(len(some) - 1 for some in ids.values())
    found.demand(not disorder(messages), "mails to one receiver came in another order")
    found.demand(repeats <= rounds, "more repeats than kills")
    found.note = (
        f"{mails} mails, {repeats} handed over again under the same Message-ID; commit to server: "
        f"median {median(pace) * 1000:.0f} ms, most {max(pace) * 1000:.0f} ms"
    )
    return found


def disorder(messages):
    """How many receivers got a mail before an earlier one of theirs."""
    seen = defaultdict(list)
    for message in messages:
        number = int(message["Subject"].removeprefix(NAME))
        if number not in seen[message["To"]]:
            seen[message["To"]].append(number)
    return sum(numbers != sorted(numbers) for numbers in seen.values())


def main():
    signal.signal(signal.SIGTERM, demo.interrupt)  # so that what was started is stopped
    with ExitStack() as started:
        os.environ["DATA_DIR"] = str(demo.ROOT / ".data" / "drill-mails")
        environment = demo.basics("http://localhost:8000")
        environment |= demo.engines(environment, started)
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="integration_portal.settings")
        django.setup()
        demo.run(environment, "manage.py", "migrate", "-v0", failed="the database is not ready")
        print(drill(environment, int(os.environ.get("ROUNDS", "10"))))
        connections.close_all()


if __name__ == "__main__":
    main()
