"""Which applications a call would select: a pure proposal, which a lead may change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Candidate:
    key: int  # the application's
    mean_score: float | None  # 0-100 over the handed-in reviews; None: not reviewed
    reviews: int
    submitted_at: datetime
    code: str  # of the municipality


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates in order: who would be selected first stands first.

    The higher mean goes first; a tie goes to more reviews, then to the earlier submission, then
    to the municipality's code, so that the order never depends on chance. Unreviewed come last.
    """
    return sorted(candidates, key=place)


def place(candidate: Candidate) -> tuple[bool, float, int, datetime, str]:
    mean = candidate.mean_score
    return (
        mean is None,
        -(mean or 0.0),
        -candidate.reviews,
        candidate.submitted_at,
        candidate.code,
    )


def propose(candidates: Iterable[Candidate], seats: int) -> list[int]:
    """Return the keys of those a call with `seats` would select, best first; reviewed ones only."""
    reviewed = [c for c in rank(candidates) if c.mean_score is not None]
    return [candidate.key for candidate in reviewed[:seats]]
