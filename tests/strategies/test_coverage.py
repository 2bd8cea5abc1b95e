"""What nothing answers, by examples."""

from strategies.coverage import Measure, answering, codes, gaps, recommendations


def test_a_recommendation_without_a_measure_is_open():
    measures = [Measure(1, recommendations=frozenset({7})), Measure(2)]

    part = recommendations([7, 8], measures)

    assert [(line.code, line.measures, line.is_open) for line in part.lines] == [
        (7, (1,), False),
        (8, (), True),
    ]
    assert (part.answered, part.total, part.is_complete) == (1, 2, False)


def test_two_measures_that_answer_the_same_stand_in_their_order():
    both = frozenset({7})

    assert answering(7, [Measure(2, recommendations=both), Measure(1, recommendations=both)]) == (
        2,
        1,
    )


def test_a_code_is_counted_in_its_own_kind_only():
    measure = Measure(1, codes={"dimensions": frozenset({"security"})})

    dimensions = codes("dimensions", ["security", "attitudes"], [measure])
    principles = codes("principles", ["security"], [measure])

    assert [line.measures for line in dimensions.lines] == [(1,), ()]
    assert [line.measures for line in principles.lines] == [()]


def test_where_there_is_nothing_to_answer_all_of_it_is():
    part = recommendations([], [Measure(1)])

    assert (part.answered, part.total, part.is_complete) == (0, 0, True)


def test_an_empty_measure_lacks_everything_in_a_fixed_order():
    assert gaps(Measure(1)) == ("owner", "period", "metric", "recommendation")


def test_a_measure_with_everything_lacks_nothing():
    full = Measure(1, True, True, True, frozenset({7}))

    assert gaps(full) == ()
