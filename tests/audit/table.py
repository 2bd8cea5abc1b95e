"""What the audit found, as a table for the terminal and for `docs/audit.md`."""

import re
import subprocess
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "audit.md"
BEGIN, END = "<!-- audit: begin -->", "<!-- audit: end -->"


@dataclass
class Row:
    check: str
    looked_at: str
    faults: list = field(default_factory=list)
    skipped: str = ""  # why it was not done

    @property
    def verdict(self):
        if self.skipped:
            return f"not done: {self.skipped}"
        return "none" if not self.faults else str(len(self.faults))


def written(rows, minutes):
    """The table in Markdown, with what it was made from."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    lines = [
        f"Made on {date.today():%d.%m.%Y} from {commit or 'no commit'}, in {minutes:.0f} minutes.",  # noqa: DTZ011 the day here
        "",
        "| what | looked at | faults |",
        "|---|---|---|",
        *(f"| {row.check} | {row.looked_at} | {row.verdict} |" for row in rows),
    ]
    return "\n".join(lines)


def store(text):
    """Put the table between the marks of the document."""
    old = DOCUMENT.read_text()
    between = re.compile(f"{BEGIN}.*{END}", re.S)
    DOCUMENT.write_text(between.sub(lambda _found: f"{BEGIN}\n{text}\n{END}", old))
