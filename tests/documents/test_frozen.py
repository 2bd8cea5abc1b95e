"""The checksum of a frozen text."""

import hashlib
import json

import pytest

from documents.frozen import canonical, checksum


def test_the_order_of_keys_does_not_matter():
    assert checksum({"a": 1, "b": [2, None]}) == checksum({"b": [2, None], "a": 1})


@pytest.mark.parametrize("other", [{"a": 2}, {"a": "1"}, {"a": 1, "b": None}, {}])
def test_any_other_content_has_another_checksum(other):
    assert checksum({"a": 1}) != checksum(other)


def test_the_checksum_is_the_sha_256_of_the_text_that_is_served():
    content = {"title": "Yhdessä – tillsammans 👩‍👩‍👧"}

    assert checksum(content) == hashlib.sha256(canonical(content)).hexdigest()
    assert json.loads(canonical(content)) == content
