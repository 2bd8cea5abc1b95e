"""What the members of a group cover between them, and what nobody does."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

STANDINGS = ("covered", "thin", "missing")
ENOUGH = 2  # members: one alone is away now and then


@dataclass(frozen=True)
class Line:
    """One thing that somebody should cover, and who does."""

    code: str
    members: tuple[str, ...]

    @property
    def standing(self) -> str:
        """One of STANDINGS."""
        if len(self.members) >= ENOUGH:
            return "covered"
        return "thin" if self.members else "missing"


def lines(wanted: Iterable[str], covering: Iterable[tuple[str, Collection[str]]]) -> list[Line]:
    """Return a line for each code of `wanted`, in that order.

    covering: each member's name with the codes that they cover; a code that nobody wants is passed
    over.
    """
    pairs = list(covering)
    return [Line(code, tuple(name for name, codes in pairs if code in codes)) for code in wanted]


def counts(found: Iterable[Line]) -> dict[str, int]:
    """Return how many of the lines are covered, thin and missing."""
    standings = [line.standing for line in found]
    return {standing: standings.count(standing) for standing in STANDINGS}
