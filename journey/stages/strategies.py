"""Strategies of the demo: half written, before the deciding bodies, adopted and published.

Each function goes on from the one before; people are those of the municipality.
"""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from drafting import saving
from strategies import workflow
from strategies.workflow import decisions, parts

DATA = Path(__file__).parents[1] / "data" / "strategies.toml"
YEARS = 4
UNWRITTEN = ("structures", "follow_up")  # what the half-written strategy still lacks
PLAIN = ("title", "text", "responsible", "partners", "resources", "metric", "unit")
CODES = ("points", "dimensions", "principles", "policy_areas")


def words(language):
    return tomllib.loads(DATA.read_text())[language]


def begin(participation, *, by, language):
    """Found the strategy of a municipality that takes part, for the next four years."""
    first = date(timezone.localdate().year + 1, 1, 1)
    strategy, _created = workflow.found(
        participation,
        by=by,
        title=words(language)["title"],
        language=language,
        starts_on=first,
        ends_on=date(first.year + YEARS - 1, 12, 31),
    )
    return strategy


def write(strategy, *, by, whole=True):
    """Write its chapters, objectives and measures, and link what was recommended to measures.

    whole: else two chapters and one responsible party are left open.
    """
    said = words(strategy.language)
    for chapter in strategy.chapters.select_related("heading"):
        text = said["chapters"].get(chapter.heading.code, "")
        if whole or chapter.heading.code not in UNWRITTEN:
            save(chapter, {"text": text.strip()}, by)
    measures = [row for values in said["objectives"] for row in add_objective(strategy, values, by)]
    for recommendation, measure in zip(strategy.recommendations.accepted(), measures, strict=False):
        parts.link(measure, recommendation, by=by)
    if not whole:
        save(measures[-1], {"responsible": ""}, by)


def add_objective(strategy, values, by):
    """Add an objective, and return its measures."""
    objective, _created = parts.add_objective(strategy, by=by, title=values["title"])
    save(objective, {name: values[name] for name in ("text", *CODES[1:])}, by)
    return [add_measure(objective, measure, by) for measure in values["measures"]]


def add_measure(objective, values, by):
    """Add a measure. Its years are counted from the beginning of the strategy."""
    begins, ends = values["years"]
    first = objective.strategy.starts_on.year
    measure, _created = parts.add_measure(objective, by=by, title=values["title"])
    days = {
        "starts_on": date(first + begins, 1, 1),
        "ends_on": date(first + ends - 1, 12, 31),
        "baseline_on": date(first - 1, 12, 31),
        "target_on": date(first + ends - 1, 12, 31),
    }
    numbers = {name: Decimal(values[name]) for name in ("baseline", "target")}
    return save(measure, {name: values[name] for name in (*PLAIN, *CODES)} | days | numbers, by)


def save(row, values, by):
    return saving.save(row, values, read=row.version, by=by).row


def lay_before_bodies(strategy, *, by):
    """List the bodies, and record what the committee has decided."""
    town = strategy.municipality
    names = words(strategy.language)["bodies"]
    steps = [
        decisions.plan(strategy, by=by, municipality=town, body=body, name=name)[0]
        for body, name in names.items()
    ]
    workflow.move(strategy, "decision", by=by)
    decide(steps[0], by, days=40, number=58)
    return steps


def decide(step, by, *, days, number):
    day = timezone.localdate() - timedelta(days=days)
    section = f"§ {number}"
    decisions.decide(
        step, by=by, decided_on=day, section_number=section, outcome="approved", note=""
    )


def adopt_and_publish(strategy, *, by):
    """From the draft through all bodies to the public page."""
    _committee, board, council = lay_before_bodies(strategy, by=by)
    decide(board, by, days=25, number=301)
    decide(council, by, days=10, number=84)
    workflow.move(strategy, "adopted", by=by)
    workflow.publish(strategy, by=by, shown=True)
