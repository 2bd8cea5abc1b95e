"""Who is named in a text. Pure."""

import re
from collections import Counter
from collections.abc import Iterable


def mentioned(text: str, names: Iterable[str]) -> set[str]:
    """Return those of `names` that `text` holds as “@Name”, exactly and to their end.

    Of “@Anna Maria” only Anna Maria is meant, not Anna. A name that two people bear names nobody.
    """
    found = set()
    counted = Counter(names)
    for name in sorted(filter(None, counted), key=len, reverse=True):
        text, times = re.subn(rf"(?<!\w)@{re.escape(name)}(?!\w)", " ", text)
        if times and counted[name] == 1:
            found.add(name)
    return found
