from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from municipalities import register
from municipalities.loading import RegisterError, read

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "municipalities.csv"


class Command(BaseCommand):
    help = "Loads the register of municipalities. A file with one bad line changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", type=Path, default=SHIPPED, help="default: the shipped register"
        )

    def handle(self, *args, file, **options):
        try:
            rows = read(file.read_bytes())
        except OSError as why:
            raise CommandError(f"The file cannot be read: {why}") from why
        except RegisterError as why:
            raise CommandError(f"Nothing was loaded.\n{why}") from why
        loaded = register.load(rows)
        if options["verbosity"] == 0:
            return
        self.stdout.write(f"Regions: {sentence(loaded.regions)}")
        self.stdout.write(f"Municipalities: {sentence(loaded)}")


def sentence(counts):
    return f"{counts.created} created, {counts.changed} changed, {counts.unchanged} unchanged."
