from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from journey import backup


class Command(BaseCommand):
    help = "Read a whole backup and compare it with its manifest, or with the running portal."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--live", action="store_true", help="say what has changed in the portal since"
        )

    def handle(self, *args, folder, live, **options):
        try:
            wanted = backup.check(folder)
            found = list(backup.compare(wanted)) if live else []
        except backup.Faulty as why:
            raise CommandError("\n".join(why.args)) from None
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(
            f"{folder}, made at {wanted.made_at} by version {wanted.portal}: {wanted.rows} rows and"
            f" {len(wanted.files)} files are as they were{' in the portal too' if live else ''}."
        )
