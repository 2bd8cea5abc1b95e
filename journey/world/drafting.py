"""What was said and suggested, in every state: about an open answer, and a draft's text."""

from accounts.models import User
from drafting import workflow
from drafting.workflow import Place
from indexanalysis.permissions import can_write
from journey.world.book import TOWNS, canary
from notifications.models import Kind, Preference, Rhythm

QUESTION, TEXT = "COM-01", "motivation"
# Who is named in a comment, and how often they want such mails.
RHYTHMS = {"coordinator": Rhythm.NOW, "reader": Rhythm.DAILY, "expert": Rhythm.OFF}
COMMENTS = ["shown", "done", "withdrawn", "hidden"]
SUGGESTIONS = ["open", "taken", "partly", "declined", "withdrawn"]


def fill(world):
    for letter in TOWNS:
        for name, rhythm in RHYTHMS.items():
            user = world.people[f"{letter}.{name}"]
            Preference.objects.create(user=user, kind=Kind.COMMENT, rhythm=rhythm)
        talk(world, letter, *about_answer(world, letter), "answer", list(RHYTHMS))
        talk(world, letter, *about_text(world, letter), "text", ["coordinator", "reader"])
        for state in SUGGESTIONS:
            suggest(world, letter, state)


def about_answer(world, letter):
    assessment = world.assessments[letter, "open"]
    place = Place(world.towns[letter], "indexanalysis:about", assessment.pk, QUESTION, QUESTION)
    return assessment.answers.get(question=QUESTION), place


def about_text(world, letter):
    row = world.applications[letter, "writing"]
    title = row._meta.get_field(TEXT).verbose_name
    return row, Place(world.towns[letter], "applications:text", row.pk, TEXT, title, TEXT)


def talk(world, letter, row, place, where, named):
    """A comment by the member for each state; the first one names people."""
    by = world.people[f"{letter}.member"]
    people = [world.people[f"{letter}.{name}"] for name in named]
    for state in COMMENTS:
        what = f"comment.{where}_{state}"
        chosen = people if state == "shown" else []
        comment, _created = workflow.say(
            row,
            canary(letter, what, "text"),
            by=by,
            place=place,
            people=User.objects.filter(pk__in=[person.pk for person in people]),
            chosen=chosen,
            key=what,
        )
        if state == "done":
            workflow.mark(comment, done=True, by=by)
        if state == "withdrawn":
            workflow.move_comment(comment, state, by=by)
        if state == "hidden":
            workflow.move_comment(comment, state, by=world.people[f"{letter}.coordinator"])
        world.note(comment, what, letter)


def suggest(world, letter, state):
    """The reader suggests another answer; the member decides, or the reader takes it back."""
    answer, place = about_answer(world, letter)
    member, reader = world.people[f"{letter}.member"], world.people[f"{letter}.reader"]
    what = f"suggestion.{state}"
    proposal, _created = workflow.propose(
        answer,
        {"example": canary(letter, what, "example"), "reason": canary(letter, what, "reason")},
        kind="reader",
        by=reader,
        place=place,
        note=canary(letter, what, "note"),
        key=what,
    )
    decided = {
        "by": member,
        "place": place,
        "may_write": lambda user, _row: can_write(user, world.assessments[letter, "open"]),
    }
    if state in TAKEN:
        workflow.take_in(proposal, TAKEN[state], read=answer.version, **decided)
    if state == "declined":
        workflow.decline(proposal, answer=canary(letter, what, "answer"), **decided)
    if state == "withdrawn":
        workflow.take_back(proposal, by=reader)
    world.note(proposal, what, letter)


TAKEN = {"taken": ["example", "reason"], "partly": ["example"]}
