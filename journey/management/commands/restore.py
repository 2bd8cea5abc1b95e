import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from journey.backup import Faulty
from journey.restore import restore


class Command(BaseCommand):
    help = "Bring a backup back into an empty database, read back and compared, or nothing at all."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="what `backup` has written")
        parser.add_argument(
            "--send-mails",
            action="store_true",
            help="send the mails that waited at that time; else they are set aside",
        )

    def handle(self, *args, folder, send_mails, **options):
        start = time.monotonic()
        try:
            restored, set_aside = restore(folder, send_mails=send_mails)
        except Faulty as why:
            raise CommandError("\n".join(why.args)) from None
        self.stdout.write(
            f"Restored the state of {restored.made_at}: {restored.rows} rows and"
            f" {len(restored.files)} files, all compared, in {time.monotonic() - start:.1f} s."
            f" Everybody signs in anew. Mails that waited and are not sent again: {set_aside}."
        )
