import json
import sys
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from indexanalysis import edition, scoring


class Command(BaseCommand):
    help = (
        "Prints the scores of a JSON file of answers as JSON; exit 2 with the reason for a bad one."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("code", help="the edition, for instance 2026")
        parser.add_argument("file", help="answers by question as JSON; - reads standard input")

    def handle(self, *, code, file, **options):
        if code not in edition.codes():
            shipped = ", ".join(edition.codes()) or "none"
            raise CommandError(f"There is no edition {code!r}; there is {shipped}.", returncode=2)
        try:
            scores = scoring.score(edition.load(code), read_answers(file))
        except (OSError, ValueError) as why:
            raise CommandError(str(why), returncode=2) from None
        self.stdout.write(json.dumps(scores.as_dict(), indent=2))


def read_answers(file):
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        answers = json.loads(content, object_pairs_hook=without_repeats)
    except (ValueError, RecursionError) as why:
        raise ValueError(f"The answers cannot be read: {why}.") from None
    if not isinstance(answers, dict):
        raise ValueError("The answers must be one JSON object, by question.")
    return answers


def without_repeats(pairs):
    """Refuse what JSON readers let pass: of two answers to one question the last would count."""
    counts = Counter(key for key, _ in pairs)
    for key, count in counts.items():
        if count > 1:
            raise ValueError(f"{key!r} is there twice")
    return dict(pairs)
