import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from journey.seed import seed
from journey.world.making import make


class Command(BaseCommand):
    help = "Bring the demo's database, its people and the pages' files up to date, in one process."

    def add_arguments(self, parser):
        parser.add_argument("--world", action="store_true", help="the seeded world, not the demo's")

    def handle(self, *args, world, **options):
        if not settings.DEMO or settings.HTTPS:
            raise CommandError("Only a demo on http is filled with invented people (DEMO=1).")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_municipalities", verbosity=0)
        call_command("load_first_call", verbosity=0)
        seed_world() if world else seed()
        self.collect()

    def collect(self):
        """Collect the static files where they have changed since the last time."""
        mark = Path(settings.DATA_DIR) / "static.mark"
        state = fingerprint()
        if not mark.exists() or mark.read_text() != state:
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            mark.write_text(state)


def seed_world():
    """Make the seeded world once, and keep what it says about itself beside the data."""
    file = Path(settings.DATA_DIR) / "world.json"
    if not file.exists():
        text = json.dumps(make(), indent=1, ensure_ascii=False, default=str)
        file.touch(mode=0o600)
        file.write_text(text)


def fingerprint():
    """A checksum over names, sizes and times of our static files, and the locked packages."""
    root = Path(settings.BASE_DIR)
    files = sorted([*root.glob("static/**/*"), root / "requirements" / "demo.txt"])
    stats = [(str(f.relative_to(root)), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
    return hashlib.sha256(repr(stats).encode()).hexdigest()
