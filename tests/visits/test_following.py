from dataclasses import dataclass
from datetime import date

from visits.following import follow_up

TODAY = date(2026, 11, 22)


@dataclass
class Seen:
    side: str
    day: date
    next_on: date | None = None


def on(side, day, next_day=None):
    return Seen(side, date(2026, 11, day), date(2026, 11, next_day) if next_day else None)


def test_both_views_stand_side_by_side_the_newest_first():
    first, second, theirs = on("expert", 1), on("expert", 9), on("municipality", 5)

    result = follow_up([first, theirs, second], TODAY)

    assert result.by_experts == (second, first)
    assert result.by_municipality == (theirs,)


def test_without_observations_there_is_no_next_date():
    result = follow_up([], TODAY)

    assert (result.by_experts, result.next_on, result.is_due) == ((), None, False)


def test_the_newest_observation_that_names_a_day_names_the_next_one():
    result = follow_up([on("expert", 1, 29), on("municipality", 5, 30), on("expert", 6)], TODAY)

    assert (result.next_on, result.is_due) == (date(2026, 11, 30), False)


def test_a_day_that_has_come_is_due():
    assert follow_up([on("expert", 1, 22)], TODAY).is_due
    assert follow_up([on("expert", 1, 10)], TODAY).is_due
    assert not follow_up([on("expert", 1, 23)], TODAY).is_due


def test_whoever_looks_again_has_kept_the_date():
    result = follow_up([on("expert", 1, 10), on("municipality", 10)], TODAY)

    assert (result.next_on, result.is_due) == (None, False)


def test_looking_earlier_does_not_keep_it():
    result = follow_up([on("expert", 1, 10), on("municipality", 9)], TODAY)

    assert result.is_due
