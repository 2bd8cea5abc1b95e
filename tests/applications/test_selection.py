from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from applications.selection import Candidate, propose, rank

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 5, 1, 13, tzinfo=UTC)


def candidate(key, mean=50.0, reviews=2, submitted_at=NOON, code="100"):
    return Candidate(key, mean, reviews, submitted_at, code)


def test_the_higher_mean_goes_first():
    low, high = candidate(1, mean=60.0), candidate(2, mean=60.5)

    assert propose([low, high], seats=1) == [2]


def test_a_tie_goes_to_more_reviews_then_to_the_earlier_then_to_the_lower_code():
    late = candidate(1, submitted_at=LATER)
    reviewed = candidate(2, reviews=3, submitted_at=LATER)
    second = candidate(3, code="101")
    first = candidate(4, code="100")

    assert [c.key for c in rank([late, reviewed, second, first])] == [2, 4, 3, 1]


def test_an_application_without_a_review_is_ranked_last_and_never_proposed():
    unread, weak = candidate(1, mean=None, reviews=0), candidate(2, mean=0.0)

    assert [c.key for c in rank([unread, weak])] == [2, 1]
    assert propose([unread, weak], seats=7) == [2]


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


@given(CANDIDATES, st.integers(1, 7), st.randoms())
def test_the_order_of_the_input_does_not_matter(candidates, seats, chance):
    shuffled = chance.sample(candidates, len(candidates))

    assert propose(shuffled, seats) == propose(candidates, seats)


@given(CANDIDATES, st.integers(1, 7))
def test_never_more_than_the_seats_and_nobody_below_one_left_out(candidates, seats):
    chosen = propose(candidates, seats)

    means = {c.key: c.mean_score for c in candidates if c.mean_score is not None}
    left_out = [mean for key, mean in means.items() if key not in chosen]
    assert len(chosen) == min(seats, len(means))
    assert all(means[key] >= mean for key in chosen for mean in left_out)
