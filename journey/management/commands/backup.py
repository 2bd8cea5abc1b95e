import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from journey import backup


class Command(BaseCommand):
    help = "Copy the database and the portal's files into a new folder, with a sealed manifest."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="new or empty; its owner alone may read it")

    def handle(self, *args, folder, **options):
        start = time.monotonic()
        try:
            made = backup.make(folder)
        except backup.Faulty as why:
            raise CommandError("\n".join(why.args)) from None
        self.stdout.write(
            f"{folder}: {made.rows} rows of {len(made.tables)} tables and {len(made.files)} files,"
            f" {made.size} bytes, in {time.monotonic() - start:.1f} s."
        )
        if made.missing:
            names = ", ".join(made.missing)
            raise CommandError(f"The backup is whole, but the portal lacks files it names: {names}")
