"""What a strategy says, as plain values: what its pages and its file show, and what is frozen.

Only texts, whole numbers, lists and dictionaries, so that it is the same after a way through JSON.
Texts that people wrote stand as they are, in the strategy's language; words of the portal's own
lists stand in all three, for a frozen version must not change with the lists.
"""

from collections import Counter

from indexanalysis.models import Recommendation
from indexanalysis.tables import LANGUAGES
from strategies.models import Measure, Objective, Statute

FORMAT = 1


def content_of(strategy):
    """Return what `strategy` says now."""
    measures = numbered(strategy)
    towns = strategy.towns.select_related("municipality")
    return {
        "format": FORMAT,
        "title": strategy.title,
        "language": strategy.language,
        "starts_on": strategy.starts_on.isoformat(),
        "ends_on": strategy.ends_on.isoformat(),
        "municipalities": [names(part.municipality) for part in towns],
        "chapters": chapters(strategy),
        "objectives": objectives(strategy, measures),
        "recommendations": recommendations(strategy, measures),
        "decisions": decisions(strategy),
        "statutes": statutes(measures),
    }


def numbered(strategy):
    """(number, measure) of the strategy's measures: "2.1" is the first one of objective 2."""
    objectives = Objective.objects.kept().filter(strategy=strategy).values_list("pk", flat=True)
    places = {key: place for place, key in enumerate(objectives, 1)}
    rows = Measure.objects.of(strategy).with_answered()
    counts = Counter()
    found = []
    for row in rows:
        counts[row.objective_id] += 1
        found.append((f"{places[row.objective_id]}.{counts[row.objective_id]}", row))
    return found


def names(row, field="name"):
    """The texts of a row in every language."""
    return {language: getattr(row, f"{field}_{language}") for language in LANGUAGES}


def chapters(strategy):
    """Each chapter that has a text, or holds something else that is printed."""
    rows = strategy.chapters.select_related("heading")
    return [
        {"title": row.title, "text": row.text, "holds": row.holds}
        for row in rows
        if row.text.strip() or row.holds != "text"
    ]


def objectives(strategy, measures):
    return [
        {
            "number": str(number),
            "title": row.title,
            "text": row.text,
            **row.tags,
            "measures": [said(n, m) for n, m in measures if m.objective_id == row.pk],
        }
        for number, row in enumerate(strategy.objectives.kept(), 1)
    ]


def said(number, measure):
    """One measure; a date as "2027-01-31", a number as it is written, each None where it lacks."""
    written = {name: plain(getattr(measure, name)) for name in Measure.drafted}
    answers = [recommended(link.recommendation) for link in measure.answered.all()]
    return written | {"number": number, "recommendations": answers}


def plain(value):
    return value if value is None or isinstance(value, str | list) else str(value)


def recommended(row):
    """A recommendation's number, title and whose it is; the title says which language it is in."""
    return {
        "number": row.number,
        "titles": {code: getattr(row, f"title_{code}") for code in LANGUAGES if row.is_in(code)},
        "language": row.language,
        "municipality": names(row.municipality),
        "state": row.state,
    }


def recommendations(strategy, measures):
    """Each recommendation that its municipality has answered, and the measures for it."""
    answers = {}
    for number, measure in measures:
        for link in measure.answered.all():
            answers.setdefault(link.recommendation_id, []).append(number)
    return [
        recommended(row) | {"measures": answers.get(row.pk, []), "response": row.response}
        for row in strategy.recommendations.exclude(state=Recommendation.State.ISSUED)
    ]


def decisions(strategy):
    """What the bodies have decided; a step that is only planned is not said."""
    rows = strategy.steps.exclude(outcome="").select_related("municipality")
    return [
        {
            "municipality": names(row.municipality),
            "body": row.body,
            "name": row.name,
            "decided_on": row.decided_on.isoformat(),
            "section_number": row.section_number,
            "outcome": row.outcome,
            "note": row.note,
        }
        for row in rows
    ]


def statutes_of(strategy):
    """The lists of the law, with their points; none where they do not apply."""
    return Statute.objects.with_points() if strategy.has_statutes else Statute.objects.none()


def statutes(measures):
    """The lists of which measures cover a point, with the points that are covered."""
    used = {code for _number, measure in measures for code in measure.points}
    rows = Statute.objects.with_points()
    found = [(row, [p for p in row.points.all() if p.code in used]) for row in rows]
    return [listed(row, points, measures) for row, points in found if points]


def listed(statute, points, measures):
    return {
        "code": statute.code,
        "section": statute.section,
        "valid_from": plain(statute.valid_from),
        "valid_until": plain(statute.valid_until),
        "certainty": statute.certainty,
        **{name: names(statute, name) for name in ("title", "law", "source", "note")},
        "points": [
            {
                "code": point.code,
                "text": names(point, "text"),
                "note": names(point, "note"),
                "certainty": point.certainty,
                "measures": [number for number, m in measures if point.code in m.points],
            }
            for point in points
        ],
    }
