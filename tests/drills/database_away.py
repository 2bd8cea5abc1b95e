"""PostgreSQL is away for a while.

Promise: every page answers 503 in its language, says when to come back, and shows no trace of
the fault; static files and the accessibility statement are served all the same; and as soon as
the database is there again, so is the portal.
"""

import re
import time

from tests.drills import world
from tests.drills.outcome import Outcome
from tests.drills.visitor import Visitor
from tests.drills.waiting import until

AWAY = 20  # seconds
LANGUAGES = ("en", "fi", "sv")
PAGES = ("", "calls/", "questionnaire/", "accounts/login/")
OWN_PAGES = ("home/", "assessments/", "applications/", "nowhere/")  # a visitor needs no row there
ALWAYS = ("accessibility/", "privacy/")
TRACES = ("Traceback", "psycopg", "OperationalError", "postgres")
SLOWEST = 6  # seconds


def run(portal, rounds=1):
    found = Outcome(rounds)
    signed_in = Visitor(portal, world.person(world.town()))
    stranger = Visitor(portal)
    visitors = {"a visitor": stranger, "a signed-in person": signed_in}
    static = re.search(r'href="(/static/portal[^"]+)"', stranger.get("/en/").text)[1]
    for _ in range(rounds):
        portal.database.stop()
        begun, before = time.monotonic(), len(portal.answers)
        while time.monotonic() - begun < AWAY:
            for who, visitor in visitors.items():
                pages = PAGES if visitor is stranger else PAGES + OWN_PAGES
                look_around(found, who, visitor, pages)
            found.demand(signed_in.get(static).status == 200, "the style sheet is not served")
            found.demand(signed_in.get("/health/live/").status == 200, "the web says it is dead")
        slowest = max(answer.seconds for answer in portal.answers[before:])
        found.demand(slowest <= SLOWEST, f"a page took {slowest:.1f} s")
        portal.database.start()
        found.recovered.append(
            until(lambda: signed_in.get("/en/home/").status == 200, 60) or float("inf")
        )
    found.note = f"{len(portal.answers)} pages asked for, the slowest took {slowest:.1f} s"
    return found


def look_around(found, who, visitor, pages):
    for language in LANGUAGES:
        for page in pages:
            answer = visitor.get(f"/{language}/{page}")
            what = f"{who}: /{language}/{page} answers {answer.status}"
            found.demand(answer.is_polite_refusal, what)
            found.demand(f'<html lang="{language}"' in answer.text, f"{what} in another language")
            found.demand(not any(t in answer.text for t in TRACES), f"{what} with a trace")
        for page in ALWAYS:
            answer = visitor.get(f"/{language}/{page}")
            what = f"{who}: /{language}/{page} answers {answer.status}"
            found.demand(answer.status == 200, what)
