import time

from hypothesis import given
from hypothesis import strategies as st

from drafting.differences import Block, Piece, blocks, difference

TEXTS = st.text("ab \n.", max_size=40)


@given(TEXTS, TEXTS)
def test_the_pieces_lead_from_the_one_text_to_the_other(before, after):
    pieces = difference(before, after)

    assert "".join(p.text for p in pieces if p.how != "put") == before
    assert "".join(p.text for p in pieces if p.how != "cut") == after


@given(TEXTS, TEXTS)
def test_the_blocks_hold_both_texts_whole(theirs, mine):
    found = blocks(theirs, mine)

    assert "\n".join(b.theirs for b in found if b.theirs is not None) == theirs
    assert "\n".join(b.mine for b in found if b.mine is not None) == mine


def test_only_the_changed_word_is_marked():
    assert difference("Two schools since 2021.", "Three schools since 2021.") == (
        Piece("cut", "Two"),
        Piece("put", "Three"),
        Piece("same", " schools since 2021."),
    )


def test_blocks_are_paragraphs():
    assert blocks("One.\nTheirs.\nAs well.\nEnd.", "One.\nMine.\nToo.\nEnd.\nMore.") == (
        Block("One.", "One."),
        Block("Theirs.", "Mine."),
        Block("As well.", "Too."),
        Block("End.", "End."),
        Block(None, "More."),
    )


def test_long_texts_are_compared_within_a_moment():
    words = ["ab"[n * n % 7 % 2] for n in range(2000)]
    begun = time.process_time()

    difference(" ".join(words), " ".join(words[::-1]))
    difference("a " * 2000, "b " + "a " * 1990)

    assert time.process_time() - begun < 1
