"""The suite's own drills: tests too long for every run, marked `drill`.

Among them injections into the renderer, thousands of damaged uploads, and every route for every
kind of person; the search for foreign words is a drill of its own, `canaries`. Promise: all pass.
"""

import re
import subprocess
import sys

from integration_portal import demo
from tests.drills.outcome import Outcome

LONGEST = 4500  # seconds
NONE_COLLECTED = 5  # pytest's code for it


CANARIES = "tests/test_canaries.py"


def run(portal, rounds=1):
    return run_marked(portal, f"--ignore={CANARIES}", "tests", seconds=LONGEST * rounds)


def run_marked(portal, *chosen, seconds):
    """Run the marked tests of `chosen`, arguments of pytest; says the cause of each failure."""
    environment = portal.environment | {
        "HYPOTHESIS_PROFILE": "drill",
        "OIDC_PROVIDERS": "[]",  # as for all tests; also collecting them needs it
        "DATA_DIR": str(portal.folder / "test"),
        "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-n", "2", "--dist", "worksteal"]
    result = subprocess.run(
        [*command, "-m", "drill", "--ignore=tests/browser", *chosen], env=environment,
        cwd=demo.ROOT, timeout=seconds, capture_output=True, text=True,
    )  # fmt: skip
    if result.returncode == NONE_COLLECTED:
        return Outcome(0, skipped="no test is marked `drill` yet")
    passed = re.search(r"(\d+) passed", result.stdout)
    found = Outcome(int(passed[1]) if passed else 0)
    said = result.stdout.strip().splitlines()
    found.demand(result.returncode == 0, said[-1])
    for line in said:
        if line.startswith(("FAILED", "ERROR", "E  ")):
            demo.say(f"    {line}")
    return found
