"""The lists of the law and the skeleton: the files that we ship, and what is refused in them."""

from datetime import date

import pytest

from indexanalysis.tables import EditionError
from strategies import skeleton, statutes
from strategies.loading import load_skeleton, load_statutes
from strategies.models import Heading, Statute, StatutoryPoint

SHIPPED = statutes.parse(statutes.FILE.read_bytes())
CHAPTERS = skeleton.parse(skeleton.FILE.read_bytes())
LIST = """
[[lists]]
code = "A"
title = {en = "T", fi = "T", sv = "T"}
law = {en = "L", fi = "L", sv = "L"}
section = "1"
source = {en = "S", fi = "S", sv = "S"}
certainty = "seen"
[[lists.points]]
code = "A1"
certainty = "our inference"
text = {en = "P", fi = "P", sv = "P"}
"""


def test_the_shipped_lists_have_the_points_of_the_domain():
    assert {s.code: len(s.points) for s in SHIPPED} == {"A": 8, "B": 9, "C": 6, "D": 8}
    codes = [point.code for statute in SHIPPED for point in statute.points]
    assert len(set(codes)) == len(codes)


def test_each_list_says_its_law_its_time_and_how_sure_it_is():
    by_code = {s.code: (s.section, s.valid_from, s.valid_until, s.certainty) for s in SHIPPED}

    earlier = date(2011, 9, 1), date(2024, 12, 31), "seen"
    assert by_code == {
        "A": ("33", *earlier),
        "B": ("45", date(2025, 1, 1), None, "seen"),
        "C": ("13", date(2025, 1, 1), None, "seen"),
        "D": ("29", *earlier),
    }


def test_a_point_without_a_source_has_its_lists():
    [found] = statutes.parse(LIST.encode())

    assert found.points[0].source == found.source
    assert (found.points[0].certainty, found.certainty) == ("our inference", "seen")
    assert found.note.en == ""


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('certainty = "seen"', 'certainty = "sure"', "unknown certainty 'sure'"),
        ('section = "1"', 'section = "1"\nvalid_from = "soon"', "must be a day"),
        ('section = "1"', 'section = "1"\npage = "1"', "unknown key 'page'"),
        ('sv = "P"', 'sv = ""', "sv is empty"),
        ('code = "A1"', 'code = "A 1"', "is not a code"),
    ],
)
def test_a_fault_in_a_list_is_refused_with_its_reason(old, new, reason):
    with pytest.raises(EditionError, match=reason):
        statutes.parse(LIST.replace(old, new, 1).encode())


def test_the_skeleton_holds_the_objectives_and_the_recommendations_once_each():
    holds = [heading.holds for heading in CHAPTERS]

    assert len(CHAPTERS) == 10
    assert (holds.count("objectives"), holds.count("recommendations")) == (1, 1)


def test_a_chapter_that_holds_something_unknown_is_refused():
    chapter = skeleton.FILE.read_text().replace('holds = "objectives"', 'holds = "pictures"')

    with pytest.raises(EditionError, match="unknown holds 'pictures'"):
        skeleton.parse(chapter.encode())


@pytest.mark.django_db
def test_loading_the_lists_and_the_skeleton_again_changes_nothing():
    def stored():
        return [list(m.objects.order_by("pk").values()) for m in (Statute, StatutoryPoint, Heading)]

    before = stored()
    load_statutes(Statute, StatutoryPoint)
    load_skeleton(Heading)

    assert stored() == before
    assert [len(rows) for rows in before] == [4, 31, 10]


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "in_force"), [
    (date(2011, 8, 31), False), (date(2011, 9, 1), True), (date(2024, 12, 31), True),
    (date(2025, 1, 1), False),
])  # fmt: skip
def test_a_list_is_in_force_to_its_last_day(day, in_force):
    assert Statute.objects.get(code="A").is_in_force(day) == in_force
