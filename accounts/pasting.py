"""Reads addresses pasted from a spreadsheet, a mail program or a list: one person a line."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr

ORDER = ("email", "name", "sector", "role")
MARKS = "\t;,"  # what parts the columns; the first of them that a line has counts
# What a column may be headed with, in the portal's languages.
HEADINGS = {
    "email": "email", "e-mail": "email", "mail": "email", "address": "email",
    "email address": "email", "sähköposti": "email", "sähköpostiosoite": "email",
    "osoite": "email", "e-post": "email", "epost": "email", "e-postadress": "email",
    "adress": "email",
    "name": "name", "nimi": "name", "namn": "name",
    "sector": "sector", "toimiala": "sector", "sektor": "sector",
    "role": "role", "rooli": "role", "roll": "role",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One person as pasted. `fault`: "", "quotes" (one is not closed) or "columns" (too many)."""

    number: int  # as the person counts them, from 1, with empty lines and the header
    cells: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


def read(text: str) -> list[Line]:
    """Return the persons of `text` by line; empty lines and a line of headings are passed over."""
    lines: list[Line] = []
    order: tuple[str, ...] = ORDER
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip(" \t;,\ufeff"):
            continue
        headed = headings(raw) if not lines and order is ORDER else None
        if headed:
            order = headed
        else:
            lines.append(read_line(number, raw, order))
    return lines


def headings(raw: str) -> tuple[str, ...] | None:
    """The columns that a first line names, or None where it is a person's."""
    try:
        names = [HEADINGS.get(cell.casefold(), "") for cell in split(raw)]
    except csv.Error:
        return None
    return tuple(names) if "email" in names else None


def read_line(number: int, raw: str, order: tuple[str, ...]) -> Line:
    try:
        cells = split(raw)
    except csv.Error:
        return Line(number, {"email": raw.strip()}, "quotes")
    named = dict(zip(order, cells, strict=False))
    named.pop("", None)
    return Line(number, with_name_of_address(named), "columns" if any(cells[len(order) :]) else "")


def with_name_of_address(named: dict[str, str]) -> dict[str, str]:
    """A mail program writes "Maija Virta <maija@town.example>": the name is taken from it."""
    name, address = parseaddr(named.get("email", ""))
    if "<" not in named.get("email", "") or not address:
        return named
    return named | {"email": address, "name": named.get("name") or name}


def split(raw: str) -> list[str]:
    """The cells of one line. Raises csv.Error where a quotation mark is not closed."""
    raw = raw.strip(" \ufeff")
    mark = next((mark for mark in MARKS if mark in raw), ",")
    row = next(csv.reader([raw], delimiter=mark, skipinitialspace=True, strict=True))
    return [cell.strip() for cell in row]


def code_of(word: str, words: Mapping[str, str]) -> str | None:
    """The code that `word` stands for, whatever its capitals; "" for none, None for an unknown.

    words: from each word, in lower case, to its code.
    """
    return words.get(" ".join(word.casefold().split())) if word.strip() else ""
