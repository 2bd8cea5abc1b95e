"""The threat model names what is there: each property has a test, and each test exists."""

import re
from collections import Counter

from integration_portal.demo import ROOT

TEXT = (ROOT / "docs" / "threat-model.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if re.match(r"\| [A-Z]\d+ \|", line)
]


def named(row):
    return re.findall(r"`(tests/[\w/]+\.py)`", row[-1])


def test_every_property_has_its_columns_and_a_test():
    assert len(ROWS) >= 30
    assert [row[0] for row in ROWS if len(row) != 5 or not row[1] or not row[3]] == []
    assert [row[0] for row in ROWS if not named(row)] == []


def test_no_property_is_numbered_twice():
    assert [name for name, count in Counter(row[0] for row in ROWS).items() if count > 1] == []


def test_every_test_that_is_named_exists_and_tests():
    files = {name: ROOT / name for row in ROWS for name in named(row)}

    assert [name for name, file in files.items() if not file.is_file()] == []
    assert [name for name, file in files.items() if "\ndef test_" not in file.read_text()] == []
