from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.coverage import first_gap

START = date(2026, 6, 1)


def day(number):
    return START + timedelta(days=number)


def test_nobody_at_all_is_a_gap_today():
    assert first_gap([], START, 14) == START


def test_who_goes_on_leaves_none():
    assert first_gap([(day(-9), None)], START, 14) is None


def test_the_day_after_the_last_one_is_the_gap():
    assert first_gap([(day(-9), day(3))], START, 14) == day(4)


def test_a_gap_between_two_periods_is_found():
    assert first_gap([(day(6), None), (day(-9), day(3))], START, 14) == day(4)


def test_periods_that_touch_leave_none():
    assert first_gap([(day(4), None), (day(-9), day(3))], START, 14) is None


def test_a_gap_far_away_is_not_told_yet():
    assert first_gap([(day(-9), day(14))], START, 14) is None
    assert first_gap([(day(-9), day(13))], START, 14) == day(14)


PERIOD = st.tuples(st.integers(-5, 20), st.integers(0, 8) | st.none())


@given(st.lists(PERIOD, max_size=6))
def test_it_is_the_first_uncovered_day(drawn):
    periods = [(day(a), None if n is None else day(a + n)) for a, n in drawn]

    def covered(one):
        return any(s <= one and (u is None or one <= u) for s, u in periods)

    days = [day(n) for n in range(15) if not covered(day(n))]
    assert first_gap(periods, START, 14) == (days[0] if days else None)
