"""10,000 answers are saved by 40 people while the web server and the database keep dying.

Every 2 s a web worker is killed -9, and twice PostgreSQL crashes. A client repeats what was not
acknowledged, with the same idempotency key. Promise: every answer that was acknowledged is there
at the end, and each was stored once: the version of a row, and the length of its history, is the
number of its acknowledged saves.
"""

import random
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import connections

from indexanalysis.models import Answer
from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.portal import kill_process
from tests.drills.visitor import NoAnswer, Visitor

CLIENTS, TOWNS = 40, 10
KILL_EVERY = 2  # seconds, on a machine where a save takes `USUAL`; on a busy one as many times it
USUAL = 0.05  # seconds
CRASHES = (0.3, 0.7)  # of the saves are done when the database crashes
AGAIN = 0.2  # seconds before what was not acknowledged is sent again
GIVE_UP = 120  # seconds without an acknowledgement; then the portal did not recover


@dataclass
class Writer:
    """One person with questions that nobody else writes, so that what is stored can be told."""

    visitor: Visitor
    assessment: int
    questions: list
    saved: dict = field(default_factory=dict)  # question to the texts that were acknowledged
    waits: list = field(default_factory=list)  # seconds that a save had to be repeated
    surprises: list = field(default_factory=list)

    def write(self, number, chance):
        """Save one text, again and again until it is acknowledged."""
        question = chance.choice(self.questions)
        before = self.saved.setdefault(question, [])
        text = f"save {number} {secrets.token_hex(4)}"
        fields = {f"{question}-read": len(before), f"{question}-example": text}
        fields["key"] = secrets.token_hex(16)
        begun = time.monotonic()
        while not self.is_acknowledged(question, fields):
            if time.monotonic() - begun > GIVE_UP:
                raise TimeoutError(f"{question} was not saved in {GIVE_UP} s")
            time.sleep(AGAIN)
            self.waits.append(time.monotonic() - begun)
        before.append(text)

    def is_acknowledged(self, question, fields):
        path = f"/en/assessments/{self.assessment}/answers/{question}/"
        try:
            answer = self.visitor.post(path, fields, **{"HX-Request": "true"})
        except NoAnswer:
            return False
        if answer.status not in {200, 503}:
            self.surprises.append(str(answer))
        return answer.status == 200


def run(portal, rounds=10_000):
    found = Outcome(rounds)
    writers = [writer for _ in range(TOWNS) for writer in writers_of_a_town(portal)]
    done, ended = [], threading.Event()
    pause = KILL_EVERY * max(1, pace(writers[0]) / USUAL)
    killer = threading.Thread(target=kill_now_and_then, args=(portal, pause, ended))
    crasher = threading.Thread(target=crash, args=(portal, done, rounds, ended))
    begun = time.monotonic()
    killer.start()
    crasher.start()
    try:
        share = rounds // CLIENTS
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda pair: work(*pair, share, done), enumerate(writers)))
    finally:
        ended.set()
        killer.join()
        crasher.join()
    connections.close_all()  # ours has broken too when the database crashed
    check(found, writers)
    per_second = len(done) / (time.monotonic() - begun)
    found.note = f"{len(done)} saves, {per_second:.0f} a second, a kill every {pause:.0f} s"
    return found


def pace(writer):
    """The seconds that a save takes now, while nothing else is asked."""
    chance, begun = random.Random(0), time.monotonic()
    for number in range(10):
        writer.write(number, chance)
    return (time.monotonic() - begun) / 10


def writers_of_a_town(portal):
    town = world.town()
    assessment = world.assessment(town)
    codes = [question.code for question in assessment.edition.questions]
    people = CLIENTS // TOWNS
    for number in range(people):
        visitor = Visitor(portal, world.person(town, "member"))
        yield Writer(visitor, assessment.pk, codes[number::people])


def work(number, writer, share, done):
    chance = random.Random(number)
    for save in range(share):
        writer.write(save, chance)
        done.append(1)


def kill_now_and_then(portal, pause, ended):
    while not ended.wait(pause):
        workers = portal.children("web server")
        if workers:
            kill_process(workers[0])  # the one that has served longest


def crash(portal, done, rounds, ended):
    for share in CRASHES:
        while len(done) < share * rounds:
            if ended.wait(0.1):
                return
        portal.database.restart()
    connections.close_all()


def check(found, writers):
    for writer in writers:
        found.recovered += writer.waits
        found.demand(not writer.surprises, f"unexpected: {writer.surprises[:1]}")
        rows = Answer.objects.filter(assessment=writer.assessment)
        for question, texts in writer.saved.items():
            row = rows.get(question=question)
            found.lost += row.example != texts[-1]
            found.lost += max(0, len(texts) - row.version)
            found.doubled += max(0, row.version - len(texts))
            check_history(found, row, texts)


def check_history(found, row, texts):
    """Each acknowledged text is one revision, in the order in which they were acknowledged."""
    revisions = row.revisions.filter(version__gt=0).order_by("version")
    stored = [revision.values["example"] for revision in revisions]
    found.lost += len(set(texts) - set(stored))
    found.doubled += len(stored) - len(set(stored))
    found.demand(stored == texts, f"the history of {row.question} differs from what was saved")
