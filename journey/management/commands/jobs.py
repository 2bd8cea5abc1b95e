import json
from collections import Counter
from dataclasses import asdict

from django.core.management.base import BaseCommand

from journey.jobs import jobs


class Command(BaseCommand):
    help = "List the jobs, documents and mails: how many in each state, or each with its details."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="every job, as a list")

    def handle(self, *args, **options):
        found = list(jobs())
        if options["json"]:
            rows = [asdict(job) for job in found]
            self.stdout.write(json.dumps(rows, indent=1, ensure_ascii=False, default=str))
            return
        counts = Counter((job.kind, job.state) for job in found)
        for (kind, state), count in sorted(counts.items()):
            self.stdout.write(f"{kind:10} {state:12} {count:6}")
