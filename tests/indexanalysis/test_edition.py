import hashlib
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from indexanalysis import edition
from indexanalysis.edition import EditionError, Text, parse

SMALL = Path(__file__).with_name("small.toml").read_text(encoding="utf-8")


@pytest.fixture
def small():
    return parse(SMALL.encode())


def test_an_edition_is_read_with_its_questions_in_order(small):
    codes = " ".join(question.code for question in small.questions)

    assert codes == "COM-01 COM-02 EDU-01 EDU-02 EDU-03 BUS-01 PAR-01 REL-01"
    assert small.code == "small"
    assert small.title == Text(en="Small", fi="Pieni", sv="Liten")
    assert small.languages == ("en", "fi", "sv")
    assert small.classes[0].borders == (10000, 30000)
    assert [area.weight for area in small.areas] == [2, 1, Fraction(1, 2), 1]


def test_the_checksum_is_that_of_the_bytes(small):
    content = SMALL.encode()

    assert small.checksum == hashlib.sha256(content).hexdigest()
    assert parse(content + b"\n").checksum != small.checksum


def test_things_are_found_by_their_codes(small):
    assert small.question("EDU-02").kind == "ticks"
    assert [question.code for question in small.section("business").questions] == ["BUS-01"]
    assert small.area_of("business").code == "lens"


@pytest.mark.parametrize("look_up", ["question", "section", "area_of"])
def test_an_unknown_code_is_a_key_error(small, look_up):
    with pytest.raises(KeyError):
        getattr(small, look_up)("nothing")


def test_dotted_keys_and_inline_tables_are_the_same_text(small):
    dotted = small.question("COM-01")

    assert dotted.text.in_language("fi") == "Onko strategia?"
    assert dotted.hint.in_language("sv") == "Vilken som helst."


def test_numbers_are_exact(small):
    assert small.question("COM-01").shares == {"yes": 1, "planned": Fraction(3, 10), "no": 0}


def test_a_tick_earns_its_part_of_the_points_and_none_of_these_nothing(small):
    third = Fraction(1, 3)

    assert small.question("EDU-02").shares == {
        "a": third,
        "b": third,
        "c": third,
        "d": third,
        "none": 0,
    }


def test_a_question_knows_its_tags_and_whether_it_is_scored(small):
    assert small.question("COM-01").tags == {"participation", "attitudes", "equality"}
    assert small.question("COM-01").scored
    assert not small.question("COM-02").scored


def test_what_may_be_left_out_is_empty(small):
    question = small.question("EDU-03")

    assert question.example is None
    assert (question.options, question.suggestions, question.contradicts) == ((), (), ())
    assert (question.essential, question.sectors, question.descends_from) == (False, (), ())


def test_an_edition_that_is_not_shipped_is_a_key_error():
    for code in ["1066", "../small", "small.toml", ""]:
        with pytest.raises(KeyError):
            edition.load(code)


def test_a_file_is_named_for_its_edition(tmp_path, monkeypatch):
    monkeypatch.setattr(edition, "EDITIONS", tmp_path)
    (tmp_path / "other.toml").write_text(SMALL, encoding="utf-8")

    with pytest.raises(EditionError, match=r"^other.toml holds the edition 'small'$"):
        edition.load("other")


def test_only_files_with_plain_names_are_shipped(tmp_path, monkeypatch):
    monkeypatch.setattr(edition, "EDITIONS", tmp_path)
    for name in ["2027.toml", "2026-b.toml", "2026 copy.toml", "2026.txt", "Draft.toml"]:
        (tmp_path / name).touch()

    assert edition.codes() == ("2026-b", "2027")


@pytest.mark.parametrize("code", edition.codes())
def test_every_shipped_edition_is_sound_and_read_once(code):
    shipped = edition.load(code)

    assert shipped.code == code
    assert edition.load(code) is shipped


def test_edition_2026_has_all_its_sections_and_questions():
    shipped = edition.load("2026")

    counts = Counter(area.counts_in for area in shipped.areas)

    assert (len(shipped.sections), len(shipped.questions)) == (18, 95)
    assert counts == {"core": 10, "extended": 2, "none": 1}


def test_each_scored_question_of_2026_has_a_suggestion():
    scored = [question for question in edition.load("2026").questions if question.scored]

    assert [question.code for question in scored if not question.suggestions] == []


def test_each_section_of_2026_has_an_essential_question():
    sections = edition.load("2026").sections

    assert [s.code for s in sections if not any(q.essential for q in s.questions)] == []
