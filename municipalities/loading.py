"""Reads the register's file and says, line by line, all that is wrong with it. Pure."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

TEXT_LENGTH = 100  # characters; what a column of the database holds
STATUSES = ("unilingual_fi", "bilingual_fi_majority", "bilingual_sv_majority", "unilingual_sv")
HOMELANDS = {"": "none", "+sami_homeland": "whole", "+sami_homeland_part": "part"}
LANGUAGES = {
    status + suffix: (status, homeland)
    for status in STATUSES
    for suffix, homeland in HOMELANDS.items()
}
URBANITIES = ("urban", "semi-urban", "rural")


@dataclass(frozen=True)
class Row:
    """One municipality of the file. Empty texts and None: the register does not give it."""

    line: int
    code: str  # "049"
    name_fi: str
    name_sv: str
    name_en: str
    region_code: str  # "01"
    region_fi: str
    region_sv: str
    region_en: str
    language_status: str  # one of STATUSES
    sami_homeland: str  # "none", "whole" or "part"
    urbanity: str  # one of URBANITIES
    wellbeing_county_fi: str
    wellbeing_county_sv: str
    wellbeing_county_en: str
    employment_area_fi: str
    employment_area_sv: str
    employment_area_en: str
    population_2022: int  # on 31 December
    foreign_language_share_2022: Decimal | None  # percent, 0-100
    foreign_language_share_2025: Decimal | None
    valid_until: date | None  # the last day of a municipality that was merged
    successor_code: str  # into which it was merged


COLUMNS = tuple(name for name in Row.__dataclass_fields__ if name not in ("line", "sami_homeland"))
Faults = list[tuple[int, str]]  # line, what is wrong with it


class RegisterError(Exception):
    """The file cannot be taken in. `reasons` names every fault, in the order of the lines."""

    def __init__(self, faults: Faults) -> None:
        self.reasons = tuple(f"Line {line}: {text}" for line, text in sorted(faults))
        super().__init__("\n".join(self.reasons))


def read(content: bytes) -> tuple[Row, ...]:
    """Return the municipalities of a UTF-8 CSV file with the columns COLUMNS, in any order.

    Raises RegisterError with all faults; a file with one bad line gives nothing.
    """
    records = list(split(decode(content)))
    header = check_header(records[0][1] if records else [])
    faults: Faults = []
    rows = [row for record in records[1:] if (row := read_row(header, *record, faults))]
    faults += [(1, "No municipality follows.")] if len(records) == 1 else []
    faults += [*repeated(rows), *bad_regions(rows), *bad_successors(rows, codes(header, records))]
    if faults:
        raise RegisterError(faults)
    return tuple(rows)


def decode(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise RegisterError([(line, "The file is not UTF-8.")]) from error
    return unicodedata.normalize("NFC", text)


def split(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that are not empty, each with the line it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from ((reader.line_num, record) for record in reader if record)
    except csv.Error as error:
        raise RegisterError([(reader.line_num, f"Not a CSV file: {error}.")]) from error


def check_header(header: Sequence[str]) -> list[str]:
    """Return the names of the columns, or raise RegisterError where they are not COLUMNS."""
    names = [name.strip() for name in header]
    faults = [(1, f"The column {name} is missing.") for name in COLUMNS if name not in names]
    faults += [(1, f"The column “{name}” is not known.") for name in names if name not in COLUMNS]
    faults += [(1, f"The column {n} stands twice.") for n in COLUMNS if names.count(n) > 1]
    if faults:
        raise RegisterError(faults)
    return names


def read_row(names: list[str], line: int, record: list[str], faults: Faults) -> Row | None:
    """Return the record as a Row; or None, with all that is wrong with it added to `faults`."""
    if len(record) != len(names):
        faults.append((line, f"There are {len(record)} columns instead of {len(names)}."))
        return None
    values: dict[str, Any] = {"line": line}
    wrong: Faults = []
    for name, cell in zip(names, record, strict=True):
        try:
            values[name] = READERS[name](cell.strip())
        except ValueError as why:
            wrong.append((line, f"{name}: {why}"))
    if not wrong:
        wrong = [(line, fault) for fault in incomplete(values)]
    faults += wrong
    if wrong:
        return None
    values["language_status"], values["sami_homeland"] = values["language_status"]
    return Row(**values)


def incomplete(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield what does not fit together within one line."""
    for field in ("wellbeing_county", "employment_area"):
        if len({bool(values[f"{field}_{language}"]) for language in ("fi", "sv", "en")}) > 1:
            yield f"{field}: Give it in all three languages, or in none."
    if values["successor_code"] and values["valid_until"] is None:
        yield "valid_until: A municipality with a successor needs its last day."
    if values["successor_code"] == values["code"]:
        yield "successor_code: A municipality cannot be its own successor."


def repeated(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    first: dict[str, int] = {}
    for row in rows:
        if first.setdefault(row.code, row.line) != row.line:
            yield row.line, f"code: {row.code} stands on line {first[row.code]} already."


def codes(header: list[str], records: list[tuple[int, list[str]]]) -> set[str]:
    """Return every code of the file, those of the lines with faults too."""
    return {
        record[header.index("code")].strip() for _, record in records if len(record) == len(header)
    }


def bad_successors(rows: Sequence[Row], known: set[str]) -> Iterator[tuple[int, str]]:
    for row in rows:
        if row.successor_code and row.successor_code not in known:
            yield row.line, f"successor_code: There is no municipality {row.successor_code}."


def bad_regions(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    first: dict[str, Row] = {}
    for row in rows:
        known = first.setdefault(row.region_code, row)
        if names_of_region(known) != names_of_region(row):
            yield (
                row.line,
                f"region_code: {row.region_code} is named otherwise on line {known.line}.",
            )


def names_of_region(row: Row) -> tuple[str, str, str]:
    return row.region_fi, row.region_sv, row.region_en


def text(cell: str) -> str:
    if len(cell) > TEXT_LENGTH:
        raise ValueError(f"It is longer than {TEXT_LENGTH} characters.")
    if not cell.isprintable():
        raise ValueError("It holds a character that cannot be printed.")
    return cell


def required(cell: str) -> str:
    if not cell:
        raise ValueError("It is empty.")
    return text(cell)


def matching(pattern: str, what: str) -> Callable[[str], str]:
    def read_cell(cell: str) -> str:
        if not re.fullmatch(pattern, cell):
            raise ValueError(f"“{cell}” is not {what}.")
        return cell

    return read_cell


def whole(cell: str) -> int:
    refuse_negative(cell)
    return int(matching(r"[0-9]{1,9}", "a whole number")(cell))


def share(cell: str) -> Decimal | None:
    if not cell:
        return None
    refuse_negative(cell)
    percent = Decimal(matching(r"[0-9]{1,9}(\.[0-9])?", "a number with one decimal")(cell))
    if percent > 100:
        raise ValueError(f"{cell} is over 100 percent.")
    return percent


def refuse_negative(cell: str) -> None:
    if re.fullmatch(r"-[0-9.]+", cell):
        raise ValueError(f"{cell} is negative.")


def day(cell: str) -> date | None:
    if not cell:
        return None
    form = matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date like 2024-12-31")(cell)
    try:
        return date.fromisoformat(form)
    except ValueError as error:
        raise ValueError(f"There is no day {cell}.") from error


def language(cell: str) -> tuple[str, str]:
    if cell not in LANGUAGES:
        raise ValueError(f"“{cell}” is not a known language status.")
    return LANGUAGES[cell]


# How each column is read; a reader raises ValueError with a sentence that says what is wrong.
READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(COLUMNS, text),
    **dict.fromkeys([name for name in COLUMNS if name.startswith(("name_", "region_"))], required),
    "code": matching(r"[0-9]{3}", "a code of three digits"),
    "region_code": matching(r"[0-9]{2}", "a region's code of two digits"),
    "language_status": language,
    "urbanity": matching("|".join(URBANITIES), "urban, semi-urban or rural"),
    "population_2022": whole,
    "foreign_language_share_2022": share,
    "foreign_language_share_2025": share,
    "valid_until": day,
    "successor_code": matching(r"([0-9]{3})?", "a code of three digits"),
}
