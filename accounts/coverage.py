"""Until when somebody coordinates: the first day that no period covers."""

from collections.abc import Iterable
from datetime import date, timedelta

Period = tuple[date, date | None]  # both days included; None: it goes on


def first_gap(periods: Iterable[Period], start: date, days: int) -> date | None:
    """Return the first day from `start` on, `days` ahead at most, that no period covers."""
    day = start
    for since, until in sorted(periods, key=lambda period: period[0]):
        if since > day:
            break
        if until is None:
            return None
        day = max(day, until + timedelta(days=1))
    return day if day <= start + timedelta(days=days) else None
