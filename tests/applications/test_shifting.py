from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis.strategies import datetimes, timezones

from applications.shifting import later, years_until_ahead

HELSINKI = ZoneInfo("Europe/Helsinki")


def at(*parts):
    return datetime(*parts, tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("moment", "now", "years"),
    [
        (at(2026, 9, 1), at(2026, 12, 1), 1),
        (at(2022, 12, 7), at(2026, 11, 22), 4),
        (at(2022, 11, 21), at(2026, 11, 22), 5),  # four years on it would be over
        (at(2022, 11, 22), at(2026, 11, 22), 5),
        (at(2027, 1, 1), at(2026, 11, 22), 1),  # ahead already, but the next call is another one
    ],
)
def test_the_fewest_years_after_which_it_lies_ahead(moment, now, years):
    assert years_until_ahead(moment, now) == years


def test_the_hour_stays_where_summer_time_differs():
    # On 29 March 2026 the clocks go on; on that day of 2027 they have gone on the day before.
    moved = later(datetime(2026, 3, 28, 22, 0, tzinfo=UTC), 1)

    assert (moved.astimezone(HELSINKI).day, moved.astimezone(HELSINKI).hour) == (29, 0)


def test_a_leap_day_becomes_the_day_before():
    assert later(at(2028, 2, 29, 16, 15), 1) == at(2029, 2, 28, 16, 15)


SINCE, UNTIL = (datetime(year, 1, 1) for year in (2000, 2100))  # noqa: DTZ001 zones are drawn
MOMENTS = datetimes(SINCE, UNTIL, timezones=timezones())


@given(MOMENTS, MOMENTS)
def test_what_is_moved_lies_ahead_and_a_year_less_does_not(moment, now):
    years = years_until_ahead(moment, now)

    assert later(moment, years) > now
    assert years == 1 or later(moment, years - 1) <= now
    assert later(moment, years) - moment >= timedelta(days=363)
