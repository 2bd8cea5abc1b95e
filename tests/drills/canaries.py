"""Every page of the seeded world, asked for by every kind of person and searched for foreign words.

Promise: nobody meets a word that is not meant for them, in no body, no header and no log.
"""

from tests.drills.marked_tests import CANARIES, LONGEST, run_marked


def run(portal, rounds=1):
    return run_marked(portal, CANARIES, seconds=LONGEST * rounds)
