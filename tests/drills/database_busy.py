"""The database has no connection left; and somebody holds a lock on one answer for 30 s.

Promise: whoever needs what is not to be had meets a 503 within 5 s, everybody else goes on, and
nothing piles up: right afterwards the same save succeeds.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.visitor import Visitor
from tests.drills.waiting import until

CONNECTIONS = 12  # in all; web server, worker and this drill use up to 11 by themselves
HELD = 30  # seconds
SOON = 5  # seconds until a page says that it cannot
WRITERS = 6  # people; all but one want the locked answer
LOCKED, FREE = "COM-01", "COM-02"


def run(portal, rounds=1):
    found = Outcome(rounds)
    for _ in range(rounds):
        without_connections(portal, found)
        behind_a_lock(portal, found)
    return found


def without_connections(portal, found):
    portal.database.restart(f"max_connections={CONNECTIONS}")
    visitors = [Visitor(portal, world.person(world.town())) for _ in range(8)]
    taken = take_all(portal)
    with ThreadPoolExecutor(len(visitors)) as pool:
        for answer in pool.map(lambda visitor: visitor.get("/en/home/"), visitors * 4):
            found.demand(answer.status == 200 or answer.is_polite_refusal, str(answer))
            found.demand(answer.seconds <= SOON, f"{answer}: too slow")
    for connection in taken:
        connection.close()
    back = until(lambda: visitors[0].get("/en/home/").status == 200, 60)
    found.recovered.append(back or float("inf"))
    portal.database.restart()


def take_all(portal):
    taken = []
    while True:
        try:
            taken.append(portal.database.connect())
        except psycopg.OperationalError:
            return taken


def behind_a_lock(portal, found):
    town = world.town()
    assessment = world.assessment(town)
    beside, *behind = (Visitor(portal, world.person(town, "member")) for _ in range(WRITERS))
    refused, saved = [], []
    with locked(portal, assessment, LOCKED), ThreadPoolExecutor(WRITERS) as pool:
        end = time.monotonic() + HELD
        while time.monotonic() < end:
            waiting = [pool.submit(save, who, assessment, LOCKED) for who in behind]
            saved.append(pool.submit(save, beside, assessment, FREE).result())
            refused += [future.result() for future in waiting]
    check(found, refused, saved)
    begun = time.monotonic()
    found.demand(save(beside, assessment, LOCKED).status == 302, "not saved after the lock")
    found.recovered.append(time.monotonic() - begun)


def check(found, refused, saved):
    slow = max(answer.seconds for answer in refused + saved)
    found.demand(slow <= SOON, f"a save took {slow:.1f} s")
    found.demand({answer.status for answer in saved} == {302}, "another answer was not saved")
    polite = all(answer.is_polite_refusal for answer in refused)
    found.demand(polite, "the locked answer met something else than a 503")
    found.note = f"{len(refused)} refused behind the lock, {len(saved)} saved beside it"


def save(visitor, assessment, question):
    path = f"/en/assessments/{assessment.pk}/answers/{question}/"
    return visitor.post(path, {f"{question}-read": 0, f"{question}-example": "text"})


def locked(portal, assessment, question):
    """A transaction that holds the answer's row until the `with` ends."""
    connection = portal.database.connect()
    connection.execute(
        "SELECT 1 FROM indexanalysis_answer WHERE assessment_id = %s AND question = %s FOR UPDATE",
        [assessment.pk, question],
    )
    return connection
