from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.timing import next_digest, pause

HELSINKI = ZoneInfo("Europe/Helsinki")


def at(text):
    return datetime.fromisoformat(text)


def test_the_pause_doubles_up_to_the_longest():
    pauses = [pause(n, 60, 300).total_seconds() for n in range(1, 6)]

    assert pauses == [60, 120, 240, 300, 300]


def test_the_thousandth_failure_waits_no_longer_than_the_longest():
    assert pause(1000, 60, 3600) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "daily", "weekly"),
    [
        # Friday before and after seven, in winter time (+02:00).
        ("2026-11-20T06:59:59+02:00", "2026-11-20T07:00+02:00", "2026-11-23T07:00+02:00"),
        ("2026-11-20T07:00:00+02:00", "2026-11-21T07:00+02:00", "2026-11-23T07:00+02:00"),
        # Monday: the weekly one is today's, or that in a week.
        ("2026-11-23T06:00:00+02:00", "2026-11-23T07:00+02:00", "2026-11-23T07:00+02:00"),
        ("2026-11-23T07:00:00+02:00", "2026-11-24T07:00+02:00", "2026-11-30T07:00+02:00"),
        # Late in the evening in UTC it is tomorrow in Helsinki.
        ("2026-11-20T23:30:00+00:00", "2026-11-21T07:00+02:00", "2026-11-23T07:00+02:00"),
        # The nights in which the clocks go forward and back.
        ("2026-03-28T12:00:00+02:00", "2026-03-29T07:00+03:00", "2026-03-30T07:00+03:00"),
        ("2026-10-24T12:00:00+03:00", "2026-10-25T07:00+02:00", "2026-10-26T07:00+02:00"),
        ("2026-12-31T20:00:00+02:00", "2027-01-01T07:00+02:00", "2027-01-04T07:00+02:00"),
    ],
)
def test_a_summary_leaves_at_seven_by_the_clock_in_helsinki(now, daily, weekly):
    assert next_digest(at(now), HELSINKI, weekly=False) == at(daily)
    assert next_digest(at(now), HELSINKI, weekly=True) == at(weekly)
