"""Names in the order of the Finnish and Swedish alphabets. Pure."""

import unicodedata

AFTER_Z = str.maketrans("åäö", "{|}")  # the three characters that follow z in ASCII


def sort_key(name: str) -> str:
    """Return what `name` sorts by: å, ä, ö after z; any other accent and capitals ignored."""
    key = unicodedata.normalize("NFC", name).casefold().translate(AFTER_Z)
    return "".join(c for c in unicodedata.normalize("NFD", key) if not unicodedata.combining(c))
