"""The follow-up of one recommendation: both views side by side, and when it is looked at again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

EXPERT = "expert"


class Seen(Protocol):
    """An observation: whose view it is, of which day, and when to look again."""

    side: str
    day: date
    next_on: date | None


T = TypeVar("T", bound=Seen)


@dataclass(frozen=True)
class FollowUp(Generic[T]):
    by_experts: tuple[T, ...]  # the newest first
    by_municipality: tuple[T, ...]
    next_on: date | None
    is_due: bool  # that day has come, and nobody has looked since


def follow_up(observations: Iterable[T], today: date) -> FollowUp[T]:
    """Return the observations of a recommendation, side by side.

    The next date is the one that the newest observation names which names any; an observation of
    that day or later, from either side, has kept it.
    """
    newest = sorted(observations, key=lambda seen: seen.day, reverse=True)
    named = next((seen.next_on for seen in newest if seen.next_on), None)
    is_kept = named is not None and any(seen.day >= named for seen in newest)
    next_on = None if is_kept else named
    return FollowUp(
        by_experts=tuple(seen for seen in newest if seen.side == EXPERT),
        by_municipality=tuple(seen for seen in newest if seen.side != EXPERT),
        next_on=next_on,
        is_due=next_on is not None and next_on <= today,
    )
