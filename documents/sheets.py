"""Tables as files. What people typed stays text: no program takes it for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Cell = str | int | float | bool | None
Row = Sequence[Cell]
# What spreadsheets take for the beginning of a formula; the wide ones are read as these.
BEGIN = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
MARK = "\ufeff"  # so that Excel reads UTF-8
WIDEST = 60  # characters
LONGEST = 32_767  # characters that a cell of a workbook holds


def defused(cell: Cell) -> Cell:
    """Return a cell that a spreadsheet shows as it is: an apostrophe stands before a formula."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(BEGIN):
        return f"'{cell}"
    return "" if cell is None else cell


class Echo:
    """Gives back what a writer writes, line by line."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the rows as lines by RFC 4180, headings too; nothing waits for the last one."""
    writer = csv.writer(Echo())
    yield MARK
    for row in rows:
        yield writer.writerow([defused(cell) for cell in row])


def workbook(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """Return an XLSX file: a sheet for each name, whose first row holds the headings."""
    import xlsxwriter  # noqa: PLC0415 not with the web server: few ever ask for it

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows):
            write_row(sheet, number, row, None if number else bold)
        for column, width in enumerate(widths(rows)):
            sheet.set_column(column, column, width)
    book.close()
    return file.getvalue()


def write_row(sheet: Any, number: int, row: Row, style: Any) -> None:
    """Each cell with its own type: text is never looked at again."""
    for column, cell in enumerate(row):
        if isinstance(cell, bool):
            sheet.write_boolean(number, column, cell, style)
        elif isinstance(cell, int | float):
            sheet.write_number(number, column, cell, style)
        elif cell:
            sheet.write_string(number, column, cell[:LONGEST], style)


def widths(rows: Sequence[Row]) -> list[int]:
    """How wide each column is to be, in characters: as its longest line, within reason."""
    columns = zip(*rows, strict=True)
    return [
        min(WIDEST, max(8, *(len(line) for c in column for line in str(c or "").split("\n"))) + 2)
        for column in columns
    ]
