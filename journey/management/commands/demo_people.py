from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import translation

from journey.demo import people
from journey.seed import PASSWORD


class Command(BaseCommand):
    help = (
        "Print the demo's address, the people to sign in as, and where codes and mails are shown."
    )

    def add_arguments(self, parser):
        parser.add_argument("--world", action="store_true", help="say where the world's people are")

    def handle(self, *args, world, **options):
        if world:
            file = settings.DATA_DIR / "world.json"
            self.stdout.write(f"\nThe portal runs on {settings.SITE_URL}/\n")
            self.stdout.write(f"Its people, keys and canaries: {file}\n")
            return
        with translation.override("en"):
            page = settings.SITE_URL + reverse("journey:demo")
            print_line = self.stdout.write
            print_line(f"\nThe portal runs on {settings.SITE_URL}/\n")
            print_line(f"Sign in with the password {PASSWORD} as one of")
            for person in people():
                print_line(f"  {person.email:34} {person.part}")
            print_line(f"\nTheir one-time codes and all mails: {page}")
            print_line("Ctrl-C stops everything; the data is kept.\n")
