"""The line between web server and database is cut for 20 s; then it is held: open, but dead.

Promise: the connections recover by themselves, nobody was told "saved" for what is not stored,
and what was repeated is stored once.
"""

import threading
import time

from integration_portal import demo
from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.proxy import Proxy
from tests.drills.visitor import NoAnswer, Visitor
from tests.drills.waiting import until

AWAY = 20  # seconds
SECOND = "second web server"
CALM = 3  # seconds before the line goes and after it is back


def run(portal, rounds=1):
    found = Outcome(rounds * 2)
    proxy = Proxy(portal.database.socket / ".s.PGSQL.5432")
    port = second_web(portal, proxy.port)
    saves = 0
    try:
        for _ in range(rounds):
            for interrupt in (proxy.cut, proxy.hold):
                saves += save_through(portal, found, port, proxy, interrupt)
    finally:
        proxy.close()
        portal.remove(SECOND)
    found.note = f"{saves} saves acknowledged"
    return found


def second_web(portal, database_port):
    """A web server that reaches the database through the proxy only."""
    port = demo.free_port()
    command = list(portal.parts["web server"].args)
    command[command.index("-b") + 1] = f"127.0.0.1:{port}"
    address = f"postgres://postgres@127.0.0.1:{database_port}/portal"
    portal.add(SECOND, command, DATABASE_URL=address, WEB_WORKERS="1")
    second = {SECOND: portal.parts[SECOND]}
    demo.wait_until_up(f"http://127.0.0.1:{port}/health/live/", second, portal.folder)
    return port


def save_through(portal, found, port, proxy, interrupt):
    """Save all the time while the line goes and comes back; return the acknowledged saves."""
    town = world.town()
    assessment = world.assessment(town)
    visitor = Visitor(portal, world.person(town, "member"), port)
    acknowledged, ended = [], threading.Event()
    writer = threading.Thread(target=write, args=(visitor, assessment, acknowledged, ended))
    writer.start()
    time.sleep(CALM)
    interrupt()
    time.sleep(AWAY)
    known = len(acknowledged)
    proxy.mend()
    back = until(lambda: len(acknowledged) > known, 60)
    found.recovered.append(back or float("inf"))
    time.sleep(CALM)
    ended.set()
    writer.join()
    row = assessment.answers.get(question="COM-01")
    found.lost += row.example != acknowledged[-1]
    found.lost += max(0, len(acknowledged) - row.version)
    found.doubled += max(0, row.version - len(acknowledged))
    return len(acknowledged)


def write(visitor, assessment, acknowledged, ended):
    """One text after the other, each repeated until it is acknowledged."""
    path = f"/en/assessments/{assessment.pk}/answers/COM-01/"
    while not ended.is_set():
        text = f"save {len(acknowledged)}"
        data = {"COM-01-read": len(acknowledged), "COM-01-example": text, "key": text}
        while not went_in(visitor, path, data):
            time.sleep(0.2)
        acknowledged.append(text)


def went_in(visitor, path, data):
    try:
        return visitor.post(path, data, **{"HX-Request": "true"}).status == 200
    except NoAnswer:
        return False
