from datetime import date
from decimal import Decimal

import pytest

from municipalities.loading import COLUMNS, RegisterError, read
from municipalities.management.commands.load_municipalities import SHIPPED
from tests.municipalities.factories import file_of, named


def reasons(content):
    with pytest.raises(RegisterError) as refused:
        read(content)
    return refused.value.reasons


def test_a_line_becomes_plain_values():
    (row,) = read(file_of({"valid_until": "2024-12-31"}))

    assert (row.line, row.code, row.name_sv) == (2, "905", "Vasa")
    assert (row.population_2022, row.foreign_language_share_2025) == (67988, Decimal("14.9"))
    assert (row.valid_until, row.successor_code) == (date(2024, 12, 31), "")


def test_a_figure_that_is_not_given_is_none_and_not_0():
    (row,) = read(file_of({"foreign_language_share_2022": ""}))

    assert row.foreign_language_share_2022 is None


@pytest.mark.parametrize(
    ("cell", "status", "homeland"),
    [
        ("unilingual_sv", "unilingual_sv", "none"),
        ("unilingual_fi+sami_homeland", "unilingual_fi", "whole"),
        ("unilingual_fi+sami_homeland_part", "unilingual_fi", "part"),
    ],
)
def test_the_sami_homeland_is_kept_apart_from_the_language_status(cell, status, homeland):
    (row,) = read(file_of({"language_status": cell}))

    assert (row.language_status, row.sami_homeland) == (status, homeland)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"code": "49"}, "code: “49” is not a code of three digits."),
        ({"code": "D01"}, "code: “D01” is not a code of three digits."),
        ({"code": "٠٤٩"}, "code: “٠٤٩” is not a code of three digits."),
        ({"name_sv": " "}, "name_sv: It is empty."),
        ({"name_sv": "x" * 101}, "name_sv: It is longer than 100 characters."),
        ({"name_sv": "Va\0sa"}, "name_sv: It holds a character that cannot be printed."),
        ({"region_code": "1"}, "region_code: “1” is not a region's code of two digits."),
        ({"language_status": "fi"}, "language_status: “fi” is not a known language status."),
        (
            {"language_status": "unilingual_fi+"},
            "language_status: “unilingual_fi+” is not a known language status.",
        ),
        ({"urbanity": "city"}, "urbanity: “city” is not urban, semi-urban or rural."),
        ({"population_2022": "many"}, "population_2022: “many” is not a whole number."),
        ({"population_2022": ""}, "population_2022: “” is not a whole number."),
        ({"population_2022": "9" * 10}, f"population_2022: “{'9' * 10}” is not a whole number."),
        ({"population_2022": "-5"}, "population_2022: -5 is negative."),
        (
            {"foreign_language_share_2022": "-0.1"},
            "foreign_language_share_2022: -0.1 is negative.",
        ),
        (
            {"foreign_language_share_2025": "100.1"},
            "foreign_language_share_2025: 100.1 is over 100 percent.",
        ),
        (
            {"foreign_language_share_2025": "nan"},
            "foreign_language_share_2025: “nan” is not a number with one decimal.",
        ),
        ({"valid_until": "31.12.2024"}, "valid_until: “31.12.2024” is not a date like 2024-12-31."),
        ({"valid_until": "2024-02-30"}, "valid_until: There is no day 2024-02-30."),
        (
            {"valid_until": "2024-12-31", "successor_code": "999"},
            "successor_code: There is no municipality 999.",
        ),
        (
            {"valid_until": "2024-12-31", "successor_code": "905"},
            "successor_code: A municipality cannot be its own successor.",
        ),
        (
            {"employment_area_sv": ""},
            "employment_area: Give it in all three languages, or in none.",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(line, reason):
    content = file_of(named("231", "Kaskinen"), line)

    assert reasons(content) == (f"Line 3: {reason}",)


def test_a_successor_needs_the_last_day():
    content = file_of({"successor_code": "231"}, named("231", "Kaskinen"))

    assert reasons(content) == (
        "Line 2: valid_until: A municipality with a successor needs its last day.",
    )


def test_a_code_that_stands_twice_is_refused_on_its_second_line():
    assert reasons(file_of({}, {})) == ("Line 3: code: 905 stands on line 2 already.",)


def test_a_region_has_one_set_of_names():
    content = file_of({}, named("231", "Kaskinen", region_sv="Nyland"))

    assert reasons(content) == ("Line 3: region_code: 15 is named otherwise on line 2.",)


def test_a_missing_and_an_unknown_column_are_named():
    content = file_of({}).replace(b"urbanity", b"urban", 1)

    assert reasons(content) == (
        "Line 1: The column urbanity is missing.",
        "Line 1: The column “urban” is not known.",
    )


def test_a_column_that_stands_twice_is_refused():
    content = file_of({}).replace(b"code,", b"code,code,", 1)

    assert reasons(content) == ("Line 1: The column code stands twice.",)


def test_a_line_with_another_number_of_columns_is_told():
    content = file_of({}) + b"049,Espoo\r\n"

    assert reasons(content) == (f"Line 3: There are 2 columns instead of {len(COLUMNS)}.",)


def test_bytes_that_are_not_utf_8_are_told_with_their_line():
    content = file_of({}, named("075", "Hamina")).replace(b"Hamina", "Hämina".encode("latin-1"))

    assert reasons(content) == ("Line 3: The file is not UTF-8.",)


def test_a_quote_that_is_never_closed_is_told():
    content = file_of({}, named("075", '"Hamina'))

    assert reasons(content)[0].startswith("Line 3: Not a CSV file:")


def test_a_file_without_a_municipality_is_refused():
    assert reasons(file_of()) == ("Line 1: No municipality follows.",)


def test_an_empty_file_misses_every_column():
    assert len(reasons(b"")) == len(COLUMNS)


def test_all_faults_of_all_lines_are_told_at_once():
    content = file_of({"population_2022": "-1", "code": "x"}, named("231", ""), {})

    assert [reason.partition(":")[0] for reason in reasons(content)] == [
        "Line 2",
        "Line 2",
        "Line 3",
        "Line 3",
        "Line 3",
    ]


def test_a_successor_whose_own_line_is_bad_is_not_called_missing():
    content = file_of(
        {"valid_until": "2024-12-31", "successor_code": "231"}, named("231", "", region_fi="")
    )

    assert {reason.partition(":")[0] for reason in reasons(content)} == {"Line 3"}


def test_the_order_of_the_columns_and_a_byte_order_mark_do_not_matter():
    lines = file_of({}).decode().splitlines()
    turned = "\n".join(",".join(reversed(line.split(","))) for line in lines)

    assert read(b"\xef\xbb\xbf" + turned.encode()) == read(file_of({}))


def test_the_shipped_register_is_that_of_2023_with_what_was_merged_since():
    rows = read(SHIPPED.read_bytes())

    assert len(rows) == 309
    assert sum(row.population_2022 for row in rows) == 5_563_970
    assert [row.name_fi for row in rows if row.valid_until] == ["Pertunmaa"]
