"""What an audit entry notes of a membership: "role: member > coordinator; until: - > 2026-12-31".

Codes and dates, so that the entry can be read in any language, and no names of people.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

NOTHING = "-"
PART = re.compile(r"(?P<field>role|sector|party|since|until): (?:(?P<before>\S+) > )?(?P<now>\S+)")


@dataclass(frozen=True)
class Change:
    field: str
    before: str | None  # None: it was given with the row; "": it was empty
    now: str


def note_of(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """The fields of `after`, each with its value before, if it had one. Free texts are left out."""
    parts = []
    for field, value in after.items():
        if field == "organisation" or (field not in before and not value):
            continue
        was = f"{before[field] or NOTHING} > " if field in before else ""
        parts.append(f"{field}: {was}{value or NOTHING}")
    return "; ".join(parts)


def read(note: str) -> list[Change] | None:
    """The changes that a note tells of, or None where somebody wrote it in words of their own."""
    matches = [PART.fullmatch(part) for part in note.split("; ")]
    changes = [
        Change(match["field"], empty(match["before"]), empty(match["now"]) or "")
        for match in matches
        if match
    ]
    return changes if changes and len(changes) == len(matches) else None


def empty(value: str | None) -> str | None:
    return "" if value == NOTHING else value
