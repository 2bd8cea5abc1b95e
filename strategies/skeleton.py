"""The chapters that a new strategy begins with, read from `data/skeleton.toml`."""

from dataclasses import dataclass
from pathlib import Path

from indexanalysis.tables import Table, Text, read

FILE = Path(__file__).parent / "data" / "skeleton.toml"
HOLDS = ("text", "objectives", "recommendations")


@dataclass(frozen=True)
class Heading:
    """One chapter before anybody has written in it."""

    code: str
    title: Text
    hint: Text
    holds: str  # one of HOLDS: what is printed in it besides its text


def parse(content: bytes) -> tuple[Heading, ...]:
    """Return the chapters in order. Raises EditionError, with the line, where it is no skeleton."""
    whole = read(content)
    whole.allow("chapters")
    return tuple(heading(table) for table in whole.coded("chapters", "chapter"))


def heading(table: Table) -> Heading:
    table.allow("code title hint holds")
    holds = table.one_of("holds", HOLDS) if "holds" in table.values else "text"
    return Heading(table.code("code"), table.text("title"), table.text("hint"), holds)
