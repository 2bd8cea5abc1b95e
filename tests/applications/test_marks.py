import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.marks import Given, mean, score, spread

WEIGHTS = st.integers(1, 100)
HIGHEST = 5
MARKS = st.lists(st.builds(Given, WEIGHTS, st.none() | st.integers(0, HIGHEST)), max_size=8)
SCORES = st.lists(st.none() | st.floats(0, 100), max_size=6)


def test_a_heavier_criterion_counts_more():
    assert score([Given(3, 5), Given(1, 1)], highest=5) == 80


def test_what_cannot_be_judged_leaves_both_sides():
    assert score([Given(3, 4), Given(9, None)], highest=5) == 80


def test_nought_points_are_points():
    assert score([Given(1, 0), Given(1, 5)], highest=5) == 50


@pytest.mark.parametrize("marks", [[], [Given(2, None)]])
def test_a_review_that_judges_nothing_abstains(marks):
    assert score(marks, highest=5) is None


def test_an_abstention_leaves_mean_and_spread_as_they_are():
    assert mean([60, None, 80]) == 70
    assert spread([60, None, 85]) == 25


def test_there_is_no_mean_of_nothing_and_no_spread_of_one():
    assert mean([None]) is None
    assert spread([60, None]) is None


@given(MARKS)
def test_a_score_lies_between_the_lowest_and_the_highest_mark(marks):
    points = [mark.points for mark in marks if mark.points is not None]

    found = score(marks, HIGHEST)

    assert (found is None) == (not points)
    if points:
        assert 20 * min(points) - 1e-9 <= found <= 20 * max(points) + 1e-9


@given(MARKS, st.integers(2, 9))
def test_only_the_proportion_of_the_weights_counts(marks, times):
    heavier = [Given(mark.weight * times, mark.points) for mark in marks]

    assert score(heavier, HIGHEST) == pytest.approx(score(marks, HIGHEST))


@given(MARKS.flatmap(lambda marks: st.tuples(st.just(marks), st.permutations(marks))))
def test_the_order_of_the_criteria_makes_no_difference(both):
    marks, other = both

    assert score(other, HIGHEST) == pytest.approx(score(marks, HIGHEST))


@given(SCORES)
def test_the_mean_lies_within_the_spread(scores):
    if spread(scores) is not None:
        present = [one for one in scores if one is not None]

        assert min(present) - 1e-9 <= mean(scores) <= min(present) + spread(scores) + 1e-9
