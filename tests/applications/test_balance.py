from hypothesis import given
from hypothesis import strategies as st

from applications.balance import Share, Town, shares, size_of

TOWNS = [
    Town(1, "01", "city", "unilingual_fi"),
    Town(2, "01", "small", "unilingual_sv"),
    Town(3, "21", "small", "unilingual_sv"),
]


def test_each_class_counts_the_chosen_and_all():
    regions, sizes = ["21", "01", "05"], ["small", "city"]

    assert shares(TOWNS, {1, 3}, "region", regions) == [Share("21", 1, 1), Share("01", 1, 2)]
    assert shares(TOWNS, {1, 3}, "size", sizes) == [Share("small", 1, 2), Share("city", 1, 1)]


def test_the_sizes_begin_at_round_numbers():
    sizes = [size_of(n) for n in (0, 9_999, 10_000, 49_999, 50_000, 99_999, 100_000)]

    assert sizes == ["small", "small", "middle", "middle", "large", "large", "city"]


@given(st.sets(st.sampled_from([1, 2, 3, 4])), st.sampled_from(["region", "size", "languages"]))
def test_no_town_is_lost_and_none_counted_twice(chosen, kind):
    found = shares(TOWNS, chosen, kind, {getattr(town, kind): None for town in TOWNS})

    assert sum(share.of for share in found) == 3
    assert sum(share.chosen for share in found) == len(chosen & {1, 2, 3})
