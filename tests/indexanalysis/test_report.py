from datetime import date
from pathlib import Path

import pytest

from indexanalysis import charts, edition
from indexanalysis.report import Given, SideAnswer, extremes, report, row

SMALL = edition.parse(Path(__file__).with_name("small.toml").read_bytes())
SHIPPED = edition.load("2026")
ALL_YES = {
    "COM-01": Given("yes"),
    "EDU-01": Given({"fi": "yes", "sv": "yes"}),
    "EDU-02": Given(["a", "b", "c"]),
    "BUS-01": Given("always"),
    "PAR-01": Given(["youth", "elderly"]),
    "REL-01": Given("yes"),
}


def report_of(given, of=SMALL, language="en"):
    return report(
        of,
        given,
        municipality="Kivikylä",
        submitted_on=date(2026, 11, 21),
        language=language,
    )


def row_of(code, value, **texts):
    return row(SMALL.question(code), Given(value, **texts), "en")


def words(code, *options):
    texts = {option.code: option.text.en for option in SMALL.question(code).options}
    return tuple(texts[option] for option in options)


def chapter(result, code):
    return next(chapter for chapter in result.chapters if chapter.code == code)


def test_a_row_has_the_options_words_and_the_share_of_the_points_that_was_earned():
    result = row_of("COM-01", "planned", example="Since May.")

    assert result.sides == (SideAnswer("", words("COM-01", "planned"), ""),)
    assert (result.earned, result.example, result.is_unanswered) == (30, "Since May.", False)


def test_ticks_are_listed_one_by_one():
    result = row_of("EDU-02", ["a", "c"])

    assert result.sides[0].texts == words("EDU-02", "a", "c")


def test_each_language_side_has_its_own_answer():
    result = row_of("EDU-01", {"fi": "yes", "sv": None})

    assert result.sides == (
        SideAnswer("fi", words("EDU-01", "yes"), ""),
        SideAnswer("sv", (), ""),
    )
    assert result.earned == 50


def test_a_side_that_is_left_out_does_not_lower_the_other():
    result = row_of("EDU-01", {"fi": "yes", "sv": "no_data"})

    assert [side.left_out for side in result.sides] == ["", "no_data"]
    assert result.earned == 100


def test_a_question_left_out_earns_nothing_and_loses_nothing_and_keeps_its_reason():
    result = row_of("COM-01", "not_applicable", reason="We have no such body.")

    assert (result.earned, result.is_unanswered) == (None, False)
    assert result.sides[0].left_out == "not_applicable"
    assert result.reason == "We have no such body."


def test_an_unanswered_question_earns_0_and_says_so():
    result = row_of("COM-01", None)

    assert (result.earned, result.is_unanswered) == (0, True)
    assert result.sides[0].texts == ()


@pytest.mark.parametrize(("value", "text"), [(3.0, "3"), (2.5, "2.5"), (0, "0")])
def test_a_number_is_shown_as_it_was_written(value, text):
    result = row_of("EDU-03", value)

    assert (result.sides[0].texts, result.earned) == ((text,), None)


def test_there_is_a_chapter_for_each_section_in_the_editions_order_with_all_its_questions():
    result = report_of(ALL_YES)

    assert [c.code for c in result.chapters] == [s.code for s in SMALL.sections]
    assert [c.number for c in result.chapters] == [1, 2, 3, 4, 5]
    assert [r.code for c in result.chapters for r in c.rows] == [q.code for q in SMALL.questions]


def test_a_chapter_says_how_many_questions_are_behind_its_score_and_where_it_counts():
    result = report_of(ALL_YES | {"EDU-02": Given("no_data", reason="The law.")})

    assert (chapter(result, "education").score, chapter(result, "education").questions) == (100, 1)
    assert chapter(result, "education").area == SMALL.area_of("education").title.en
    assert chapter(result, "relations").counts_in == "none"


def test_a_section_where_nothing_applies_has_no_score_and_an_empty_bar():
    result = report_of(ALL_YES | {"COM-01": Given("not_applicable", reason="None.")})

    assert chapter(result, "commitment").score is None
    assert [(bar.score, bar.filled) for bar in chapter(result, "commitment").bar.bars] == [
        (None, 0)
    ]


def test_the_report_lists_what_is_unanswered_and_what_is_left_out():
    given = {"COM-01": Given("not_applicable"), "EDU-01": Given({"fi": "yes", "sv": "no_data"})}

    result = report_of(given)

    assert result.unanswered == ("EDU-02", "BUS-01", "PAR-01", "REL-01")
    assert [left.code for left in result.left_out] == ["COM-01", "EDU-01"]


def test_the_picture_has_the_numbers_of_the_chapters():
    result = report_of(ALL_YES | {"BUS-01": Given("seldom")})

    drawn = [(bar.label, bar.score) for bar in result.overview.bars]
    assert drawn == [(c.title, c.score) for c in result.chapters]
    assert chapter(result, "business").score == 25


def test_whole_percents_are_rounded_half_up():
    halves = {"COM-01": Given("yes"), "EDU-01": Given("yes"), "EDU-02": Given(["a"])}

    result = report_of(halves | {"BUS-01": Given("seldom")})

    # Lens: (100 x 3.5 / 4.5 + 25) / 2 = 51.39; core: (2 x 100 + 51.39) / 3 = 83.80.
    assert (result.areas[1].score, result.core) == (51, 84)


@pytest.mark.parametrize(("values", "shown"), [(["yes", "no"], 50), (["partly", "seldom"], None)])
def test_no_score_is_rounded_before_it_is_shown(values, shown):
    result = row_of("EDU-01", {"fi": values[0], "sv": "no"})

    assert result.earned == (shown or 30)


def test_a_profile_on_fewer_than_five_questions_is_hidden():
    assert report_of(ALL_YES).profiles == ()


def test_a_profile_says_on_how_many_questions_it_rests():
    result = report_of({}, of=SHIPPED)

    assert result.profiles
    assert min(line.questions for line in result.profiles) >= 5
    assert {line.score for line in result.profiles} == {0}


def test_the_words_are_those_of_the_language_asked_for():
    results = [report_of(ALL_YES, language=language) for language in ("en", "fi", "sv")]

    section = SMALL.section("commitment")
    titles = [chapter(result, "commitment").title for result in results]
    assert titles == [section.title.en, section.title.fi, section.title.sv]


def scored(*scores):
    """Chapters with these scores, titled A, B, C in order."""
    result = report_of({})
    return [
        type(result.chapters[0])(**(vars(result.chapters[0]) | {"score": score, "title": title}))
        for score, title in zip(scores, "ABCDEFGH", strict=False)
    ]


@pytest.mark.parametrize(
    ("scores", "strongest", "weakest"),
    [
        ((10, 20, 30, 40, 50, 60, 70), "GFE", "ABC"),
        ((10, 20, 30), "C", "A"),
        ((50, 50, 50, 50), "AB", "CD"),
        ((None, 10, None, 90), "D", "B"),
        ((10,), "", ""),
        ((None, None), "", ""),
    ],
)
def test_no_section_is_among_the_strongest_and_the_weakest(scores, strongest, weakest):
    result = extremes(scored(*scores))

    assert result == (tuple(strongest), tuple(weakest))


def test_a_bar_is_as_long_as_its_score():
    drawn = charts.bars([("Half", 50), ("None", None), ("All", 100)])

    assert [bar.filled for bar in drawn.bars] == [drawn.width // 2, 0, drawn.width]
    assert drawn.height == 3 * charts.STEP


def test_a_label_too_long_for_its_line_is_shortened_at_a_word():
    long = "Kulttuurienvälinen tieto ja osaaminen sekä kaikki muu sellainen"

    [bar] = charts.bars([(long, 50)]).bars

    assert bar.label == "Kulttuurienvälinen tieto ja osaaminen sekä…"
    assert len(bar.label) <= charts.LETTERS


def test_every_title_of_the_shipped_edition_fits_its_line():
    titles = [getattr(s.title, code) for s in SHIPPED.sections for code in ("en", "fi", "sv")]

    assert [bar.label for bar in charts.bars((title, 1) for title in titles).bars] == titles
