from dataclasses import dataclass, field

from django.db import models

PORTAL = "P"  # stands for the town where a row belongs to none
TOWNS = "ABC"
MARK = "CANARY-"
NO_PROSE = (models.SlugField, models.URLField, models.FileField)


@dataclass
class World:
    """What the parts have made so far: they find here what the ones before them laid down."""

    towns: dict = field(default_factory=dict)  # "A": the municipality
    people: dict = field(default_factory=dict)  # "A.coordinator", "lead": the user
    calls: dict = field(default_factory=dict)
    projects: dict = field(default_factory=dict)
    applications: dict = field(default_factory=dict)  # ("A", "writing"): of town and call
    participations: dict = field(default_factory=dict)  # ("A", "one"): of town and project
    assessments: dict = field(default_factory=dict)  # ("A", "open"): of town and round
    strategies: dict = field(default_factory=dict)  # ("A", "drafting"): of town and state
    objects: list = field(default_factory=list)  # (town, what, row): what the description lists

    def note(self, row, what, town=PORTAL):
        """Have `row` in the description, under a name like "application.draft"; return it."""
        self.objects.append((town, what, row))
        return row


def canary(town, what, name):
    return f"{MARK}{town}-{what}-{name}"


def texts(model, town, what, only=None):
    """A canary for every field of `model` that takes free text; only: some names of fields."""
    fields = [f for f in model._meta.concrete_fields if holds_words(f)]
    wanted = {f for f in fields if only is None or f.name in only}
    return {f.name: fitted(f, canary(town, what, f.name)) for f in fields if f in wanted}


def holds_words(column):
    is_text = isinstance(column, models.CharField | models.TextField)
    return is_text and column.editable and not column.choices and not isinstance(column, NO_PROSE)


def fitted(column, text):
    return f"{text}@world.example" if isinstance(column, models.EmailField) else text


def canaries(row):
    """The canaries that a stored row holds, by field; looks into JSON too."""
    values = {f.name: f.value_from_object(row) for f in row._meta.concrete_fields}
    return {name: str(value) for name, value in values.items() if MARK in str(value)}
