"""Charts as geometry: the same numbers draw the page's SVG and the PDF's."""

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import shorten

WIDTH = 420  # user units; narrow, so that a phone does not shrink the letters
LETTERS = 48  # of a label that fit beside it; the table has the whole text
LINE = 16  # a label's line; its bar is below it
BAR = 12
STEP = LINE + BAR + 14


@dataclass(frozen=True)
class Bar:
    label: str
    score: int | None  # whole percent
    text_y: int  # the base line of label and score
    y: int
    filled: int  # width of the filled part


@dataclass(frozen=True)
class Bars:
    width: int  # 100 percent
    height: int
    thickness: int
    bars: tuple[Bar, ...]


def bars(rows: Iterable[tuple[str, int | None]]) -> Bars:
    """Return horizontal bars for (label, whole percent); None draws an empty one, never a 0."""
    drawn = tuple(bar(STEP * number, label, score) for number, (label, score) in enumerate(rows))
    return Bars(WIDTH, STEP * len(drawn), BAR, drawn)


def bar(top: int, label: str, score: int | None) -> Bar:
    words = shorten(label, LETTERS, placeholder="\N{HORIZONTAL ELLIPSIS}")
    return Bar(words, score, top + LINE - 3, top + LINE + 3, WIDTH * (score or 0) // 100)
