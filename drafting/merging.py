"""Two changes of the same thing brought together: pure, and never by guessing."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise, takewhile

Change = tuple[int, int, tuple[str, ...]]
Run = tuple[int, int, int, int]

# Pairs that are compared at most. A longer middle counts as one change: more is asked, never lost,
# and no text, however odd, keeps a web process busy.
PAIRS = 250_000


class BothChanged(Exception):
    """Both changed the same place: only a person can say what stays."""


def merge_value(base: object, mine: object, theirs: object) -> object:
    """Return what both made of `base`; where each is a mapping, key by key.

    Raises BothChanged where both changed the same, each in their own way.
    """
    if theirs in (base, mine):
        return mine
    if mine == base:
        return theirs
    if not (isinstance(mine, Mapping) and isinstance(theirs, Mapping)):
        raise BothChanged
    known = base if isinstance(base, Mapping) else {}
    keys = dict.fromkeys([*theirs, *mine])
    return {key: merge_value(known.get(key), mine.get(key), theirs.get(key)) for key in keys}


def merge(base: str, mine: str, theirs: str) -> str | None:
    """Return the text with both changes of `base`, or None where they touch one another.

    Paragraphs are compared, not words: what one person wrote stands as it was written.
    """
    lines = base.split("\n")
    both = sorted(changes(lines, mine.split("\n")) | changes(lines, theirs.split("\n")))
    if any(touch(first, second) for first, second in pairwise(both)):
        return None
    for start, end, put in reversed(both):
        lines[start:end] = put
    return "\n".join(lines)


def touch(first: Change, second: Change) -> bool:
    """Whether two changes, in order, overlap; or meet where one only puts something in.

    What is put in beside another change could stand before or after it: that is not ours to say.
    """
    (begin, end, _), (start, stop, _) = first, second
    return start < end or (start == end and (begin == end or start == stop))


def changes(base: list[str], new: list[str]) -> set[Change]:
    """Return (start, end, put): lines start to end of `base`, end not among them, are now `put`."""
    return {(a, b, tuple(new[c:d])) for a, b, c, d in runs(base, new)}


def runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """Return (a, b, c, d) for each run that differs: old[a:b] became new[c:d]."""
    head = common(old, new)
    tail = common(old[head:][::-1], new[head:][::-1])
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    if not left and not right:
        return []
    if len(left) * len(right) > PAIRS:
        return [(head, head + len(left), head, head + len(right))]
    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return [(head + a, head + b, head + c, head + d) for how, a, b, c, d in codes if how != "equal"]


def common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many items both begin with."""
    pairs = zip(old, new, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
