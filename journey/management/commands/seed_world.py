import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from journey.world.making import NotEmpty, make


class Command(BaseCommand):
    help = (
        "Fill an empty database with three invented municipalities, every kind of person and every"
        " state, and print all about it as JSON. For tests and drills; not with https."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--fill-this-database", action="store_true", help="say that this database is for it"
        )

    def handle(self, *args, fill_this_database, **options):
        if settings.HTTPS:
            raise CommandError("SITE_URL is https: no invented people with known passwords there.")
        if not fill_this_database:
            raise CommandError("Say --fill-this-database if this database is for invented people.")
        try:
            description = make()
        except NotEmpty:
            raise CommandError("The database has people already. Nothing was changed.") from None
        self.stdout.write(json.dumps(description, indent=1, ensure_ascii=False, default=str))
