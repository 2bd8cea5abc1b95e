"""The worker is killed -9 at random instants while it makes reports.

Killed are, in turn, the pool's child, the main process, and both at once. Promise: every report
is finished exactly once, with one PDF and one mail, within 120 s of a worker being there again,
and nobody downloads half a PDF meanwhile. A report whose worker has died three times fails by
design, so that one bad report cannot stop all others: no report is hit more than twice here.
"""

import random
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from django.db import connections
from django.utils import timezone

from documents.models import Document
from indexanalysis.models import IndexReport
from tests.drills import mailbox, world
from tests.drills.outcome import Outcome
from tests.drills.portal import LOST_WORKER, kill_process
from tests.drills.visitor import NoAnswer, Visitor

TOGETHER = 2  # questionnaires handed in at once, with three reports each
KILLS = 3  # while these are made, at most
ATTEMPTS = 3
PATIENCE = 400  # seconds for them; a busy machine is slow
CHILD, MAIN, BOTH = "child", "main", "both"


def run(portal, rounds=100):
    chance = random.Random(1)
    found = Outcome(rounds, longer=LOST_WORKER)
    two_at_once(portal)
    kills, hits, reports = 0, {}, []
    while len(reports) < rounds:
        batch = [submitted(portal) for _ in range(TOGETHER)]
        own = list(IndexReport.objects.filter(assessment__in=[row[0] for row in batch]))
        assessment, _coordinator, reader = batch[0]
        with downloading(reader, assessment) as halves:
            kills += make_under_fire(portal, own, chance, hits)
        found.demand(not halves, f"half a PDF was downloaded: {halves[:1]}")
        for _assessment, coordinator, _reader in batch:
            check_mails(portal, found, coordinator)
        reports += own
    check_reports(found, reports, hits)
    found.rounds = len(reports)
    found.note = f"{kills} kills hit {len(hits)} of the reports"
    found.demand(max(found.recovered, default=0) + found.longer <= 120, "later than 120 s")
    return found


def two_at_once(portal):
    """A worker with two processes: 100 reports, many of them begun twice, take a while."""
    command = [word if word != "1" else "2" for word in portal.parts["worker"].args]
    portal.stop("worker")
    portal.add("worker", command)


def make_under_fire(portal, reports, chance, hits):
    """Kill at random instants until the reports are made; return how often."""
    kills, end = 0, time.monotonic() + PATIENCE
    while pending(reports) and time.monotonic() < end:
        time.sleep(chance.uniform(0.1, 3))
        if kills < KILLS:
            kills += strike(portal, chance.choice([CHILD, MAIN, BOTH]), reports, hits)
        portal.supervise()  # a worker whose child dies while it starts ends by itself
    return kills


def submitted(portal):
    """A questionnaire handed in by its coordinator a moment ago."""
    town = world.town()
    coordinator, reader = world.person(town), world.person(town, "reader")
    assessment = world.assessment(town, answered=True)
    answer = Visitor(portal, coordinator).post(f"/en/assessments/{assessment.pk}/submit/")
    assert answer.status == 302, answer
    return assessment, coordinator, Visitor(portal, reader)


def pending(reports):
    return Document.objects.filter(index_report__in=reports, finished_at=None).exists()


def being_made(reports):
    """The documents in a worker's hand now, without those whose last attempt it is."""
    rows = Document.objects.filter(index_report__in=reports, state=Document.State.RENDERING)
    return [] if rows.filter(attempt__gte=ATTEMPTS).exists() else list(rows)


def strike(portal, kind, reports, hits):
    """Kill while a report is being made, and note which it was and when; return 1 if one was."""
    main = portal.parts["worker"].pid
    pool = portal.children("worker")
    hit = being_made(reports)
    if not hit or not pool:
        return 0
    if kind in {MAIN, BOTH}:
        kill_process(main)
    if kind in {CHILD, BOTH}:
        for child in pool:
            kill_process(child)
    if kind in {MAIN, BOTH}:
        portal.parts["worker"].wait()
    for document in hit:
        hits[document.pk] = timezone.now()
    return 1


@contextmanager
def downloading(reader, assessment):
    """Ask for the PDFs again and again; the list holds what was neither a whole PDF nor a 404."""
    halves, ended = [], threading.Event()

    def ask():
        while not ended.wait(0.5):
            for language in ("en", "fi", "sv"):
                try:
                    answer = reader.get(f"/en/assessments/{assessment.pk}/report/{language}/")
                except NoAnswer:
                    continue
                if answer.status != 404 and not is_pdf(answer.body):
                    halves.append(f"{answer}, {len(answer.body)} bytes")
        connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield halves
    finally:
        ended.set()
        thread.join()


def is_pdf(content):
    return content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")


def check_mails(portal, found, coordinator):
    sent = portal.until(lambda: mailbox.received(portal, coordinator.email), PATIENCE)
    count = len(mailbox.received(portal, coordinator.email))
    found.lost += sent is None
    found.doubled += max(0, count - 1)


def check_reports(found, reports, hits):
    documents = Document.objects.filter(index_report__in=reports)
    found.doubled += max(0, documents.count() - len(reports))
    for document in documents:
        whole = document.is_ready and is_pdf(document.file.read())
        found.lost += not whole
        if whole and document.pk in hits:
            waited = (document.finished_at - hits[document.pk]).total_seconds()
            found.recovered.append(max(0.0, waited))
    found.demand(spare_files(documents) == 0, "a file is left that belongs to no report")


def spare_files(documents):
    """PDFs on the disk beyond those of the rows: a second making of the same report."""
    files = [document.file for document in documents if document.is_ready]
    folders = {Path(file.path).parent for file in files}
    return sum(len(list(folder.glob("*.pdf"))) for folder in folders) - stored_in(folders)


def stored_in(folders):
    ready = Document.objects.filter(state=Document.State.READY)
    return sum(Path(document.file.path).parent in folders for document in ready)
