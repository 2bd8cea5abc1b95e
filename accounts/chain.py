"""The arithmetic of the audit's chain: what a link says of its entries and of the link before."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

START = "0" * 64  # what the first link follows


def digest(entries: Iterable[Sequence[object]]) -> str:
    """Return SHA-256, as hex, of entries in the order of their keys; each is its columns' values.

    Values: whole numbers, texts, None, and times with a zone, which are told in UTC.
    """
    total = hashlib.sha256()
    for entry in entries:
        line = json.dumps([plain(value) for value in entry], ensure_ascii=True)
        total.update(line.encode() + b"\n")
    return total.hexdigest()


def plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def link(before: str, last: int, entries: int, until: datetime, of: str) -> str:
    """Return the link that binds a stretch of entries, whose digest is `of`, to the one before."""
    return digest([(before, last, entries, until, of)])
