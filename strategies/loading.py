"""Stores the lists and the skeleton of `data/`; the same files again change nothing.

Called by migrations, which hand in their own state of the models.
"""

from indexanalysis.tables import LANGUAGES
from strategies import skeleton, statutes


def load_statutes(statute_model, point_model):
    """A list or a point that the file no longer names stays: strategies refer to its code."""
    for number, row in enumerate(statutes.parse(statutes.FILE.read_bytes()), 1):
        fields = in_columns(row, "title", "law", "source", "note")
        for name in ("section", "valid_from", "valid_until", "certainty"):
            fields[name] = getattr(row, name)
        stored, _created = statute_model.objects.update_or_create(
            code=row.code, defaults=fields | {"number": number}
        )
        load_points(point_model, stored, row.points)


def load_points(point_model, statute, points):
    for number, row in enumerate(points, 1):
        fields = in_columns(row, "text", "note", "source") | {"certainty": row.certainty}
        point_model.objects.update_or_create(
            code=row.code, defaults=fields | {"statute": statute, "number": number}
        )


def load_skeleton(heading_model):
    for number, row in enumerate(skeleton.parse(skeleton.FILE.read_bytes()), 1):
        fields = in_columns(row, "title", "hint") | {"holds": row.holds, "number": number}
        heading_model.objects.update_or_create(code=row.code, defaults=fields)


def in_columns(row, *names):
    """The texts `names` of a parsed row as columns: "title" to title_en, title_fi, title_sv."""
    return {
        f"{name}_{language}": getattr(row, name).in_language(language)
        for name in names
        for language in LANGUAGES
    }
