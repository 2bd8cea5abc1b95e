"""How applications are judged: criteria, reviews in each state, declarations, a return."""

from datetime import timedelta

from django.utils import timezone

from applications.models import Criterion, Review
from applications.workflow import assignments, completions, declarations, reviews
from applications.workflow.reviews import Judgement
from journey.world.book import PORTAL, canary, texts

# Who hands a review in, with how many points; another one's is left as a draft.
REVIEWERS = {"reviewer": 4, "lead": 3}
DRAFTING = "second_reviewer"
FIELDS = ["motivation", "attachments"]


def store_criterion(world, call, name):
    row = Criterion.objects.create(call=call, **texts(Criterion, PORTAL, f"criterion.{name}"))
    return world.note(row, f"criterion.{name}")


def review(world, application, letter, name):
    """Two reviews that are handed in, and one that its reviewer is still writing."""
    people = [world.people[person] for person in (*REVIEWERS, DRAFTING)]
    give_out(world, application, people)
    for person in people:
        declarations.declare(application, by=person, has_conflict=False)
    for person, points in REVIEWERS.items():
        values = said(application, letter, f"{name}.{person}", points)
        row, _changed = reviews.hand_in(application, by=world.people[person], **values)
        note(world, row, f"{name}.{person}", letter)
    values = said(application, letter, f"{name}.{DRAFTING}", 2)
    row = reviews.save(application, by=world.people[DRAFTING], **values)
    note(world, row, f"{name}.{DRAFTING}", letter)


def give_out(world, application, people):
    """Have `people` review the application, and the call's other ones stay with whom they are."""
    live = Review.objects.live().filter(application__call=application.call)
    wanted = set(live.values_list("application", "reviewer"))
    wanted |= {(application.pk, person.pk) for person in people}
    due_on = timezone.localdate() + timedelta(days=14)
    assignments.assign(application.call, wanted, by=world.people["lead"], due_on=due_on)


def said(application, letter, which, points):
    """What the workflow takes: the same points for each criterion. which: "reviewing.lead"."""
    judgements = {
        criterion.pk: Judgement(points, comment=canary(letter, f"mark.{which}", "comment"))
        for criterion in application.call.criteria.all()
    }
    return {
        "judgements": judgements,
        "comment": canary(letter, f"review.{which}", "comment"),
        "read": 0,
    }


def note(world, row, which, letter):
    world.note(row, f"review.{which}", letter)
    for mark in row.marks.all():
        world.note(mark, f"mark.{which}", letter)


def send_back(world, application, letter):
    """Return it for completion; one person has a conflict with it, another's was a mistake."""
    what = "completion.returning"
    due_at = timezone.now() + timedelta(days=10)
    reason = canary(letter, what, "reason")
    by = world.people["reviewer"]
    row, _changed = completions.ask(application, by=by, fields=FIELDS, reason=reason, due_at=due_at)
    world.note(row.open_completion, what, letter)
    declare_conflict(world, row, letter, DRAFTING)
    mistaken = declare_conflict(world, row, letter, "second_lead")
    because = canary(letter, "declaration.second_lead", "lifted_because")
    declarations.lift(mistaken, by=world.people["lead"], reason=because)
    return row


def declare_conflict(world, application, letter, name):
    what = f"declaration.{name}"
    reason = canary(letter, what, "reason")
    person = world.people[name]
    row, _changed = declarations.declare(application, by=person, has_conflict=True, reason=reason)
    return world.note(row, what, letter)
