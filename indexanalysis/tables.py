"""The tables of an edition's TOML file, which know their lines: a fault names where it is."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

T = TypeVar("T")
Place = tuple[str | int, ...]  # ("questions", 4, "options", 0, "share")

LANGUAGES = ("en", "fi", "sv")
LARGEST = 10**9  # a number beyond it is a slip, and would take long to reckon with
TYPES = {
    str: "text in quotes",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "a table",
}


class EditionError(ValueError):
    """A file is not an edition. `line` counts from 1; None where the fault has no line."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Text:
    en: str
    fi: str
    sv: str

    def in_language(self, code: str) -> str:
        return {"en": self.en, "fi": self.fi, "sv": self.sv}[code]


@dataclass(frozen=True)
class Table:
    """A table of the file. What takes a value out of it raises EditionError at a fault."""

    name: str  # as messages call it: "question EDU-01"
    values: dict[str, Any]
    place: Place
    lines: Mapping[Place, int]

    def fault(self, key: str, reason: str) -> EditionError:
        """Return the fault, with the line of the key, or else of the code, or of the table."""
        above = [self.place[:end] for end in range(len(self.place), 0, -1)]
        places = [(*self.place, key), (*self.place, "code"), *above]
        line = next((self.lines[place] for place in places if place in self.lines), None)
        return EditionError(line, f"{self.name}: {reason}")

    def refuse(self, faults: Iterable[tuple[str, str]]) -> None:
        """Raise the first of the faults, each a key and a reason."""
        for key, reason in faults:
            raise self.fault(key, reason)

    def allow(self, keys: str) -> None:
        allowed = keys.split()
        self.refuse((key, f"unknown key {key!r}") for key in self.values if key not in allowed)

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        value = self.values.get(key, default)
        if value is None:
            raise self.fault(key, f"{key} is missing")
        if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
            raise self.fault(key, f"{key} must be {TYPES[kind]}")
        return value

    def string(self, key: str) -> str:
        value = self.take(key, str)
        if not value.strip():
            raise self.fault(key, f"{key} is empty")
        return value

    def code(self, key: str) -> str:
        value = self.string(key)
        if not re.fullmatch("[A-Za-z0-9_-]+", value):
            raise self.fault(key, f"{value!r} is not a code: letters, digits, - and _ only")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.string(key)
        if value not in allowed:
            raise self.fault(key, f"unknown {key} {value!r}")
        return value

    def codes(self, key: str, noun: str, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of codes, none of them twice; a list that is left out is empty."""
        values = tuple(self.take(key, list, []))
        for number, value in enumerate(values):
            if not isinstance(value, str) or (allowed and value not in allowed):
                raise self.fault(key, f"unknown {noun} {value!r}")
            if value in values[:number]:
                raise self.fault(key, f"{noun} {value!r} is there twice")
        return values

    def number(self, key: str, top: int = LARGEST) -> Fraction:
        value = exact(self.values.get(key))
        if key not in self.values:
            raise self.fault(key, f"{key} is missing")
        if value is None or not 0 <= value <= top:
            raise self.fault(key, f"{key} must be a number from 0 to {top}")
        return value

    def numbers(self, key: str) -> tuple[Fraction, ...]:
        values = [exact(value) for value in self.take(key, list)]
        numbers = tuple(value for value in values if value is not None)
        if not numbers or len(numbers) < len(values):
            raise self.fault(key, f"{key} must be numbers")
        return numbers

    def text(self, key: str) -> Text:
        """Return a text, which must be there in every language."""
        texts = self.table(key)
        texts.allow(" ".join(LANGUAGES))
        return Text(en=texts.string("en"), fi=texts.string("fi"), sv=texts.string("sv"))

    def table(self, key: str) -> "Table":
        return self._inner(key, self.take(key, dict), key)

    def tables(self, key: str, noun: str) -> list["Table"]:
        """Return the tables of a list, named by their number; a list left out is empty."""
        found = self.take(key, list, [])
        if not all(isinstance(values, dict) for values in found):
            raise self.fault(key, f"{key} must be tables")
        return [self._inner(f"{noun} {n}", values, key, n - 1) for n, values in enumerate(found, 1)]

    def coded(self, key: str, noun: str, *, optional: bool = False) -> list["Table"]:
        """Return the tables of a list, named by their code, which no two of them share."""
        tables = self.tables(key, noun)
        if not tables and not optional:
            raise self.fault(key, f"there must be at least one {noun}")
        named = [
            replace(table, name=self._name(f"{noun} {table.code('code')}")) for table in tables
        ]
        names = [table.name for table in named]
        for number, table in enumerate(named):
            if table.name in names[:number]:
                raise table.fault("code", "the code is there twice")
        return named

    def _inner(self, name: str, values: dict[str, Any], *keys: str | int) -> "Table":
        return Table(self._name(name), values, (*self.place, *keys), self.lines)

    def _name(self, name: str) -> str:
        return f"{self.name}, {name}" if self.place else name


def read(content: bytes) -> Table:
    """Return the whole file as one table. Raises EditionError where it is not TOML in UTF-8."""
    try:
        text = content.decode()
        values = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as why:
        line = content.count(b"\n", 0, why.start) + 1
        raise EditionError(line, "the file is not UTF-8") from None
    except (ValueError, ArithmeticError, RecursionError) as why:
        raise broken(str(why), last_line=content.count(b"\n") + 1) from None
    return Table("edition file", values, (), lines_of(text))


def broken(message: str, last_line: int) -> EditionError:
    """Return tomllib's fault with its line, which the message ends in: "(at line 3, column 1)"."""
    reason, _, place = message.partition(" (at ")
    line = re.match(r"line (\d+)", place)
    return EditionError(int(line[1]) if line else last_line, f"not TOML: {reason}")


def exact(value: object) -> Fraction | None:
    """Return a number of the file as it is written, or None for what is no number we can use."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    usable = number.is_finite() and abs(number.adjusted()) <= 9
    return Fraction(number) if usable else None


def lines_of(text: str) -> dict[Place, int]:
    """Return the line of each table and key, for messages: tomllib itself does not tell."""
    text = re.sub(r'"""[\s\S]*?"""', lambda found: "\n" * found[0].count("\n"), text)
    lines: dict[Place, int] = {}
    counts: Counter[Place] = Counter()
    table: Place = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*(\[\[?)([\w.-]+)\]", line):
            table = place_of(header[2].split("."), header[1] == "[[", counts)
            lines.setdefault(table, number)
            lines.setdefault(table[:-1], number)  # a list is where its first table is
        elif key := re.match(r"\s*([\w.-]+)\s*=", line):
            names = key[1].split(".")
            for end in range(1, len(names) + 1):
                lines.setdefault((*table, *names[:end]), number)
    return lines


def place_of(names: list[str], listed: bool, counts: Counter[Place]) -> Place:
    """Return a header's place; `counts` knows how many tables each list has so far."""
    place: Place = ()
    for name in names[:-1]:
        place = (*place, name)
        if counts[place]:
            place = (*place, counts[place] - 1)
    place = (*place, names[-1])
    counts[place] += listed
    return (*place, counts[place] - 1) if listed else place
