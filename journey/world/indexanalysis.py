"""Rounds in every phase; in each town an open and a submitted assessment, answered every way."""

from datetime import timedelta

from django.utils import timezone

from drafting import saving
from indexanalysis import workflow
from indexanalysis.models import Assessment, Round
from indexanalysis.scoring import LEFT_OUT, SIDES
from journey.world.book import canary

EDITION = "2026"
# Days from today: opens, answers due.
ROUNDS = {"open": (-30, 60), "done": (-300, -200), "coming": (60, 120)}
# The town and project of an assessment, for every participation that a call has brought.
ANSWERING = {"A": "one", "B": "two", "C": "one"}
UNANSWERED = 20  # questions at the end of the open assessment
EVERY_NINTH = 9  # of the questions is left out, with each reason in turn


def fill(world):
    rounds = {
        (project, name): store_round(world, project, name, days)
        for project in ("one", "two")
        for name, days in ROUNDS.items()
    }
    for letter, project in ANSWERING.items():
        participation = world.participations[letter, project]
        for name in ("open", "done"):
            answer(world, letter, participation, rounds[project, name], name)


def store_round(world, project, name, days):
    today = timezone.localdate()
    row = Round(
        project=world.projects[project],
        edition_code=EDITION,
        opens_on=today + timedelta(days=days[0]),
        due_on=today + timedelta(days=days[1]),
    )
    row.edition_checksum = row.edition.checksum
    row.save()
    return world.note(row, f"round.{project}.{name}")


def answer(world, letter, participation, round_, name):
    """Open an assessment, answer it in turns with a colleague, and hand it in if it is done."""
    coordinator = world.people[f"{letter}.coordinator"]
    writers = [world.people[f"{letter}.member"], coordinator]
    assessment, _created = workflow.start(participation, round_, by=coordinator)
    questions = round_.edition.questions
    upto = len(questions) - (UNANSWERED if name == "open" else 0)
    rows = {row.question: row for row in assessment.answers.all()}
    for number, question in enumerate(questions[:upto]):
        values = given(question, number, letter, world.towns[letter].is_bilingual)
        by = writers[number % 2]
        row = saving.save(rows[question.code], values, read=0, by=by).row
        world.note(row, f"answer.{name}.{question.code}", letter)
    if name == "done":
        assessment, _changed = workflow.submit(assessment, by=coordinator)
    row = Assessment.objects.get(pk=assessment.pk)
    world.assessments[letter, name] = world.note(row, f"assessment.{name}", letter)


def given(question, number, letter, bilingual):
    """The fields of an answer: left out now and then, on both sides where it is asked so."""
    what = f"answer.{question.code}"
    example = canary(letter, what, "example")
    if number % EVERY_NINTH == 0:
        why = LEFT_OUT[number // EVERY_NINTH % len(LEFT_OUT)]
        return {"value": why, "example": example, "reason": canary(letter, what, "reason")}
    value = value_of(question, number, letter)
    if question.language_sides and bilingual:
        value = dict.fromkeys(SIDES, value)
    return {"value": value, "example": example}


def value_of(question, number, letter):
    if question.kind == "text":
        return canary(letter, f"answer.{question.code}", "value")
    if question.kind == "number":
        return number
    codes = [option.code for option in question.options if not option.none]
    if question.kind == "ticks":
        return codes[: 1 + number % len(codes)]
    return codes[number % len(codes)]
