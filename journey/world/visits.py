"""Recommendations and visits in every state, with notes, findings and the follow-up."""

from datetime import timedelta

from django.utils import timezone

from drafting import saving
from indexanalysis.models import Recommendation
from indexanalysis.workflow import recommendations
from journey.world.book import TOWNS, canary, texts
from visits import workflow
from visits.models import Finding, Note, PersonMet, ProgrammeItem, Visit
from visits.workflow import findings, notes

SECTION, QUESTION = "commitment", "COM-01"
# A recommendation for each state, and how it gets there from "issued".
ANSWERS = {
    "draft": None,
    "issued": None,
    "accepted": ("accepted", []),
    "not_taken_up": ("not_taken_up", []),
    "in_progress": ("accepted", ["in_progress"]),
    "done": ("accepted", ["in_progress", "done"]),
}
# The visit's moves up to each state; the days are past, so that each can be reached.
BY_COORDINATOR, BY_EXPERT = "coordinator", "expert"
MOVES = {
    "planned": [],
    "confirmed": [("confirmed", BY_COORDINATOR)],
    "held": [("confirmed", BY_COORDINATOR), ("held", BY_EXPERT)],
    "report": [("confirmed", BY_COORDINATOR), ("held", BY_EXPERT), ("report", BY_EXPERT)],
}
MOVES["final"] = [*MOVES["report"], ("final", BY_EXPERT)]


def fill(world):
    for letter in TOWNS:
        for state in ANSWERS:
            recommend(world, letter, state)
        for number, state in enumerate(MOVES):
            visit(world, letter, state, number)


def recommend(world, letter, state):
    """Have the expert write one, and the town answer it."""
    expert, coordinator = (world.people[f"{letter}.{name}"] for name in ("expert", "coordinator"))
    assessment, what = world.assessments[letter, "done"], f"recommendation.{state}"
    values = {"section": SECTION, "questions": [QUESTION], "priority": 1, "language": "fi"}
    row, _created = recommendations.start(assessment, values, by=expert)
    written = texts(Recommendation, letter, what, only=Recommendation.drafted)
    row = saving.save(row, written, read=0, by=expert).row
    if state != "draft":
        recommendations.issue(assessment, [row], by=expert)
    if ANSWERS[state]:
        to, carried_out = ANSWERS[state]
        reason = canary(letter, what, "response")
        recommendations.respond(row, to, reason, by=coordinator)
        for then in carried_out:
            recommendations.carry_out(row, then, by=world.people[f"{letter}.member"])
    world.note(row, what, letter)
    if state != "draft":
        follow(world, letter, Recommendation.objects.get(pk=row.pk), state)


def follow(world, letter, row, state):
    """Both look at it, and name a day."""
    today = timezone.localdate()
    for name in ("expert", "member"):
        what = f"observation.{state}_{name}"
        values = {"day": today, "text": canary(letter, what, "text")}
        values |= {"next_on": today + timedelta(days=30)}
        by = world.people[f"{letter}.{name}"]
        seen, _created = findings.observe(row, values, by=by, key=what)
        world.note(seen, what, letter)


def visit(world, letter, state, number):
    """Plan one, bring it to `state`, and write on the way all that is written in a visit."""
    what = f"visit.{state}"
    expert, lead = world.people[f"{letter}.expert"], world.people["lead"]
    participation = world.assessments[letter, "done"].participation
    day = timezone.localdate() - timedelta(days=60 - number)
    planned = Visit(
        participation=participation,
        kind="site",
        link="https://meet.example.org/",
        starts_on=day,
        ends_on=day,
        **texts(Visit, letter, what, only={"place", "aim"}),
    )
    row, _created = workflow.plan(planned, [expert], by=lead)
    arrange(world, letter, row, state)
    take_notes(world, letter, row, state)
    for to, name in MOVES[state]:
        row, _changed = workflow.move(row, to, by=world.people[f"{letter}.{name}"])
        if to == "report":
            summary = texts(Visit, letter, what, only={"summary"})
            row = saving.save(row, summary, read=0, by=expert).row
    world.note(row, what, letter)


def arrange(world, letter, row, state):
    """An item of the programme, and somebody who is met."""
    what = f"programme_item.{state}"
    words = texts(ProgrammeItem, letter, what, only={"title", "place"})
    item = row.items.create(
        day=row.starts_on, starts="09:00", ends="10:00", section=SECTION, **words
    )
    world.note(item, what, letter)
    what = f"person_met.{state}"
    world.note(row.people_met.create(**texts(PersonMet, letter, what)), what, letter)


def take_notes(world, letter, row, state):
    """A note of each kind by the expert, one by an expert whose time is over, and findings."""
    expert = world.people[f"{letter}.expert"]
    for kind in Note.State.values:
        what = f"note.{kind}_{state}"
        note, _created = notes.start(row, {"section": SECTION, "language": "fi"}, by=expert)
        written = texts(Note, letter, what, only={"text"})
        note = saving.save(note, written, read=0, by=expert).row
        if kind == Note.State.SHARED:
            notes.move(note, kind, by=expert)
        world.note(note, what, letter)
    what = f"note.confidential_past_{state}"
    past = world.people[f"{letter}.past_expert"]
    note = row.notes.create(by=past, section=SECTION, text=canary(letter, what, "text"))
    world.note(note, what, letter)
    for kind in Finding.State.values:
        find(world, letter, row, f"finding.{kind}_{state}", kind)


def find(world, letter, row, what, kind):
    expert = world.people[f"{letter}.expert"]
    values = {"kind": "gap", "section": SECTION, "questions": [QUESTION], "language": "fi"}
    finding, _created = findings.start(row, values, by=expert)
    written = texts(Finding, letter, what, only=Finding.drafted)
    finding = saving.save(finding, written, read=0, by=expert).row
    if kind == Finding.State.SHARED:
        findings.share(finding, by=expert)
    world.note(finding, what, letter)
