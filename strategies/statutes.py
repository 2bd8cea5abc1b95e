"""The lists of what the law asks of a municipality's planning, read from `data/statutes.toml`.

How sure a list and each of its points is stands in the file and is printed with them: an unsure
one is never shown as a fact.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from indexanalysis.tables import LANGUAGES, Table, Text, read

FILE = Path(__file__).parent / "data" / "statutes.toml"
CERTAINTIES = ("seen", "general knowledge", "our inference")


@dataclass(frozen=True)
class Point:
    code: str  # "B3"
    text: Text
    note: Text
    source: Text
    certainty: str  # one of CERTAINTIES


@dataclass(frozen=True)
class Statute:
    """One list: what one section of an act asks for."""

    code: str  # "B"
    title: Text
    law: Text
    section: str
    valid_from: date | None
    valid_until: date | None  # the last day
    source: Text
    note: Text
    certainty: str
    points: tuple[Point, ...]


def parse(content: bytes) -> tuple[Statute, ...]:
    """Return the lists of a file. Raises EditionError, with the line, where it is not one."""
    whole = read(content)
    whole.allow("lists")
    return tuple(statute(table) for table in whole.coded("lists", "list"))


def statute(table: Table) -> Statute:
    table.allow(
        "code title law section valid_from valid_until source note certainty points",
    )
    source = table.text("source")
    return Statute(
        code=table.code("code"),
        title=table.text("title"),
        law=table.text("law"),
        section=table.string("section"),
        valid_from=day(table, "valid_from"),
        valid_until=day(table, "valid_until"),
        source=source,
        note=optional(table, "note"),
        certainty=table.one_of("certainty", CERTAINTIES),
        points=tuple(point(inner, source) for inner in table.coded("points", "point")),
    )


def point(table: Table, source: Text) -> Point:
    """source: of the list, for a point that names none."""
    table.allow("code text note source certainty")
    return Point(
        code=table.code("code"),
        text=table.text("text"),
        note=optional(table, "note"),
        source=table.text("source") if "source" in table.values else source,
        certainty=table.one_of("certainty", CERTAINTIES),
    )


def optional(table: Table, key: str) -> Text:
    """A text that may be left out, but then in every language."""
    return table.text(key) if key in table.values else Text(**dict.fromkeys(LANGUAGES, ""))


def day(table: Table, key: str) -> date | None:
    """A date such as "2025-01-01", or None where there is none."""
    if key not in table.values:
        return None
    try:
        return date.fromisoformat(table.string(key))
    except ValueError:
        raise table.fault(key, f"{key} must be a day such as 2025-01-01") from None
