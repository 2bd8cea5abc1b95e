import json
from dataclasses import asdict

from django.core.management.base import BaseCommand

from journey.routes import routes


class Command(BaseCommand):
    help = "List every address with its methods, and who may open it by the permission matrix."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="everything that is known of each")

    def handle(self, *args, **options):
        found = list(routes())
        if options["json"]:
            rows = [asdict(route) for route in found]
            self.stdout.write(json.dumps(rows, indent=1, ensure_ascii=False))
            return
        for route in found:
            methods = ",".join(route.methods or ["the view decides"])
            self.stdout.write(f"{route.name:45} {methods:20} {route.pattern}")
            for row in route.rights:
                who = " ".join(row["outcomes"].get("ok", [])) or "nobody"
                self.stdout.write(f"{'':4}{row['method']} {row['object']}: {who}")
