"""How a thing that was sent twice is known again. Pure."""

import json
from collections.abc import Mapping
from hashlib import sha256


def once(key: str, by: int | None, what: Mapping[str, object]) -> str:
    """Return the stored form of a sender's `key`: 64 characters, or none for none.

    The same key by the same person with the same content is the same act. With other content it
    is another one, so that a form filled in anew after the Back button is not taken for a repeat.
    """
    if not key:
        return ""
    content = json.dumps([key, by, what], sort_keys=True, default=str)
    return sha256(content.encode()).hexdigest()
