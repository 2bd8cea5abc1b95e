"""Every form is sent four times at once, and once more afterwards: double clicks, proxies' retries.

Promise: one effect. Nobody meets a 500, and the later ones are told that it was done already.
A route of ours that takes a form and is missing in `ACTS` breaks the promise too.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from journey.routes import routes
from tests.drills import (
    acts,
    acts_on_groups,
    acts_on_places,
    acts_on_recommendations,
    acts_on_strategies,
    acts_on_texts,
    acts_on_visits,
)
from tests.drills.outcome import Outcome
from tests.drills.visitor import Visitor

PARTS = [
    acts.ACTS,
    acts_on_texts.ACTS,
    acts_on_places.ACTS,
    acts_on_groups.ACTS,
    acts_on_recommendations.ACTS,
    acts_on_visits.ACTS,
    acts_on_strategies.ACTS,
]
ACTS = {
    name: [act for part in PARTS for act in part.get(name, [])] for part in PARTS for name in part
}
AT_ONCE = 4
FINE = {200, 302, 400, 403, 404, 409, 410}  # 404: it is gone for whoever did it first
PACKAGES = ("account_", "mfa_", "usersessions_", "admin:", "openid_connect", "socialaccount_")


def run(portal, rounds=3):
    tried = [act for some in ACTS.values() for act in some]
    found = Outcome(rounds * len(tried), note=f"{len(tried)} forms, {AT_ONCE} times at once")
    missing = with_forms() - set(ACTS)
    found.demand(not missing, f"not tried: {', '.join(sorted(missing))}")
    for _ in range(rounds):
        for act in tried:
            send_at_once(portal, found, act.__name__, act())
    return found


def with_forms():
    """The names of our routes that take a POST, or do not say."""
    return {
        route.name
        for route in routes()
        if (route.methods is None or "POST" in route.methods)
        and ":" in route.name
        and not route.name.startswith(PACKAGES)
    }


def send_at_once(portal, found, name, act):
    visitors = [Visitor(portal, act.senders[n % len(act.senders)]) for n in range(AT_ONCE)]
    if act.opens:
        for visitor in visitors:
            visitor.get(f"/en{act.opens}")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(partial(send, act), visitors))
    answers.append(send(act, visitors[0]))
    wrong = {answer.status for answer in answers} - FINE
    found.demand(not wrong, f"{name} answers {wrong}")
    for query in act.effects:
        count = query.count()
        found.lost += count == 0
        found.doubled += max(0, count - 1)
        found.demand(count == 1, f"{name}: {count} x {query.model.__name__}")


def send(act, visitor):
    if act.file:
        return visitor.send_file(f"/en{act.path}", act.form, act.file)
    return visitor.post(f"/en{act.path}", act.form)
