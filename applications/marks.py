"""What the marks of a review, and the reviews of an application, come to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Given:
    """What a reviewer gave for one criterion."""

    weight: int
    points: int | None  # from 0 to the call's highest mark; None: cannot judge


def score(marks: Iterable[Given], highest: int) -> float | None:
    """Return the weighted mean of the marks in percent of the `highest`, 0-100.

    What could not be judged leaves both sides of the division. None where nothing was judged: the
    review abstains.
    """
    judged = [(mark.weight, mark.points) for mark in marks if mark.points is not None]
    weights = sum(weight for weight, _points in judged)
    won = sum(weight * points for weight, points in judged)
    return 100 * won / (weights * highest) if weights else None


def mean(scores: Iterable[float | None]) -> float | None:
    """Return the mean of the reviews that do not abstain, or None where all do."""
    present = [one for one in scores if one is not None]
    return sum(present) / len(present) if present else None


def spread(scores: Iterable[float | None]) -> float | None:
    """Return the highest score less the lowest, in percentage points; None for fewer than two."""
    present = [one for one in scores if one is not None]
    return max(present) - min(present) if len(present) > 1 else None
