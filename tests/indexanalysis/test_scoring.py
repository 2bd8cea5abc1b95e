import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexanalysis import edition, scoring
from indexanalysis.scoring import AnswerError, check, points, score, whole, won

SMALL = edition.parse(Path(__file__).with_name("small.toml").read_bytes())
SCORED = [question for question in SMALL.questions if question.scored]
FULL = {
    "COM-01": "yes",
    "EDU-01": {"fi": "yes", "sv": "yes"},
    "EDU-02": ["a", "b", "c"],
    "BUS-01": "always",
    "PAR-01": ["youth", "elderly"],
    "REL-01": "yes",
}


def question(code):
    return SMALL.question(code)


def test_all_points_are_100_percent_everywhere():
    scores = score(SMALL, FULL)

    assert (scores.core_index, scores.extended_index) == (100, 100)
    assert set(scores.sections.values()) == set(scores.areas.values()) == {100}
    assert scores.unanswered == ()


def test_no_answer_at_all_is_0_percent_and_lists_the_scored_questions():
    scores = score(SMALL, {})

    assert (scores.core_index, scores.extended_index) == (0, 0)
    assert scores.unanswered == ("COM-01", "EDU-01", "EDU-02", "BUS-01", "PAR-01", "REL-01")


def test_nothing_applicable_is_no_score_and_never_0():
    scores = score(SMALL, {q.code: "not_applicable" for q in SMALL.questions})

    assert (scores.core_index, scores.extended_index) == (None, None)
    assert set(scores.sections.values()) == set(scores.areas.values()) == {None}
    assert scores.unanswered == ()


def test_a_choice_earns_its_options_share_of_the_points():
    assert points(question("COM-01"), "planned") == (Fraction(3, 5), 2)


@pytest.mark.parametrize(
    ("ticked", "share"),
    [
        ([], 0),
        (["none"], 0),
        (["a"], Fraction(1, 3)),
        (["d", "b"], Fraction(2, 3)),
        (["a", "b", "c"], 1),
        (["a", "b", "c", "d"], 1),
    ],
)
def test_ticks_earn_their_part_up_to_all_points(ticked, share):
    assert won(question("EDU-02"), ticked) == share


@pytest.mark.parametrize("answer", ["not_applicable", "another_body", "no_data"])
def test_what_is_left_out_drops_from_both_sides(answer):
    scores = score(SMALL, FULL | {"EDU-02": answer, "EDU-01": {"fi": "partly", "sv": "no"}})

    assert points(question("EDU-02"), answer) == (0, 0)
    assert scores.sections["education"] == 30
    assert scores.questions["sections"]["education"] == 1


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        ({"fi": "yes", "sv": "partly"}, Fraction(4, 5)),
        ({"fi": "yes"}, Fraction(1, 2)),
        ({"fi": "yes", "sv": None}, Fraction(1, 2)),
        ({"fi": "yes", "sv": ""}, Fraction(1, 2)),
        ({"fi": "yes", "sv": "another_body"}, 1),
        ({"fi": "no_data", "sv": "partly"}, Fraction(3, 5)),
        ({"fi": "no_data", "sv": "not_applicable"}, None),
        ({}, 0),
        ("partly", Fraction(3, 5)),
        (None, 0),
    ],
)
def test_language_sides_count_by_their_mean(answer, share):
    assert won(question("EDU-01"), answer) == share


@pytest.mark.parametrize(
    ("answer", "listed"),
    [
        (None, True),
        ({}, True),
        ({"fi": "", "sv": None}, True),
        ({"fi": "no_data"}, True),
        ({"fi": "no"}, False),
        ({"fi": "no_data", "sv": "no_data"}, False),
        ("no", False),
        ("no_data", False),
    ],
)
def test_a_question_is_unanswered_where_no_side_that_counts_says_anything(answer, listed):
    scores = score(SMALL, FULL | {"EDU-01": answer})

    assert scores.unanswered == (("EDU-01",) if listed else ())


def test_nothing_ticked_is_unanswered_and_none_of_these_is_an_answer():
    nothing = score(SMALL, FULL | {"EDU-02": [], "PAR-01": {"fi": [], "sv": []}})
    none = score(SMALL, FULL | {"EDU-02": ["none"]})

    assert nothing.unanswered == ("EDU-02", "PAR-01")
    assert none.unanswered == ()
    assert none.sections["education"] == nothing.sections["education"]


def test_the_lens_is_the_plain_mean_of_its_sections():
    scores = score(SMALL, FULL | {"EDU-01": "no", "BUS-01": "seldom"})

    assert scores.sections["education"] == pytest.approx(100 / 3)
    assert scores.sections["business"] == 25
    assert scores.areas["lens"] == pytest.approx((100 / 3 + 25) / 2)


def test_a_section_without_a_score_leaves_the_mean_of_its_area():
    scores = score(SMALL, FULL | {"BUS-01": "no_data", "EDU-02": [], "EDU-01": "partly"})

    assert scores.sections["business"] is None
    assert scores.areas["lens"] == scores.sections["education"] == 40


def test_the_indexes_are_weighted_means_of_the_areas_that_count_in_them():
    scores = score(SMALL, {"COM-01": "yes", "BUS-01": "always", "PAR-01": ["youth"]})

    assert scores.areas == {"commitment": 100, "lens": 50, "participation": 50, "relations": 0}
    assert scores.core_index == pytest.approx((2 * 100 + 1 * 50) / 3)
    assert scores.extended_index == pytest.approx((2 * 100 + 1 * 50 + 0.5 * 50) / 3.5)


def test_an_area_without_a_score_leaves_the_indexes():
    scores = score(SMALL, {"COM-01": "no_data", "BUS-01": "always", "PAR-01": "no_data"})

    assert scores.core_index == scores.extended_index == scores.areas["lens"] == 50


def test_an_area_that_counts_in_none_is_shown_and_moves_no_index():
    without, with_it = (score(SMALL, {"COM-01": "yes", "REL-01": a}) for a in ["no", "yes"])

    assert (without.areas["relations"], with_it.areas["relations"]) == (0, 100)
    assert without.core_index == with_it.core_index
    assert without.extended_index == with_it.extended_index


def test_a_profile_is_the_percentage_of_the_questions_with_its_tag():
    scores = score(SMALL, FULL | {"REL-01": "no"})

    assert scores.profiles["dimensions"]["attitudes"] == pytest.approx(100 * 2 / 4.5)
    assert scores.profiles["dimensions"]["security"] == 0
    assert scores.profiles["policy_areas"]["culture"] is None
    assert list(scores.questions["dimensions"].values()) == [2, 1, 2, 1]


def test_unscored_questions_change_nothing_and_are_not_listed():
    scores = score(SMALL, FULL | {"EDU-03": {"fi": 120, "sv": 0}, "COM-02": "Much."})

    assert scores == score(SMALL, FULL)
    assert won(question("EDU-03"), 120) is None


def test_no_rounding_before_the_end():
    tenth = replace(question("COM-01"), points=Fraction(1, 10))

    assert points(tenth, "planned") == (Fraction(3, 100), Fraction(1, 10))


@pytest.mark.parametrize(
    ("score", "shown"), [(57.5, 58), (56.5, 57), (57.4999, 57), (0.5, 1), (0.0, 0), (100.0, 100)]
)
def test_a_score_is_shown_as_whole_percent_half_up(score, shown):
    assert whole(score) == shown


@pytest.mark.parametrize(
    ("answer", "below"),
    [
        ("no", [Fraction(1, 2), 1]),
        (None, [Fraction(1, 2), 1]),
        ("planned", [Fraction(1, 2), 1]),
        ("yes", [1]),
        ("no_data", []),
    ],
)
def test_suggestions_are_those_for_so_few_points(answer, below):
    found = scoring.suggestions(question("COM-01"), answer)

    assert [suggestion.below for suggestion in found] == below


def test_scores_are_printed_in_the_agreed_shape():
    printed = score(SMALL, {"COM-01": "yes", "BUS-01": "no_data"}).as_dict()

    assert json.loads(json.dumps(printed)) == printed
    assert " ".join(printed) == (
        "edition core_index extended_index areas sections profiles unanswered questions"
    )
    assert list(printed["profiles"]) == ["policy_areas", "dimensions", "principles"]
    assert list(printed["questions"]) == ["sections", "policy_areas", "dimensions", "principles"]
    assert printed["sections"]["business"] is None


REFUSED = [
    ({"XYZ-01": "yes"}, "Edition small has no question 'XYZ-01'."),
    ({"COM-01": "maybe"}, "Question COM-01 has no option 'maybe'."),
    ({"COM-01": ["yes"]}, "Question COM-01 takes one option, not ['yes']."),
    ({"COM-01": []}, "Question COM-01 takes one option, not []."),
    ({"COM-01": True}, "Question COM-01 takes one option, not True."),
    ({"COM-01": 1}, "Question COM-01 takes one option, not 1."),
    ({"BUS-01": 0}, "Question BUS-01 takes one option, not 0."),
    ({"COM-01": {"fi": "yes"}}, "Question COM-01 is not answered by language side."),
    ({"EDU-01": {"se": "yes"}}, "Question EDU-01 has no language side 'se'."),
    ({"EDU-01": {"fi": "maybe"}}, "Question EDU-01 has no option 'maybe'."),
    ({"EDU-01": {"fi": {"sv": 1}}}, "Question EDU-01 takes one option, not {'sv': 1}."),
    ({"EDU-02": "a"}, "Question EDU-02 takes a list of options, not 'a'."),
    ({"EDU-02": 3}, "Question EDU-02 takes a list of options, not 3."),
    ({"EDU-02": ["a", "e"]}, "Question EDU-02 has no option 'e'."),
    ({"EDU-02": ["no_data"]}, "Question EDU-02 has no option 'no_data'."),
    ({"EDU-02": [["a"]]}, "Question EDU-02 has no option ['a']."),
    ({"EDU-02": [None]}, "Question EDU-02 has no option None."),
    ({"EDU-02": ["a", "b", "a"]}, "Question EDU-02: option 'a' is ticked twice."),
    ({"EDU-02": ["none", "a"]}, "Question EDU-02: option 'none' excludes the others."),
    ({"EDU-03": -1}, "Question EDU-03 takes a number from 0 up, not -1."),
    ({"EDU-03": True}, "Question EDU-03 takes a number from 0 up, not True."),
    ({"EDU-03": "12"}, "Question EDU-03 takes a number from 0 up, not '12'."),
    ({"EDU-03": float("nan")}, "Question EDU-03 takes a number from 0 up, not nan."),
    ({"EDU-03": float("inf")}, "Question EDU-03 takes a number from 0 up, not inf."),
    ({"COM-02": 5}, "Question COM-02 takes a text, not 5."),
    ({"COM-02": ["a"]}, "Question COM-02 takes a text, not ['a']."),
]


@pytest.mark.parametrize(("answers", "reason"), REFUSED)
def test_an_answer_that_does_not_fit_is_refused_with_its_code(answers, reason):
    with pytest.raises(AnswerError) as check_refuses:
        check(SMALL, answers)
    with pytest.raises(AnswerError) as score_refuses:
        score(SMALL, FULL | answers)

    assert str(check_refuses.value) == str(score_refuses.value) == reason


@pytest.mark.parametrize(
    "answers",
    [
        FULL,
        {"COM-01": None, "EDU-01": None, "EDU-02": None},
        {"EDU-03": 0, "COM-02": ""},
        {"EDU-03": 1.5},
        {"EDU-03": 10**400},
        {"EDU-03": {"fi": 3, "sv": "no_data"}},
        {"EDU-02": ("a", "b")},
        {"EDU-02": {"a", "b"}},
        {"PAR-01": ["youth"]},
        {"PAR-01": {"fi": ["youth"], "sv": "another_body"}},
        {q.code: "another_body" for q in SMALL.questions},
    ],
)
def test_answers_that_fit_are_accepted(answers):
    check(SMALL, answers)


def sides(asked):
    codes = [option.code for option in asked.options if not option.none]
    if asked.kind == "ticks":
        own = st.lists(st.sampled_from(codes), unique=True)
        own |= st.sampled_from([[option.code] for option in asked.options])
    else:
        own = st.sampled_from(codes)
    return own | st.sampled_from([None, *scoring.LEFT_OUT])


def answer_to(asked):
    side = sides(asked)
    if asked.language_sides:
        return side | st.fixed_dictionaries({}, optional={"fi": side, "sv": side})
    return side


ANSWERS = st.fixed_dictionaries({}, optional={q.code: answer_to(q) for q in SCORED})


def all_scores(scores):
    found = [scores.core_index, scores.extended_index]
    for by_code in [scores.areas, scores.sections, *scores.profiles.values()]:
        found += by_code.values()
    return found


@settings(deadline=None)
@given(ANSWERS)
def test_every_score_is_from_0_to_100_or_none(answers):
    assert all(s is None or 0 <= s <= 100 for s in all_scores(score(SMALL, answers)))


@settings(deadline=None)
@given(ANSWERS, st.data())
def test_more_points_never_lower_a_score(answers, data):
    code = data.draw(st.sampled_from(sorted(FULL)))
    if won(question(code), answers.get(code)) is None:
        return

    before = all_scores(score(SMALL, answers))
    after = all_scores(score(SMALL, answers | {code: FULL[code]}))

    assert all(old <= new for old, new in zip(before, after, strict=True) if old is not None)


@settings(deadline=None)
@given(ANSWERS, st.randoms())
def test_the_order_of_the_answers_and_of_the_ticks_is_irrelevant(answers, random):
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    turned = {code: a[::-1] if isinstance(a, list) else a for code, a in shuffled}

    assert score(SMALL, turned) == score(SMALL, answers)


@settings(deadline=None)
@given(ANSWERS, st.sampled_from(SCORED), st.sampled_from(scoring.LEFT_OUT))
def test_a_question_left_out_scores_as_if_the_edition_had_it_not(answers, gone, reason):
    left = tuple(
        replace(s, questions=tuple(q for q in s.questions if q is not gone)) for s in SMALL.sections
    )
    rest = {code: answer for code, answer in answers.items() if code != gone.code}

    assert score(SMALL, answers | {gone.code: reason}) == score(replace(SMALL, sections=left), rest)


# Against the rules, written a second time: in tables of numbers, over the raw TOML


def again(answers):
    """Compute the scores of the sections, the lens and the two indexes, with no common code."""

    def rate(value, worth, top):
        if isinstance(value, list):
            return min(sum(code != "none" for code in value), top) / top
        return worth[value] if value else 0

    def earned(code, worth, top=1):
        value = answers.get(code)
        both = [value.get("fi"), value.get("sv")] if isinstance(value, dict) else [value]
        kept = [v for v in both if v not in ("not_applicable", "another_body", "no_data")]
        return sum(rate(v, worth, top) for v in kept) / len(kept) if kept else None

    def section(*weighted):
        kept = [(p, e) for p, e in weighted if e is not None]
        return sum(p * e for p, e in kept) / sum(p for p, _ in kept) * 100 if kept else None

    def average(*weighted):
        kept = [(w, s) for w, s in weighted if s is not None]
        return sum(w * s for w, s in kept) / sum(w for w, _ in kept) if kept else None

    commitment = section((2, earned("COM-01", {"yes": 1, "planned": 0.3, "no": 0})))
    education = section(
        (3, earned("EDU-01", {"yes": 1, "partly": 0.6, "no": 0})),
        (1.5, earned("EDU-02", {}, top=3)),
    )
    business = section((1, earned("BUS-01", {"always": 1, "seldom": 0.25, "never": 0})))
    participation = section((2, earned("PAR-01", {}, top=2)))
    relations = section((2.5, earned("REL-01", {"yes": 1, "no": 0})))
    lens = average((1, education), (1, business))
    core = [(2, commitment), (1, lens)]
    sections = [commitment, education, business, participation, relations]
    return [*sections, lens, average(*core), average(*core, (0.5, participation))]


@settings(deadline=None)
@given(ANSWERS)
def test_another_computation_comes_to_the_same_scores(answers):
    scores = score(SMALL, answers)

    found = [*scores.sections.values(), scores.areas["lens"]]
    found += [scores.core_index, scores.extended_index]
    assert found == [None if s is None else pytest.approx(s) for s in again(answers)]
