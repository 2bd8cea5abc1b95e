"""What may stand in a mail: text that shows all it holds."""

import unicodedata

# They turn the reading direction of what follows, so that an address looks like another.
DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, lone surrogates, line and page breaks


def plain(text: str) -> str:
    """Return `text` without characters that steer instead of being read; lines stay lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or not is_hidden(c))


def one_line(text: str) -> str:
    """Return `text` as one plain line: for a header, a name, a title."""
    return plain(" ".join(text.split()))


def is_hidden(character: str) -> bool:
    return unicodedata.category(character) in HIDDEN or character in DIRECTIONS
