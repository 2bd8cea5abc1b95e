from django.utils.translation import get_language

LANGUAGES = ("fi", "sv", "en")


def active_language():
    """The first of the portal's languages that fits the page; Finnish where none is active."""
    language = (get_language() or "fi")[:2]
    return language if language in LANGUAGES else "fi"


def in_language(row, field):
    """Return `row`'s text of `field` in the page's language, or the Finnish one where it has none.

    The columns are `<field>_fi`, `<field>_sv` and `<field>_en`.
    """
    return getattr(row, f"{field}_{active_language()}") or getattr(row, f"{field}_fi")
