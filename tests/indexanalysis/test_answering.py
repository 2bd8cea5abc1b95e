from hypothesis import given
from hypothesis import strategies as st

from indexanalysis import edition
from indexanalysis.answering import first_unanswered, is_answered, is_left_out, progress

EDITION = edition.load("2026")
CODES = [question.code for question in EDITION.questions]
VALUES = st.sampled_from(
    [None, "", [], "yes", ["a"], 0, "not_applicable", {"fi": "yes", "sv": None}, {"fi": "no_data"}]
)


@given(st.dictionaries(st.sampled_from(CODES), VALUES))
def test_progress_equals_a_count_by_hand(values):
    whole, sections = progress(EDITION, values)

    given_answers = [code for code, value in values.items() if is_answered(value)]
    assert whole.answered == len(given_answers)
    assert whole.questions == 95
    assert sum(part.answered for part in sections.values()) == whole.answered


def test_a_question_asked_by_side_is_answered_when_both_sides_are():
    assert not is_answered({"fi": "yes", "sv": None})
    assert is_answered({"fi": "yes", "sv": "no"})
    assert is_answered({"fi": "yes", "sv": "not_applicable"})
    assert not is_answered({"fi": "not_applicable", "sv": None})


def test_leaving_out_one_side_counts_as_leaving_out():
    assert is_left_out({"fi": "yes", "sv": "no_data"})
    assert not is_left_out({"fi": "yes", "sv": "no"})
    assert not is_left_out(["not_applicable_is_no_tick"])


def test_percent_never_says_100_while_something_is_missing():
    whole, _sections = progress(EDITION, dict.fromkeys(CODES[:-1], "yes"))

    assert whole.percent == 98
    assert not whole.is_complete


def test_the_next_unanswered_question_follows_the_editions_order():
    values = dict.fromkeys([*CODES[:2], *CODES[3:]], "yes")

    assert first_unanswered(EDITION, values).code == CODES[2]
    assert first_unanswered(EDITION, dict.fromkeys(CODES, "yes")) is None
