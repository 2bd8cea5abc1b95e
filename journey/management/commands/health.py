import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand

from journey.health import Verdict, mark, readings, worst

EXIT = {Verdict.GOOD: 0, Verdict.LOOK: 1, Verdict.BAD: 2}  # what monitoring programs expect
MARKS = ["backup", "restore"]


class Command(BaseCommand):
    help = (
        "Say how the portal is: what waits, what answers, what was last proved."
        " Ends with 0 if all is in order, 1 if something is to be looked at, 2 if it is bad."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="for a machine that watches")
        parser.add_argument(
            "--mark", choices=MARKS, help="write down that a backup, or a trial restore, went well"
        )

    def handle(self, *args, **options):
        if options["mark"]:
            return mark(options["mark"])
        found = readings()
        self.stdout.write(as_json(found) if options["json"] else as_lines(found))
        sys.exit(EXIT[worst(found)])


def as_json(found):
    return json.dumps({"verdict": worst(found), "readings": [asdict(r) for _label, r in found]})


def as_lines(found):
    return "\n".join(f"{r.verdict:5} {label}: {r.text} {r.todo}".rstrip() for label, r in found)
