"""A frozen text and the checksum by which anybody can tell whether it is still the same."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return `content` as the one JSON text that stands for it: keys in order, no blanks, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def checksum(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of `content`, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()
