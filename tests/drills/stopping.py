"""Web server and worker are asked to end (SIGTERM) in the middle of their work.

Promise: requests that run are answered, what was acknowledged is stored, jobs are finished or
taken up by the next worker, and each part is gone within 30 s.
"""

import random
import threading
import time

from documents.models import Document
from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.portal import LOST_WORKER
from tests.drills.visitor import NoAnswer, Visitor
from tests.drills.waiting import until

SOON = 30  # seconds until a part is gone
SAVERS = 6
PATIENCE = 240


def run(portal, rounds=5):
    chance = random.Random(14)
    found = Outcome(rounds, longer=LOST_WORKER)
    slowest = 0
    for _ in range(rounds):
        slowest = max(slowest, stop_web(portal, found, chance), stop_worker(portal, found, chance))
    found.demand(slowest <= SOON, f"a part was there for {slowest:.0f} s more")
    found.note = f"gone after {slowest:.1f} s at most"
    return found


def asked_to_end(portal, name):
    """Send SIGTERM and wait; return the seconds, and start the part again."""
    part, begun = portal.parts[name], time.monotonic()
    part.terminate()
    until(lambda: part.poll() is not None, 2 * SOON)
    seconds = time.monotonic() - begun
    part.kill()
    part.wait()
    portal.start(name)
    return seconds


def stop_web(portal, found, chance):
    """End it while people save; each keeps saving until the connection is refused."""
    town = world.town()
    assessment = world.assessment(town)
    codes = [question.code for question in assessment.edition.questions[:SAVERS]]
    last, ended = {}, threading.Event()
    savers = [
        threading.Thread(target=save, args=(portal, town, assessment, code, last, ended))
        for code in codes
    ]
    for saver in savers:
        saver.start()
    time.sleep(chance.uniform(0.5, 1.5))
    seconds = asked_to_end(portal, "web server")
    ended.set()
    for saver in savers:
        saver.join()
    portal.wait_for_web()
    stored = dict(assessment.answers.values_list("question", "version"))
    for code, (acknowledged, unanswered) in last.items():
        found.lost += stored[code] < acknowledged
        found.doubled += stored[code] > acknowledged + unanswered
        # Once accepted, a request is carried out and answered: then nothing is in doubt.
        found.demand(stored[code] == acknowledged, "a save was carried out but not answered")
    return seconds


def save(portal, town, assessment, code, last, ended):
    visitor = Visitor(portal, world.person(town, "member"))
    path, saves = f"/en/assessments/{assessment.pk}/answers/{code}/", 0
    while not ended.is_set():
        last[code] = saves, 1
        data = {f"{code}-read": saves, f"{code}-example": f"save {saves}"}
        try:
            answer = visitor.post(path, data, **{"HX-Request": "true"})
        except NoAnswer:
            break
        saves += answer.status == 200
        last[code] = saves, 0


def stop_worker(portal, found, chance):
    """End it while it makes a receipt."""
    coordinator = world.person(world.town())
    application = world.draft(coordinator.memberships.get().municipality)
    Visitor(portal, coordinator).post(f"/en/applications/{application.pk}/move/submitted/")
    mine = Document.objects.filter(asked_by=coordinator)
    portal.until(lambda: mine.exclude(state=Document.State.QUEUED).exists(), PATIENCE)
    time.sleep(chance.uniform(0, 0.5))
    seconds = asked_to_end(portal, "worker")
    begun = time.monotonic()
    portal.until(lambda: not mine.filter(finished_at=None).exists(), PATIENCE)
    found.recovered.append(time.monotonic() - begun)
    found.lost += not mine.get().is_ready
    return seconds
