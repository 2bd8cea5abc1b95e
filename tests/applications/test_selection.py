from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from applications.selection import (
    Candidate,
    Line,
    left_out,
    nobody_competes,
    out_of_order,
    passes,
    propose,
    rank,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 5, 1, 13, tzinfo=UTC)


def candidate(key, mean=50.0, reviews=2, submitted_at=NOON, code="100"):
    return Candidate(key, mean, reviews, submitted_at, code)


def best_first(count):
    return [candidate(key, mean=100.0 - key) for key in range(1, count + 1)]


def outcomes(lines):
    return [(line.candidate.key, line.outcome, line.position) for line in lines]


def keys(lines):
    return [line.candidate.key for line in lines]


def test_up_to_the_seats_are_selected_and_the_others_make_an_ordered_reserve():
    lines = propose(reversed(best_first(4)), seats=2, pass_mark=50)

    assert outcomes(lines) == [
        (1, "selected", None), (2, "selected", None), (3, "reserve", 1), (4, "reserve", 2),
    ]  # fmt: skip


def test_below_the_pass_mark_or_unreviewed_one_is_neither():
    just, below, unread = candidate(1), candidate(2, mean=49.9), candidate(3, mean=None, reviews=0)

    lines = propose([unread, below, just], seats=7, pass_mark=50)

    assert outcomes(lines) == [
        (1, "selected", None), (2, "not_selected", None), (3, "not_selected", None),
    ]  # fmt: skip


def test_a_tie_goes_to_more_reviews_then_to_the_earlier_then_to_the_lower_code():
    late = candidate(1, submitted_at=LATER)
    reviewed = candidate(2, reviews=3, submitted_at=LATER)
    second = candidate(3, code="101")
    first = candidate(4, code="100")

    assert [c.key for c in rank([late, reviewed, second, first])] == [2, 4, 3, 1]


def test_the_last_bits_of_a_sum_make_no_order():
    exact, summed = candidate(1, mean=0.3, code="101"), candidate(2, mean=0.1 + 0.2, code="100")

    assert [c.key for c in rank([exact, summed])] == [2, 1]


def test_nobody_competes_while_all_that_pass_fit_the_seats():
    weak = candidate(9, mean=10.0)

    assert nobody_competes([*best_first(2), weak], seats=2, pass_mark=50)
    assert not nobody_competes(best_first(3), seats=2, pass_mark=50)


def lines_as(*outcomes_, reasons=()):
    """Lines of candidates 1, 2, ..., best first; a number is a place on the reserve."""
    return [
        Line(
            one,
            "reserve" if isinstance(outcome, int) else outcome,
            outcome if isinstance(outcome, int) else None,
            "Because." if one.key in reasons else "",
        )
        for one, outcome in zip(best_first(len(outcomes_)), outcomes_, strict=True)
    ]


YES, NO = "selected", "not_selected"


def test_the_proposal_itself_needs_no_reason():
    assert out_of_order(propose(best_first(9), seats=3, pass_mark=50)) == []


def test_who_is_lifted_over_others_needs_a_reason_and_they_do_not():
    assert keys(out_of_order(lines_as(YES, 1, 2, YES))) == [4]
    assert out_of_order(lines_as(YES, 1, 2, YES, reasons=[4])) == []


def test_who_is_taken_out_needs_a_reason_and_those_who_move_up_do_not():
    assert keys(out_of_order(lines_as(NO, YES, YES, 1))) == [1]
    assert out_of_order(lines_as(NO, YES, YES, 1, reasons=[1])) == []


def test_an_order_of_the_reserve_is_an_order_too():
    assert keys(out_of_order(lines_as(YES, 2, 1))) == [2]


def test_a_reason_on_the_other_of_two_explains_as_well():
    assert out_of_order(lines_as(1, YES, reasons=[2])) == []


def test_who_passes_and_gets_less_than_is_free_needs_a_reason():
    assert keys(left_out(lines_as(YES, NO), seats=2, pass_mark=50)) == [2]
    assert keys(left_out(lines_as(YES, 1), seats=2, pass_mark=50)) == [2]
    assert left_out(lines_as(YES, 1), seats=1, pass_mark=50) == []
    assert left_out(lines_as(YES, NO, reasons=[2]), seats=2, pass_mark=50) == []


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        key=st.integers(1, 99),
        mean_score=st.none() | st.floats(0, 100, allow_nan=False),
        reviews=st.integers(0, 4),
        submitted_at=st.sampled_from([NOON, LATER]),
        code=st.integers(100, 999).map(str),
    ),
    max_size=20,
    unique_by=(lambda c: c.key, lambda c: c.code),
)
SEATS, MARK = st.integers(1, 7), st.integers(0, 100)


@given(CANDIDATES, SEATS, MARK, st.randoms())
def test_the_order_of_the_input_does_not_matter(candidates, seats, mark, chance):
    shuffled = chance.sample(candidates, len(candidates))

    assert propose(shuffled, seats, mark) == propose(candidates, seats, mark)


@given(CANDIDATES, SEATS, MARK)
def test_never_more_than_the_seats_and_nobody_below_one_left_out(candidates, seats, mark):
    lines = propose(candidates, seats, mark)

    chosen = [line.candidate for line in lines if line.outcome == "selected"]
    reserve = [line.candidate for line in lines if line.outcome == "reserve"]
    fit = [c for c in candidates if passes(c, mark)]
    assert len(chosen) == min(seats, len(fit))
    assert sorted(c.key for c in chosen + reserve) == sorted(c.key for c in fit)
    assert chosen + reserve == rank(fit)
    assert out_of_order(lines) == left_out(lines, seats, mark) == []


CHOSEN = CANDIDATES.flatmap(
    lambda candidates: st.tuples(
        *(
            st.builds(
                Line,
                st.just(c),
                st.sampled_from([YES, "reserve", NO]),
                st.integers(1, 9),
                st.sampled_from(["", "", "Because."]),
            )
            for c in candidates
        )
    )
)


@given(CHOSEN)
def test_nobody_stands_before_a_higher_one_unless_a_lead_gave_a_reason(lines):
    """Once each line that was named has its reason, every pair is in order or explained."""
    named = keys(out_of_order(lines))
    explained = [
        Line(x.candidate, x.outcome, x.position, x.reason or "Said." * (x.candidate.key in named))
        for x in lines
    ]

    ordered = rank(line.candidate for line in explained)
    at = {line.candidate.key: line for line in explained}
    for number, lower in enumerate(ordered):
        for higher in ordered[:number]:
            low, high = at[lower.key], at[higher.key]
            assert low.place >= high.place or low.reason or high.reason
    assert out_of_order(explained) == []
