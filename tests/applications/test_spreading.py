from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from applications.spreading import spread

TOWNS = st.lists(st.integers(1, 12), unique=True, max_size=12)
PEOPLE = st.lists(st.integers(101, 106), unique=True, max_size=6)
PAIRS = st.sets(st.tuples(st.integers(1, 12), st.integers(101, 106)), max_size=30)
EACH = st.integers(1, 4)


def loads(pairs, people):
    counted = Counter(person for _town, person in pairs)
    return {person: counted[person] for person in people}


def test_two_each_over_three_people_give_two_to_everybody():
    pairs = spread([1, 2, 3], [101, 102, 103], each=2)

    assert Counter(town for town, _person in pairs) == {1: 2, 2: 2, 3: 2}
    assert set(loads(pairs, [101, 102, 103]).values()) == {2}


def test_who_has_less_already_gets_more():
    pairs = spread([1, 2, 3, 4], [101, 102], each=1, already={(8, 101), (9, 101)})

    assert loads(pairs, [101, 102]) == {101: 1, 102: 3}


def test_a_conflict_is_worked_around_even_by_handing_others_on():
    """Only 101 may take 3 and 4, so the others' applications go to 102."""
    pairs = spread([1, 2, 3, 4], [101, 102], each=1, conflicts={(3, 102), (4, 102)})

    assert pairs == [(1, 102), (2, 102), (3, 101), (4, 101)]


def test_who_reviews_already_counts_for_the_application():
    assert spread([1], [101, 102], each=2, already={(1, 101)}) == [(1, 102)]


def test_with_too_few_people_there_is_what_there_is():
    assert spread([1], [101], each=3) == [(1, 101)]
    assert spread([1], [], each=3) == spread([], [101], each=3) == []


@given(TOWNS, PEOPLE, EACH, PAIRS, PAIRS)
def test_each_gets_as_many_as_can_be_and_nobody_a_conflict(towns, people, each, barred, already):
    already -= barred

    pairs = spread(towns, people, each, barred, already)

    assert not set(pairs) & (barred | already)
    assert len(pairs) == len(set(pairs))
    counts = Counter(town for town, _person in pairs)
    for town in towns:
        free = [one for one in people if (town, one) not in barred | already]
        wanted = max(each - sum(pair[0] == town for pair in already), 0)
        assert counts[town] == min(wanted, len(free))


@given(TOWNS, PEOPLE, EACH, PAIRS, PAIRS)
def test_nobody_has_two_more_than_somebody_who_could_take_one(towns, people, each, barred, already):
    already -= barred

    pairs = set(spread(towns, people, each, barred, already))

    load = loads(pairs | already, people)
    for town, person in pairs:
        for other in people:
            if (town, other) not in barred | already | pairs:
                assert load[person] <= load[other] + 1


@given(TOWNS, PEOPLE, EACH)
def test_without_conflicts_the_loads_differ_by_one_at_most(towns, people, each):
    load = loads(spread(towns, people, each), people).values()

    assert max(load, default=0) - min(load, default=0) <= 1


@given(TOWNS, PEOPLE, EACH, PAIRS, PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_makes_no_difference(
    towns, people, each, barred, already, chance
):
    mixed = [chance.sample(some, len(some)) for some in (towns, people)]

    assert spread(*mixed, each, barred, already) == spread(towns, people, each, barred, already)
