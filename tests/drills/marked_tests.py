"""The suite's own drills: tests too long for every run, marked `drill`.

Among them every page of the seeded world searched for foreign words, injections into the renderer,
and thousands of damaged uploads. Promise: all pass.
"""

import re
import subprocess
import sys

from integration_portal import demo
from tests.drills.outcome import Outcome

LONGEST = 4500  # seconds
NONE_COLLECTED = 5  # pytest's code for it


def run(portal, rounds=1):
    environment = portal.environment | {
        "HYPOTHESIS_PROFILE": "drill",
        "OIDC_PROVIDERS": "[]",  # as for all tests; also collecting them needs it
        "DATA_DIR": str(portal.folder / "test"),
        "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"]
    result = subprocess.run(
        [*command, "-m", "drill", "--ignore=tests/browser", "tests"], env=environment,
        cwd=demo.ROOT, timeout=LONGEST * rounds, capture_output=True, text=True,
    )  # fmt: skip
    if result.returncode == NONE_COLLECTED:
        return Outcome(0, skipped="no test is marked `drill` yet")
    passed = re.search(r"(\d+) passed", result.stdout)
    found = Outcome(int(passed[1]) if passed else 0)
    said = result.stdout.strip().splitlines()
    found.demand(result.returncode == 0, said[-1])
    for line in said:
        if line.startswith(("FAILED", "ERROR")):
            demo.say(f"    {line}")
    return found
