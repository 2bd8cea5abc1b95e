import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.merging import BothChanged, merge, merge_value

LETTERS = "\n ab"  # few, so that texts often share lines
TEXTS = st.text(LETTERS, max_size=30)
SIX = [f"Paragraph {number}." for number in range(6)]


@given(TEXTS, TEXTS)
def test_what_only_one_changed_is_what_that_one_wrote(base, mine):
    assert merge(base, mine, base) == merge(base, base, mine) == merge(base, mine, mine) == mine


@given(TEXTS, TEXTS, TEXTS)
def test_who_saved_first_makes_no_difference(base, mine, theirs):
    assert merge(base, mine, theirs) == merge(base, theirs, mine)


@st.composite
def two_who_keep_apart(draw):
    """A base of paragraphs, and two people who each rewrite paragraphs of their own."""
    count = draw(st.integers(2, 8))
    owner = draw(st.lists(st.sampled_from("MT-"), min_size=count, max_size=count))
    base = [f"p{number}" for number in range(count)]
    written = {who: [f"{p} {who}" if o == who else p for p, o in zip(base, owner, strict=True)]
               for who in "MT"}  # fmt: skip
    both = [p if o == "-" else f"{p} {o}" for p, o in zip(base, owner, strict=True)]
    return base, written["M"], written["T"], both


@given(two_who_keep_apart())
def test_who_writes_in_other_paragraphs_is_no_conflict(texts):
    base, mine, theirs, both = map("\n".join, texts)

    assert merge(base, mine, theirs) == both


@st.composite
def two_who_edit(draw):
    """Two people who each add, remove and rewrite; what each adds is known by its number."""
    base = [f"base {number}" for number in range(draw(st.integers(1, 6)))]
    return base, draw(edited(base, "M")), draw(edited(base, "T"))


@st.composite
def edited(draw, base, who):
    text = list(base)
    for number in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(text)))
        put = draw(st.sampled_from([[], [f"{who} {number}"]]))
        text[place : place + draw(st.integers(0, 1))] = put
    return text


@given(two_who_edit())
def test_a_joined_text_holds_what_each_added_once_and_nothing_either_removed(texts):
    base, mine, theirs = texts

    joined = merge(*map("\n".join, texts))

    if joined is not None:
        lines = [line for line in joined.split("\n") if line]
        added = (set(mine) | set(theirs)) - set(base)
        kept = set(base) & set(mine) & set(theirs)
        assert sorted(lines) == sorted(added | kept)


def test_six_writers_in_six_paragraphs_without_empty_lines_between():
    base = "\n".join(SIX)
    stored = base
    for number in range(6):
        mine = base.replace(f"Paragraph {number}.", f"Written by {number}.")
        stored = merge(base, mine, stored)

    assert stored == "\n".join(f"Written by {number}." for number in range(6))


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("a\nMINE\nc", "a\nTHEIRS\nc"),
        ("a\nMINE\nb\nc", "a\nTHEIRS\nb\nc"),  # put in at the same place: which comes first?
        ("a\nMINE\nb\nc", "THEIRS\nb\nc"),  # put in beside what the other rewrote
        ("a\nc", "a\nTHEIRS\nc"),  # removed here, rewritten there
    ],
)
def test_the_same_place_is_left_to_the_people(mine, theirs):
    assert merge("a\nb\nc", mine, theirs) is None


@pytest.mark.parametrize("line", ["", "a", "ab"])
def test_no_text_keeps_the_process_busy(line):
    base, mine, theirs = (
        "\n".join([start, *[line] * 4000, end]) for start, end in ("aa", "ba", "ab")
    )
    mixed = "\n".join("ab"[n * n % 7 % 2] for n in range(4000))
    begun = time.process_time()

    merge(base, mine, theirs)
    merge(base, mixed, mixed[::-1])
    merge(mixed, base, mixed[::-1])

    assert time.process_time() - begun < 1


def test_the_two_language_sides_of_an_answer_go_together():
    sides = merge_value(None, {"fi": "yes", "sv": None}, {"fi": None, "sv": "no"})

    assert sides == {"fi": "yes", "sv": "no"}


@pytest.mark.parametrize(
    ("mine", "theirs"), [("a", "b"), ({"fi": "a"}, {"fi": "b"}), (["a"], None)]
)
def test_two_other_values_are_a_conflict(mine, theirs):
    with pytest.raises(BothChanged):
        merge_value("base", mine, theirs)
