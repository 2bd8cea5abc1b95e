"""When a mail is tried again, and when a summary leaves."""

from datetime import datetime, time, timedelta, tzinfo

DIGEST_AT = time(7)
MONDAY = 0
DAY = timedelta(days=1)


def pause(attempts: int, base: float, most: float) -> timedelta:
    """Return how long to wait after the `attempts`-th failure: base, 2 x base, 4 x base, ...

    base, most: seconds. attempts counts from 1.
    """
    doubled = base * 2.0 ** min(attempts - 1, 30)
    return timedelta(seconds=min(doubled, most))


def next_digest(now: datetime, zone: tzinfo, *, weekly: bool) -> datetime:
    """Return the first 7:00 in `zone` after `now`; weekly: the first one of a Monday.

    By the wall clock, so that it is 7:00 also on the day after the clocks were changed.
    """
    here = now.astimezone(zone)
    day = here.date() if here.time() < DIGEST_AT else here.date() + DAY
    while weekly and day.weekday() != MONDAY:
        day += DAY
    return datetime.combine(day, DIGEST_AT, tzinfo=zone)
