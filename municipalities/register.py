"""Writes municipalities into the database: those of the file, and the demo's invented ones."""

from dataclasses import dataclass

from django.db import transaction

from municipalities.languages import LANGUAGES
from municipalities.models import LanguageStatus, Municipality, Region, Urbanity
from municipalities.sorting import sort_key

# The columns that are called alike in the file and in the database.
SAME = [
    "code",
    "name_fi",
    "name_sv",
    "name_en",
    "language_status",
    "sami_homeland",
    "urbanity",
    "wellbeing_county_fi",
    "wellbeing_county_sv",
    "wellbeing_county_en",
    "employment_area_fi",
    "employment_area_sv",
    "employment_area_en",
    "foreign_language_share_2022",
    "foreign_language_share_2025",
    "valid_until",
]


@dataclass(frozen=True)
class Counts:
    """What became of the rows of one table."""

    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class Loaded(Counts):
    """What became of the municipalities, and of their regions."""

    regions: Counts


@transaction.atomic
def load(rows):
    """Store the rows that `loading.read` returned; the same rows again change nothing.

    A municipality that the file does not name is left as it is.
    """
    regions = {row.region_code: region_of(row) for row in rows}
    of_regions = store(Region, regions.values())
    counts = store(Municipality, [municipality_of(row) for row in rows])
    return Loaded(counts.created, counts.changed, counts.unchanged, of_regions)


def region_of(row):
    return Region(
        code=row.region_code,
        name_fi=row.region_fi,
        name_sv=row.region_sv,
        name_en=row.region_en,
    )


def municipality_of(row):
    return in_its_place(
        Municipality(
            **{field: getattr(row, field) for field in SAME},
            region_id=row.region_code,
            population=row.population_2022,
            successor_id=row.successor_code or None,
        )
    )


def in_its_place(municipality):
    """The municipality, with what its names sort by."""
    for language in LANGUAGES:
        name = getattr(municipality, f"name_{language}")
        setattr(municipality, f"sort_{language}", sort_key(name))
    return municipality


def store(model, objects):
    """Create or update the objects by their code, in two queries; return the Counts."""
    columns = [field.attname for field in model._meta.concrete_fields if field.attname != "id"]
    stored = {row["code"]: row for row in model.objects.values(*columns)}
    wanted = {one.code: {column: getattr(one, column) for column in columns} for one in objects}
    new = [one for one in objects if one.code not in stored]
    changed = [one for one in objects if stored.get(one.code, wanted[one.code]) != wanted[one.code]]
    model.objects.bulk_create(
        [*new, *changed],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[column for column in columns if column != "code"],
    )
    return Counts(len(new), len(changed), len(wanted) - len(new) - len(changed))


@transaction.atomic
def demo(code, name_fi, name_sv, name_en, region_code, **others):
    """Create or update one invented municipality; its code is a D and digits, like "D01".

    others: further fields of Municipality, `population` among them. Without a language status
    and a grouping it is Finnish-speaking and rural. Raises ValidationError for what the register
    could not hold, a real municipality's code among it.
    """
    municipality = Municipality.objects.filter(code=code).first() or Municipality(code=code)
    others = {
        "language_status": LanguageStatus.UNILINGUAL_FI,
        "urbanity": Urbanity.RURAL,
        **others,
        "name_fi": name_fi,
        "name_sv": name_sv,
        "name_en": name_en,
        "region_id": region_code,
        "is_demo": True,
    }
    for field, value in others.items():
        setattr(municipality, field, value)
    in_its_place(municipality).full_clean()
    municipality.save()
    return municipality
