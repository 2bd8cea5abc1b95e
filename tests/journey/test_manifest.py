import json
from dataclasses import replace

import pytest

from journey.manifest import (
    Manifest,
    Part,
    Unreadable,
    differences,
    from_json,
    other_version,
    to_json,
)

TABLE = Part(20, "ab" * 32, rows=2, columns=("id", "name"))
MANIFEST = Manifest(
    made_at="2026-11-22T03:00:00+00:00",
    portal="0.1.0",
    postgresql="18.4",
    site_url="http://localhost:8000",
    migrations=(("accounts", "0001_initial"),),
    tables={"accounts_user": TABLE},
    sequences={"accounts_user_id_seq": 2},
    files={"documents/ä.pdf": Part(7, "cd" * 32)},
    left_out=("django_session",),
)


def test_a_manifest_is_read_as_it_was_written():
    assert from_json(to_json(MANIFEST)) == MANIFEST


def test_it_says_how_much_it_holds():
    assert (MANIFEST.rows, MANIFEST.size) == (2, 27)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"format": 1}', '{"format": 1, "files": 3}']
)
def test_anything_else_is_unreadable(text):
    with pytest.raises(Unreadable, match="no manifest"):
        from_json(text)


def test_another_format_is_named():
    text = json.dumps(json.loads(to_json(MANIFEST)) | {"format": 2})

    with pytest.raises(Unreadable, match="its format is 2, and this version reads 1"):
        from_json(text)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ({}, "The table t is missing."),
        ({"t": None}, "The table t is missing."),
        ({"t": replace(TABLE, rows=3)}, "The table t has 3 rows instead of 2."),
        (
            {"t": replace(TABLE, sha256="0")},
            "The table t is not what it was: its checksum differs.",
        ),
        ({"t": replace(TABLE, size=21)}, "The table t is not what it was: its checksum differs."),
        ({"t": TABLE, "u": TABLE}, "The table u is not in the manifest."),
    ],
)
def test_each_difference_is_a_sentence(found, sentence):
    assert list(differences("table", {"t": TABLE}, found)) == [sentence]


def test_the_same_is_no_difference():
    assert list(differences("file", {"t": TABLE}, {"t": TABLE})) == []


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ([("a", "1")], ""),
        ([("a", "1"), ("a", "2")], "a newer or other version (a.2 is unknown here)"),
        ([], "an older version (a.1 is not in it)"),
    ],
)
def test_another_version_is_said_in_words(theirs, said):
    assert said in other_version(theirs, [("a", "1")])
    assert bool(said) == bool(other_version(theirs, [("a", "1")]))
