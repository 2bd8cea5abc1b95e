"""Placeholders in the texts of letters: a closed list, filled once, and nothing else happens."""

import re
from collections.abc import Mapping

# Which ones a text may name, by outcome: a letter of refusal has no day to answer by.
EVERYWHERE = ("municipality", "call", "project", "reasons")
ALLOWED = {
    "selected": (*EVERYWHERE, "answer_by"),
    "promoted": (*EVERYWHERE, "answer_by"),
    "reserve": (*EVERYWHERE, "place"),
    "not_selected": EVERYWHERE,
}
ONE = re.compile(r"\{([^{}\n]{0,60})\}")


def unknown(text: str, outcome: str) -> list[str]:
    """Return what stands in braces in `text` and is no placeholder of this outcome, in order."""
    found = dict.fromkeys(ONE.findall(text))
    return [f"{{{name}}}" for name in found if name not in ALLOWED[outcome]]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with each known placeholder replaced; a value is never read again."""
    return ONE.sub(lambda found: values.get(found[1], found[0]), text)
