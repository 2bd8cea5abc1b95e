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
WRITERS = 6  # people who want the locked answer


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
            taken.append(
                psycopg.connect(host=str(portal.database.socket), user="postgres", dbname="portal")
            )
        except psycopg.OperationalError:
            return taken


def behind_a_lock(portal, found):
    town = world.town()
    assessment = world.assessment(town)
    writers = [Visitor(portal, world.person(town, "member")) for _ in range(WRITERS)]
    path = f"/en/assessments/{assessment.pk}/answers/COM-0"
    saves = dict.fromkeys("12", 0)

    def save(visitor, number):
        data = {f"COM-0{number}-read": 0, f"COM-0{number}-example": "text"}
        return visitor.post(f"{path}{number}/", data)

    with locked(portal, assessment, "COM-01"), ThreadPoolExecutor(WRITERS) as pool:
        begun = time.monotonic()
        while time.monotonic() - begun < HELD:
            locked_out = [pool.submit(save, writer, "1") for writer in writers[1:]]
            other = pool.submit(save, writers[0], "2").result()
            found.demand(other.status == 302, f"another answer: {other}")
            found.demand(other.seconds <= SOON, f"another answer: {other}")
            for answer in (future.result() for future in locked_out):
                found.demand(answer.is_polite_refusal, f"the locked answer: {answer}")
                found.demand(answer.seconds <= SOON + 1, f"the locked answer: {answer}")
                saves["1"] += 1
            saves["2"] += 1
    begun = time.monotonic()
    found.demand(save(writers[1], "1").status == 302, "not saved after the lock was gone")
    found.recovered.append(time.monotonic() - begun)
    found.note = f"{saves['1']} refused behind the lock, {saves['2']} saved beside it"


def locked(portal, assessment, question):
    """A transaction that holds the answer's row until the `with` ends."""
    connection = psycopg.connect(host=str(portal.database.socket), user="postgres", dbname="portal")
    connection.execute(
        "SELECT 1 FROM indexanalysis_answer WHERE assessment_id = %s AND question = %s FOR UPDATE",
        [assessment.pk, question],
    )
    return connection
