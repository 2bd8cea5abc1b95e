import pytest

from workinggroups.coverage import counts, lines

ANNA, BO = ("Anna", ["a", "b"]), ("Bo", ["b", "other"])


@pytest.mark.parametrize(
    ("members", "standing"), [([], "missing"), ([ANNA], "thin"), ([ANNA, BO], "covered")]
)
def test_two_members_cover_a_thing_and_one_alone_is_thin(members, standing):
    [line] = lines(["b"], members)

    assert line.standing == standing
    assert line.members == tuple(name for name, _codes in members)


def test_the_lines_come_in_the_order_wanted_and_pass_over_what_nobody_wants():
    found = lines(["c", "b", "a"], [ANNA, BO])

    assert [(line.code, line.members) for line in found] == [
        ("c", ()),
        ("b", ("Anna", "Bo")),
        ("a", ("Anna",)),
    ]


def test_two_members_of_one_name_are_two():
    [line] = lines(["a"], [("Anna", ["a"]), ("Anna", ["a"])])

    assert line.standing == "covered"


def test_the_counts_name_every_standing():
    assert counts(lines(["a", "b", "c"], [ANNA, BO])) == {"covered": 1, "thin": 1, "missing": 1}
    assert counts([]) == {"covered": 0, "thin": 0, "missing": 0}
