"""Which applications a call would select: a pure proposal, which a lead may change.

The tie rule, as the board shows it: the higher mean goes first. Of equal means, more reviews go
first; then the earlier submission; then the lower municipality code. So no order rests on chance.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

SELECTED, RESERVE, NOT_SELECTED = "selected", "reserve", "not_selected"
NOT_AT_ALL = float("inf")  # the place of whoever gets none
PLACES = 6  # decimals of a mean that count: a sum's last bits depend on the order of adding


@dataclass(frozen=True)
class Candidate:
    key: int  # the application's
    mean_score: float | None  # 0-100 over the handed-in reviews; None: not reviewed
    reviews: int
    submitted_at: datetime
    code: str  # of the municipality


@dataclass(frozen=True)
class Line:
    """What becomes of one candidate."""

    candidate: Candidate
    outcome: str  # SELECTED, RESERVE or NOT_SELECTED
    position: int | None = None  # on the reserve, 1 first; None for the others
    reason: str = ""

    @property
    def place(self) -> float:
        """0 selected, then the places on the reserve; all that are not selected stand equal."""
        if self.outcome == SELECTED:
            return 0
        return self.position if self.outcome == RESERVE and self.position else NOT_AT_ALL


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates in order, by the rule above; unreviewed come last."""
    return sorted(candidates, key=merit)


def merit(candidate: Candidate) -> tuple[bool, float, int, datetime, str]:
    mean = candidate.mean_score
    return (
        mean is None,
        -round(mean or 0.0, PLACES),
        -candidate.reviews,
        candidate.submitted_at,
        candidate.code,
    )


def passes(candidate: Candidate, pass_mark: float) -> bool:
    """Whether it can be selected at all. pass_mark: percent, 0-100, fixed with the call."""
    mean = candidate.mean_score
    return mean is not None and round(mean, PLACES) >= pass_mark


def passing(candidates: Iterable[Candidate], pass_mark: float) -> list[Candidate]:
    """Those that reach the pass mark, best first."""
    return rank(c for c in candidates if passes(c, pass_mark))


def propose(candidates: Iterable[Candidate], seats: int, pass_mark: float) -> list[Line]:
    """Return a line for each candidate, best first.

    Up to `seats` are selected and the others that pass make the reserve, in order. Below the pass
    mark, or unreviewed, one is neither.
    """
    ranked = rank(candidates)
    places = {c.key: number for number, c in enumerate(passing(ranked, pass_mark))}
    return [proposed(candidate, places.get(candidate.key), seats) for candidate in ranked]


def proposed(candidate: Candidate, number: int | None, seats: int) -> Line:
    """number: of those that pass, counted from 0; None does not pass."""
    if number is None:
        return Line(candidate, NOT_SELECTED)
    if number < seats:
        return Line(candidate, SELECTED)
    return Line(candidate, RESERVE, number - seats + 1)


def nobody_competes(candidates: Iterable[Candidate], seats: int, pass_mark: float) -> bool:
    """Whether all that pass fit the seats, so that no order among them matters."""
    return len(passing(candidates, pass_mark)) <= seats


def out_of_order(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that left the order and say no reason, best first.

    Of any two, the lower in rank stands before the higher only if one of them gives a reason. Of
    those without one, the longest row that kept the order stands; whoever moved out of it, up or
    down, is named. An empty answer means that every change of the order is explained.
    """
    silent = sorted((line for line in lines if not line.reason), key=by_merit)
    kept = longest_row([line.place for line in silent])
    return [line for number, line in enumerate(silent) if number not in kept]


def by_merit(line: Line) -> tuple[bool, float, int, datetime, str]:
    return merit(line.candidate)


def longest_row(places: Sequence[float]) -> set[int]:
    """The numbers of a longest part of `places` that never falls."""
    ends: list[int] = []  # of the best row of each length, the number of its last
    before: list[int | None] = []
    for number, place in enumerate(places):
        length = bisect_right([places[end] for end in ends], place)
        before.append(ends[length - 1] if length else None)
        ends[length : length + 1] = [number]
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept


def left_out(lines: Iterable[Line], seats: int, pass_mark: float) -> list[Line]:
    """Return, best first, the lines that pass, get less than is free, and say no reason.

    Less is: not selected at all, or on the reserve while a seat stays empty.
    """
    lines = sorted(lines, key=by_merit)
    free = seats > sum(line.outcome == SELECTED for line in lines)
    least = {NOT_SELECTED, RESERVE} if free else {NOT_SELECTED}
    return [
        line
        for line in lines
        if line.outcome in least and not line.reason and passes(line.candidate, pass_mark)
    ]
