from accounts.roles import Sector
from applications.areas import POLICY_AREAS
from applications.words import AREAS
from workinggroups.areas import BY_SECTOR, areas_of


def test_every_sector_has_its_policy_areas():
    assert sorted(BY_SECTOR) == sorted(Sector.values)
    assert {area for areas in BY_SECTOR.values() for area in areas} == set(POLICY_AREAS)


def test_every_policy_area_has_its_name():
    assert tuple(AREAS) == POLICY_AREAS
    assert len(POLICY_AREAS) == 8


def test_a_member_covers_what_the_sector_says():
    assert areas_of("library", []) == ("culture", "multilingualism")


def test_what_is_named_stands_in_the_place_of_what_the_sector_says():
    assert areas_of("library", ["education"]) == ("education",)


def test_without_a_sector_nothing_is_covered():
    assert areas_of("", []) == ()
