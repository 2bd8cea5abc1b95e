"""A finished call's dates, moved on by whole years for the next one."""

from datetime import datetime
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")


def years_until_ahead(moment: datetime, now: datetime) -> int:
    """Return the fewest whole years, at least one, after which `moment` lies after `now`."""
    here = now.astimezone(HELSINKI)
    years = max(1, here.year - moment.astimezone(HELSINKI).year)
    return years if later(moment, years) > now else years + 1


def later(moment: datetime, years: int) -> datetime:
    """Return the same day and hour in Helsinki, `years` on; 29 February becomes the 28th."""
    local = moment.astimezone(HELSINKI)
    leap_day = (local.month, local.day) == (2, 29)
    return local.replace(year=local.year + years, day=28 if leap_day else local.day)
