"""The broker is down, and worse: frozen, while people save, submit and ask for reports.

Promise: no page answers 500 or waits for long, saves keep working, the report's page says
"queued", and everything is done within two minutes after the broker is back: nothing lost,
nothing twice.
"""

import time

from documents.models import Document
from notifications.models import Mail
from tests.drills import mailbox, world
from tests.drills.outcome import Outcome
from tests.drills.portal import NEXT_SWEEP
from tests.drills.visitor import Visitor

AWAY = 20  # seconds
SLOWEST = 15  # seconds that a page may take while the broker does not even refuse
PATIENCE = 240


def run(portal, rounds=2):
    """One round is once down and once frozen."""
    found = Outcome(rounds * 2, longer=NEXT_SWEEP)
    saves = 0
    for _ in range(rounds):
        for take_away, bring_back in (
            (portal.broker.stop, portal.broker.start),
            (portal.broker.freeze, portal.broker.thaw),
        ):
            take_away()
            asked, saved = work(portal, found)
            saves += saved
            bring_back()
            wait_until_done(portal, found, *asked)
    slowest = max(answer.seconds for answer in portal.answers)
    found.demand(slowest <= SLOWEST, f"a page took {slowest:.0f} s")
    found.demand(max(found.recovered) + found.longer <= 120, "later than 2 min")
    found.note = f"{saves} saves meanwhile, the slowest page took {slowest:.1f} s"
    return found


def work(portal, found):
    """Save answers for a while, then submit; return ((assessment, coordinator), saves)."""
    town = world.town()
    coordinator, assessment = world.person(town), world.assessment(town)
    visitor = Visitor(portal, coordinator)
    begun, saves = time.monotonic(), 0
    while time.monotonic() - begun < AWAY:
        path = f"/en/assessments/{assessment.pk}/answers/COM-01/"
        data = {"COM-01-read": saves, "COM-01-example": f"save {saves}"}
        found.lost += visitor.post(path, data).status != 302
        saves += 1
    found.lost += assessment.answers.get(question="COM-01").example != f"save {saves - 1}"
    submitted = visitor.post(f"/en/assessments/{assessment.pk}/submit/")
    found.demand(submitted.status == 302, "a submission was refused")
    page = visitor.get(f"/en/assessments/{assessment.pk}/report/")
    found.demand("queued" in page.text.lower(), "the page does not say that the report is queued")
    return (assessment, coordinator), saves


def wait_until_done(portal, found, assessment, coordinator):
    """The three reports and the mail, each once."""
    documents = Document.objects.filter(index_report__assessment=assessment)

    def is_done():
        waiting = documents.exclude(state=Document.State.READY)
        mails = Mail.objects.filter(to=coordinator.email)
        return not waiting.exists() and not mails.filter(sent_at=None).exists()

    begun = time.monotonic()
    portal.until(is_done, PATIENCE)
    found.recovered.append(time.monotonic() - begun)
    ready = documents.filter(state=Document.State.READY).count()
    arrived = len(mailbox.received(portal, coordinator.email))
    found.lost += (3 - ready) + max(0, 1 - arrived)
    found.doubled += max(0, documents.count() - 3) + max(0, arrived - 1)
