import json
from dataclasses import asdict

from django.core.management.base import BaseCommand

from journey.sweeping import sweep


class Command(BaseCommand):
    help = "Run all sweepers once, as beat does, and say what they have started and changed."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        done = list(sweep())
        if options["json"]:
            self.stdout.write(json.dumps([asdict(swept) for swept in done], indent=1))
            return
        for swept in done:
            words = [f"{n} x {task} started" for task, n in sorted(swept.started.items())]
            words += [f"{n:+} {name}" for name, n in sorted(swept.changed.items())]
            self.stdout.write(f"{swept.task}: {', '.join(words) or 'nothing to do'}")
