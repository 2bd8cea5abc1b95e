"""Recommendations, an expert visit and their follow-up for the demo, in the town's language.

The functions are called in this order: `recommend`, `visit`, `follow_up`.
"""

import tomllib
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from drafting import saving
from indexanalysis.models import Recommendation
from indexanalysis.workflow import recommendations
from visits import workflow
from visits.models import Visit
from visits.workflow import findings, notes

DATA = tomllib.loads((Path(__file__).parents[1] / "data" / "visits.toml").read_text())
LANGUAGES = ("en", "fi", "sv")
DAYS_AGO = 30  # the first day of the visit
# What leads to each state of a visit, and who moves it.
MOVES = [
    ("confirmed", "coordinator"),
    ("held", "expert"),
    ("report", "expert"),
    ("final", "expert"),
]


@dataclass(frozen=True)
class People:
    """Who acts: the lead for the project, the expert as assigned to the town, the others for it."""

    lead: User
    expert: User
    coordinator: User
    member: User


def recommend(assessment, people, language):
    """Issue recommendations on a submitted assessment and answer them; returns all of them.

    language: "fi" or "sv", in which the municipality answers and the experts write.
    """
    rows = [draft(assessment, given, people, language) for given in DATA["recommendations"]]
    recommendations.issue(assessment, rows, by=people.expert)
    for row, given in zip(rows, DATA["recommendations"], strict=True):
        if "answer" in given:
            response = given["response"][language]
            recommendations.respond(row, given["answer"], response, by=people.coordinator)
        for to in given.get("carried_out", []):
            recommendations.carry_out(row, to, by=people.member)
    return list(Recommendation.objects.filter(assessment=assessment).issued().order_by("number"))


def draft(assessment, given, people, language):
    """Begin from the edition's suggestion, and add titles and reasons in three languages."""
    question = assessment.edition.question(given["question"])
    values = recommendations.suggested(question, question.suggestions[0], language=language)
    values |= {"priority": given["priority"]}
    row, _created = recommendations.start(assessment, values, by=people.expert)
    words = {
        f"{what}_{code}": given[what][code] for what in ("title", "reason") for code in LANGUAGES
    }
    return saving.save(row, words, read=row.version, by=people.expert).row


def visit(participation, people, language, *, upto="final"):
    """Plan a visit of two days and bring it to the state `upto`; returns it.

    Its days are over, but where it is only planned or confirmed: then they are to come.
    """
    given = DATA["visit"][language]
    is_coming = upto in {"planned", "confirmed"}
    day = timezone.localdate() + timedelta(days=DAYS_AGO if is_coming else -DAYS_AGO)
    planned = Visit(
        participation=participation,
        place=given["place"],
        aim=given["aim"],
        starts_on=day,
        ends_on=day + timedelta(days=1),
    )
    row, _created = workflow.plan(planned, [people.expert], by=people.lead)
    arrange(row, language)
    if not is_coming:
        write(row, people, language)
    for to, mover in MOVES:
        if row.state == upto:
            break
        row, _changed = workflow.move(row, to, by=getattr(people, mover))
        if to == "report":
            words = {"language": language, "summary": given["summary"].strip()}
            row = saving.save(row, words, read=row.version, by=people.expert).row
    return row


def arrange(row, language):
    """The programme, and who is met."""
    for given in DATA["programme"]:
        row.items.create(
            day=row.starts_on + timedelta(days=given["day"]),
            starts=time.fromisoformat(given["starts"]),
            ends=time.fromisoformat(given["ends"]),
            section=given["section"],
            title=given["title"][language],
            place=given["place"][language],
        )
    for given in DATA["people_met"]:
        row.people_met.create(
            name=given["name"],
            post=given["post"][language],
            organisation=given["organisation"][language],
        )


def write(row, people, language):
    """A confidential note, a shared one, and shared findings."""
    by = people.expert
    for what in ("note", "shared_note"):
        values = {"item": row.items.first(), "language": language}
        note, _created = notes.start(row, values, by=by)
        words = {"text": DATA["visit"][language][what]}
        note = saving.save(note, words, read=note.version, by=by).row
        if what == "shared_note":
            notes.move(note, "shared", by=by)
    for given in DATA["findings"]:
        values = {key: given[key] for key in ("kind", "section", "questions")}
        finding, _created = findings.start(row, values | {"language": language}, by=by)
        words = {what: given[what][language] for what in ("title", "text")}
        finding = saving.save(finding, words, read=finding.version, by=by).row
        findings.share(finding, by=by)


def follow_up(rows, people, language):
    """Both sides look at the recommendations `rows`, as `recommend` gave them."""
    today = timezone.localdate()
    for number, given in enumerate(DATA["observations"]):
        next_in = given.get("next_in")
        values = {
            "day": today - timedelta(days=given["days_ago"]),
            "text": given["text"][language],
            "next_on": today + timedelta(days=next_in) if next_in else None,
        }
        by = people.expert if given["side"] == "expert" else people.member
        row = rows[given["recommendation"]]
        findings.observe(row, values, by=by, key=f"demo-{row.pk}-{number}")
