"""Slow clients hold every thread of the web server: each sends its request byte by byte.

Promise: whoever comes next is served within 3 s.
"""

import socket
import threading
import time
from contextlib import suppress

from tests.drills.outcome import Outcome
from tests.drills.visitor import NoAnswer, Visitor

SLOW = 40  # clients; the web server has 2 x 4 threads
EVERY = 1  # second between two bytes
LASTING = 30  # seconds
SOON = 3
HEAD = b"POST /en/accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"


def run(portal, rounds=1):
    found = Outcome(rounds)
    for _ in range(rounds):
        ended = threading.Event()
        slow = [threading.Thread(target=dribble, args=(portal, n, ended)) for n in range(SLOW)]
        for thread in slow:
            thread.start()
        time.sleep(2)
        begun = time.monotonic()
        while time.monotonic() - begun < LASTING:
            found.recovered.append(ask(portal, found))
            time.sleep(0.5)
        ended.set()
        for thread in slow:
            thread.join()
    found.demand(max(found.recovered) <= SOON, "the next visitor waited too long")
    found.note = f"{SLOW} slow clients"
    return found


def dribble(portal, number, ended):
    """One slow client; half of them stop in the head, half in the body."""
    sent = HEAD if number % 2 else HEAD + b"\r\nname="
    while not ended.is_set():
        with suppress(OSError), socket.create_connection(("127.0.0.1", portal.port)) as line:
            line.sendall(sent)
            while not ended.wait(EVERY):
                line.sendall(b"a")


def ask(portal, found):
    visitor = Visitor(portal)
    begun = time.monotonic()
    try:
        found.demand(visitor.get("/en/").status == 200, "the start page did not come")
    except NoAnswer:
        found.demand(False, "the next visitor got no answer")
    visitor.close()
    return time.monotonic() - begun
