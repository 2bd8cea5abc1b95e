"""Twenty leads put forward and confirm at once; then the municipalities answer at once, or do not.

Promise: one proposal waits at a time, each selection is confirmed once, and never more
municipalities are selected, or take part, than there are seats. Each seat that is given up, or not
confirmed in time, goes to one on reserve, once. Everybody else is told why not.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from django.db import connections
from django.utils import timezone

from accounts.models import AuditEntry
from applications.models import Application, Letter, Participation
from applications.workflow import places
from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.visitor import Visitor

LEADS, SEATS, APPLICANTS = 20, 7, 10
TRIES, PAUSE = 6, 1  # after a 503 that says when to come back; seconds
LAPSED, DECLINED = 2, 2  # of the selected; the others confirm
CONFIRMED, PROMOTED = SEATS - LAPSED - DECLINED, APPLICANTS - SEATS
State = Application.State


def run(portal, rounds=200):
    found = Outcome(rounds)
    leads = [Visitor(portal, world.lead()) for _ in range(LEADS)]
    for _ in range(rounds):
        call = world.closed_call(APPLICANTS, SEATS)
        decide(found, call, leads)
        check_decision(found, call)
        answer(portal, found, call)
        check_places(found, call)
    return found


def decide(found, call, leads):
    forms = [form_of(call, number) for number in range(LEADS)]
    path = f"/en/staff/applications/call/{call.pk}/propose/"
    with ThreadPoolExecutor(LEADS) as pool:
        check_answers(found, pool.map(lambda *one: insist(one[0], path, one[1]), leads, forms))
        selections = list(call.selections.filter(state="proposed"))
        found.demand(len(selections) == 1, f"{len(selections)} proposals wait")
        check_answers(found, pool.map(partial(confirm, selections[0]), leads))


def insist(visitor, path, data=None):
    """Send a form; told to come back later, a person does."""
    for _ in range(TRIES):
        answer = visitor.post(path, data)
        if not answer.is_polite_refusal:
            break
        time.sleep(PAUSE)
    return answer


def form_of(call, number):
    """Each lead puts forward others, with reasons; every second one too many."""
    chosen = SEATS + number % 2
    first = number % (APPLICANTS - chosen + 1)
    outcomes = ["reserve"] * first + ["selected"] * chosen
    outcomes += ["reserve"] * (APPLICANTS - len(outcomes))
    return world.proposal(call, outcomes)


def confirm(selection, visitor):
    path = f"/en/staff/applications/call/{selection.call_id}/confirm/"
    return insist(visitor, path, {"selection": selection.pk})


def check_answers(found, answers):
    for answer in answers:
        found.demand(answer.status in {302, 400, 403}, str(answer))


def check_decision(found, call):
    selected = call.applications.filter(state=State.SELECTED).count()
    target = f"applications.call {call.pk}"
    decided = AuditEntry.objects.filter(action="call.decided", target=target).count()
    found.lost += max(0, SEATS - selected)
    found.doubled += max(0, selected - SEATS)
    found.demand(decided == 1, f"the call was decided {decided} times")


def answer(portal, found, call):
    """Everybody clicks twice, those who are too late as well, while the sweep goes through."""
    selected = list(call.applications.filter(state=State.SELECTED).order_by("pk"))
    late = [application.pk for application in selected[:LAPSED]]
    yesterday = timezone.localdate() - timedelta(days=1)
    call.applications.filter(pk__in=late).update(answer_by=yesterday)
    acts = [lapse] * 4
    for number, application in enumerate(selected):
        to = "declined" if LAPSED <= number < LAPSED + DECLINED else "confirmed"
        visitor = Visitor(portal, world.person(application.municipality))
        path = f"/en/applications/{application.pk}/move/{to}/"
        acts += [partial(insist, visitor, path)] * 2
    with ThreadPoolExecutor(len(acts)) as pool:
        check_answers(found, filter(None, pool.map(lambda act: act(), acts)))


def lapse():
    try:
        places.lapse()
    finally:
        connections.close_all()


def check_places(found, call):
    taking_part = Participation.objects.filter(call=call).count()
    promoted = Letter.objects.filter(application__call=call, outcome="promoted").count()
    holding = call.applications.holding_seats().count()
    declined = call.applications.filter(state=State.DECLINED).count()
    for number, meant in ((taking_part, CONFIRMED), (promoted, PROMOTED)):
        found.lost += max(0, meant - number)
        found.doubled += max(0, number - meant)
    found.demand(holding == CONFIRMED + PROMOTED, f"{holding} hold a seat")
    found.demand(declined == LAPSED + DECLINED, f"{declined} gave their seat up")
