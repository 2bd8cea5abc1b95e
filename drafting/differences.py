"""What differs between two texts, for a person to look at: word by word, or by paragraph. Pure."""

import re
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from drafting.merging import runs

WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    how: Literal["same", "cut", "put"]
    text: str


@dataclass(frozen=True)
class Block:
    """Some paragraphs of two texts: the same in both, or in each its own; None for no paragraph."""

    theirs: str | None
    mine: str | None

    @property
    def is_same(self) -> bool:
        return self.theirs == self.mine


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces, in order, that lead from `before` to `after`; none of them is empty."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    pieces, done = [], 0
    for a, b, c, d in runs(old, new):
        pieces += [Piece("same", "".join(old[done:a])), Piece("cut", "".join(old[a:b]))]
        pieces.append(Piece("put", "".join(new[c:d])))
        done = b
    pieces.append(Piece("same", "".join(old[done:])))
    return tuple(piece for piece in pieces if piece.text)


def blocks(theirs: str, mine: str) -> tuple[Block, ...]:
    """Return both texts as blocks of whole paragraphs, for joining them one by one."""
    old, new = theirs.split("\n"), mine.split("\n")
    end = (len(old), len(old), len(new), len(new))
    found, at = [], 0
    for a, b, c, d in chain(runs(old, new), [end]):
        if at < a:
            same = joined(old[at:a])
            found.append(Block(same, same))
        if (a, c) != (b, d):
            found += pairs(old[a:b], new[c:d])
        at = b
    return tuple(found)


def pairs(theirs: list[str], mine: list[str]) -> list[Block]:
    """As many paragraphs here as there are one against one; else they stay together."""
    if len(theirs) == len(mine):
        return [Block(left, right) for left, right in zip(theirs, mine, strict=True)]
    return [Block(joined(theirs), joined(mine))]


def joined(paragraphs: list[str]) -> str | None:
    return "\n".join(paragraphs) if paragraphs else None
