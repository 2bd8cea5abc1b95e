"""Twenty leads put forward and confirm at once, again and again, more than the call has seats.

Promise: one proposal waits at a time, each selection is confirmed once, and never more
municipalities are selected than there are seats. Everybody else is told why not.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from accounts.models import AuditEntry
from applications.models import Application, Participation
from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.visitor import Visitor

LEADS, SEATS, APPLICANTS = 20, 7, 10


def run(portal, rounds=10):
    found = Outcome(rounds)
    leads = [Visitor(portal, world.lead()) for _ in range(LEADS)]
    for _ in range(rounds):
        call = world.closed_call(APPLICANTS, SEATS)
        with ThreadPoolExecutor(LEADS) as pool:
            check_answers(found, pool.map(partial(propose, call), leads, range(LEADS)))
            selections = list(call.selections.filter(state="proposed"))
            found.demand(len(selections) == 1, f"{len(selections)} proposals wait")
            check_answers(found, pool.map(partial(confirm, selections[0]), leads))
        check(found, call)
    return found


def propose(call, visitor, number):
    """Each lead puts forward others: seven in a row, one more for every second lead."""
    keys = list(call.applications.order_by("pk").values_list("pk", flat=True))
    chosen = (keys + keys)[number % APPLICANTS :][: SEATS + number % 2]
    data = {"applications": chosen, "reason": "A drill."}
    return visitor.post(f"/en/staff/applications/call/{call.pk}/propose/", data)


def confirm(selection, visitor):
    path = f"/en/staff/applications/call/{selection.call_id}/confirm/"
    return visitor.post(path, {"selection": selection.pk})


def check_answers(found, answers):
    for answer in answers:
        found.demand(answer.status in {302, 403}, str(answer))


def check(found, call):
    selected = call.applications.filter(state=Application.State.SELECTED).count()
    taking_part = Participation.objects.filter(call=call).count()
    target = f"applications.call {call.pk}"
    decided = AuditEntry.objects.filter(action="call.decided", target=target).count()
    found.lost += max(0, SEATS - selected)
    found.doubled += max(0, selected - SEATS) + max(0, taking_part - SEATS)
    found.demand(decided == 1, f"the call was decided {decided} times")
