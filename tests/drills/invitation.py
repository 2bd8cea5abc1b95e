"""An invitation is accepted fifty times at once, from as many sessions of the invited person.

Promise: one membership, and one answer that says welcome; the others say that it is done.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.drills.acts import accept_invitation
from tests.drills.outcome import Outcome
from tests.drills.visitor import Visitor

SESSIONS = 50


def run(portal, rounds=3):
    found = Outcome(rounds)
    for _ in range(rounds):
        act = accept_invitation()
        visitors = [Visitor(portal, act.senders[0]) for _ in range(SESSIONS)]
        for visitor in visitors:
            visitor.get(f"/en{act.opens}")
        with ThreadPoolExecutor(SESSIONS) as pool:
            answers = list(pool.map(lambda who, path=act.path: who.post(f"/en{path}"), visitors))
        met = Counter(answer.status for answer in answers)
        found.note = ", ".join(f"{count} x {status}" for status, count in sorted(met.items()))
        found.demand(met[302] == 1, f"{met[302]} were welcomed")
        found.demand(set(met) <= {302, 410, 503}, f"they met {found.note}")
        count = act.senders[0].memberships.count()
        found.lost += count == 0
        found.doubled += max(0, count - 1)
    return found
