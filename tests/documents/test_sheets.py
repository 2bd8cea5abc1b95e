import csv
import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.sheets import BEGIN, MARK, csv_lines, defused, workbook

FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1",
    "－1", "＠SUM(1)", " =1", '=HYPERLINK("http://evil.example","x")', "==", "=\u0000",
]  # fmt: skip


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_a_spreadsheet_would_run_is_text_in_a_csv(typed):
    assert defused(typed) == f"'{typed}"


def test_numbers_stay_numbers_and_nothing_is_empty():
    assert [defused(cell) for cell in (-1, 2.5, None, True, "a = b")] == [
        -1,
        2.5,
        "",
        True,
        "a = b",
    ]


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), max_size=4))
def test_no_cell_of_a_csv_begins_like_a_formula(rows):
    written = "".join(csv_lines(rows)).removeprefix(MARK)

    for row in csv.reader(io.StringIO(written, newline="")):
        assert not any(cell.startswith(BEGIN) for cell in row)


def sheet_of(file):
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_a_workbook_holds_no_formula_and_no_link():
    file = workbook(
        {"Sheet": [["Heading"], *([typed] for typed in FORMULAS), ["http://x.example"]]}
    )

    assert "<f>" not in sheet_of(file)
    assert "hyperlink" not in sheet_of(file)


def test_a_workbook_keeps_the_type_of_each_cell():
    rows = [["Text", "Number", "Ticked", "Nothing"], ["001", 7.5, True, None]]

    cells = re.findall(
        r'<c r="([A-D]2)"[^>]*?(?: t="(\w+)")?><v>([^<]*)', sheet_of(workbook({"S": rows}))
    )

    assert [(name, kind) for name, kind, _value in cells] == [("A2", "s"), ("B2", ""), ("C2", "b")]
