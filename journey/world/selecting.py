"""Selections in each state, the letters they led to, and what the municipalities answered."""

from datetime import timedelta

from django.utils import timezone

from applications.models import LetterText, Participation, Selection
from applications.workflow import letters, participations, places, selections
from applications.workflow.selections import Choice
from journey.world.book import PORTAL, canary, texts
from municipalities.languages import LANGUAGES

DAYS_TO_ANSWER = 14
# The state a selection ends in; whom it selects, and whom it puts on reserve, in order.
SELECTIONS = {
    "proposing": ("proposed", "A", "B"),
    "sending_back": ("rejected", "B", "C"),
    "first": ("confirmed", "AC", ""),
    "second": ("confirmed", "B", ""),
    "third": ("confirmed", "A", "BC"),
    "fourth": ("confirmed", "A", "BC"),
    "fifth": ("confirmed", "C", "AB"),
}
# What the coordinators answer; with it each town has an application in every state, and one that
# came up from the reserve.
ANSWERS = [
    ("A", "first", "confirmed"),
    ("C", "first", "confirmed"),
    ("B", "second", "confirmed"),
    ("C", "third", "declined"),
    ("A", "fourth", "declined"),
    ("B", "fifth", "declined"),
]
PAST = {"A": "completed", "B": "withdrawn", "C": "completed"}
JOINS_LATE = ("C", "two")


def fill(world):
    for name, (state, selected, reserve) in SELECTIONS.items():
        word_letters(world, name)
        select(world, name, state, selected, reserve)
    for letter, name, to in ANSWERS:
        answer(world, letter, name, to)
    for (letter, name), application in world.applications.items():
        for row in application.letters.all():
            world.note(row, f"letter.{name}", letter)
    take_part(world)


def word_letters(world, name):
    """The call's letters hold a canary in each text, and the reasons."""
    letters.lay_out(world.calls[name])
    for row in world.calls[name].letter_texts.all():
        what = f"letter_text.{name}"
        fields = texts(LetterText, PORTAL, what)
        for field, text in fields.items():
            setattr(row, field, f"{text} {{reasons}}" if field.startswith("body") else text)
        row.save()
        world.note(row, what)


def select(world, name, state, selected, reserve):
    what = f"selection.{name}"
    selection = selections.propose(
        world.calls[name],
        choices(world, name, selected, reserve),
        by=world.people["lead"],
        reasons={one: canary(PORTAL, what, f"reason_{one}") for one in LANGUAGES},
        answer_by=timezone.localdate() + timedelta(days=DAYS_TO_ANSWER),
    )
    other = world.people["second_lead"]
    if state == Selection.State.CONFIRMED:
        selection, _changed = selections.confirm(selection, by=other)
    if state == Selection.State.REJECTED:
        note = canary(PORTAL, what, "note")
        selection, _changed = selections.send_back(selection, by=other, note=note)
    world.note(selection, what)
    towns = {town.pk: letter for letter, town in world.towns.items()}
    for line in selection.lines.select_related("application"):
        world.note(line, f"line.{name}", towns[line.application.municipality_id])


def choices(world, name, selected, reserve):
    """What becomes of each town's application, with reasons that name the town."""
    found = {}
    for letter in world.towns:
        outcome = "selected" if letter in selected else "not_selected"
        position = reserve.index(letter) + 1 if letter in reserve else None
        reason = canary(letter, f"line.{name}", "reason")
        choice = Choice("reserve" if position else outcome, position, reason)
        found[world.applications[letter, name].pk] = choice
    return found


def answer(world, letter, name, to):
    by = world.people[f"{letter}.coordinator"]
    note = canary(letter, f"application.{name}", "note")
    places.answer(world.applications[letter, name], to, by=by, note=note)


def take_part(world):
    """Besides those who confirmed: a late joiner, and the parts in a project of the past."""
    letter, name = JOINS_LATE
    late = Participation(project=world.projects[name], municipality=world.towns[letter])
    late.joined_on = timezone.localdate()
    participations.add_late_joiner(late, by=world.people["lead"])
    for letter, state in PAST.items():
        row = Participation.objects.create(
            project=world.projects["past"], municipality=world.towns[letter]
        )
        reason = canary(letter, "participation.past", "note")
        participations.end(row, state, by=world.people["lead"], reason=reason)
    names = {project.pk: name for name, project in world.projects.items()}
    letters_of = {town.pk: letter for letter, town in world.towns.items()}
    for row in Participation.objects.filter(project__in=names).order_by("pk"):
        letter, name = letters_of[row.municipality_id], names[row.project_id]
        world.participations[letter, name] = world.note(row, f"participation.{name}", letter)
