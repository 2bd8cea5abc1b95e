from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from indexanalysis import edition


class Command(BaseCommand):
    help = (
        "Checks an edition's file: exit 0 with a summary, or 2 with the first fault and its line."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            found = edition.parse(file.read_bytes())
        except (OSError, ValueError) as why:
            raise CommandError(str(why), returncode=2) from None
        self.stdout.write(summary(found))


def summary(found):
    points = sum(question.points for question in found.questions)
    scored = sum(question.scored for question in found.questions)
    return (
        f"Edition {found.code}: {len(found.sections)} sections, {len(found.questions)} questions"
        f" ({scored} scored), {float(points):g} points.\nSHA-256 {found.checksum}"
    )
