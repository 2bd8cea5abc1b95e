"""In each town a strategy in every state, with all that belongs to it, and a joint one."""

from datetime import timedelta

from django.utils import timezone

from drafting import saving
from drafting.workflow import Place, mark, move_comment, say
from indexanalysis.models import Recommendation
from journey.world.book import TOWNS, canary, texts
from journey.world.documents import bring
from strategies import workflow
from strategies.loading import load_skeleton, load_statutes
from strategies.models import (
    Answered,
    Chapter,
    DecisionStep,
    Heading,
    Measure,
    Objective,
    Statute,
    StatutoryPoint,
    Strategy,
    StrategyInvitation,
)
from strategies.workflow import decisions, parts, towns

# The town and project of the participation that its strategies belong to.
DRAFTING = {"A": "one", "B": "two", "C": "one"}
# One after the other: the second to be adopted supersedes the first.
STATES = ["superseded", "adopted", "drafting"]
COMMENTS = ["shown", "done", "withdrawn", "hidden"]
FILES = {"en": "ready", "fi": "ready", "sv": "failed"}


def fill(world):
    load_statutes(Statute, StatutoryPoint)  # there already, unless the tables were emptied
    load_skeleton(Heading)
    for letter, project in DRAFTING.items():
        linked, declined = recommend(world, letter)
        for name in STATES:
            participation = world.participations[letter, project]
            strategy = begin(world, letter, name, participation)
            furnish(world, letter, name, strategy, linked, declined)
            if name != "drafting":
                adopt(world, letter, name, strategy)
            note(world, letter, name, strategy)
        show(world, letter)
        wait_for_bodies(world, letter)
    write_together(world)


def begin(world, letter, name, participation):
    today = timezone.localdate()
    strategy, _created = workflow.found(
        participation,
        by=world.people[f"{letter}.coordinator"],
        language="fi",
        starts_on=today,
        ends_on=today + timedelta(days=1400),
        **texts(Strategy, letter, f"strategy.{name}"),
    )
    return strategy


def recommend(world, letter):
    """Two recommendations of the handed-in assessment: an accepted one, and one not taken up."""
    return [
        store_recommendation(world, letter, what, state)
        for what, state in [("linked", "accepted"), ("declined", "not_taken_up")]
    ]


def store_recommendation(world, letter, what, state):
    assessment = world.assessments[letter, "done"]
    words = texts(Recommendation, letter, f"recommendation.{what}") | {"section": "commitment"}
    return Recommendation.objects.create(
        assessment=assessment,
        number=assessment.recommendations.count() + 1,
        questions=["COM-01"],
        state=state,
        started_by=world.people[f"{letter}.expert"],
        issued_at=timezone.now(),
        responded_at=timezone.now(),
        responded_by=world.people[f"{letter}.coordinator"],
        **words,
    )


def furnish(world, letter, name, strategy, linked, declined):
    """A chapter, an objective and a measure, each written; and a removed one of the latter two."""
    by = world.people[f"{letter}.member"]
    chapter = strategy.chapters.first()
    write(world, letter, name, chapter, by)
    talk(world, letter, name, chapter)
    objective, _created = parts.add_objective(strategy, by=by, title="1")
    measure, _created = parts.add_measure(objective, by=by, title="1")
    write(world, letter, name, objective, by)
    write(world, letter, name, measure, by)
    parts.link(measure, linked, by=by)
    reason = canary(letter, f"answered.{name}", "reason")
    parts.link(measure, declined, by=by, reason=reason)
    removed, _created = parts.add_measure(objective, by=by, title="2")
    parts.remove(removed, by=by)
    gone, _created = parts.add_objective(strategy, by=by, title="2")
    parts.remove(gone, by=by)
    world.note(Answered.objects.get(measure=measure, recommendation=declined), "answered", letter)


def write(world, letter, name, row, by):
    noun = row._meta.model_name
    values = texts(type(row), letter, f"{noun}.{name}")
    row = saving.save(row, values, read=row.version, by=by).row
    world.note(row, f"{noun}.{name}", letter)


def talk(world, letter, name, chapter):
    """A comment by the member for each state."""
    by, coordinator = world.people[f"{letter}.member"], world.people[f"{letter}.coordinator"]
    title = chapter._meta.get_field("text").verbose_name
    place = Place(world.towns[letter], "strategies:chapter_text", chapter.pk, "text", title, "text")
    for state in COMMENTS if name == "drafting" else []:
        what = f"comment.chapter_{state}"
        words = canary(letter, what, "text")
        comment, _created = say(chapter, words, by=by, place=place, people=[], key=what)
        if state == "done":
            mark(comment, done=True, by=by)
        if state in {"withdrawn", "hidden"}:
            move_comment(comment, state, by=by if state == "withdrawn" else coordinator)
        world.note(comment, what, letter)


def adopt(world, letter, name, strategy):
    """Through a committee, which returns it once, and the council, which amends it."""
    by = world.people[f"{letter}.coordinator"]
    for body, outcome in [("committee", "returned"), ("municipal_council", "amended")]:
        workflow.move(strategy, "decision", by=by)
        decide(world, letter, name, strategy, body, outcome)
    strategy, _changed = workflow.move(strategy, "adopted", by=by)
    version = strategy.versions.get()
    world.note(version, f"strategy_version.{name}", letter)
    for file in version.files.select_related("document"):
        state = FILES[file.language] if name == "adopted" else "queued"
        bring(world, file.document, state, letter, f"strategy_file.{name}_{file.language}")
        world.note(file, f"strategy_file_row.{name}_{file.language}", letter)


def decide(world, letter, name, strategy, body, outcome):
    by = world.people[f"{letter}.coordinator"]
    words = texts(DecisionStep, letter, f"decisionstep.{name}")
    step, _created = decisions.plan(
        strategy, by=by, municipality=world.towns[letter], body=body, name=words.pop("name")
    )
    day = timezone.localdate() - timedelta(days=1)
    step = decisions.decide(step, by=by, decided_on=day, outcome=outcome, **words)
    world.note(step, f"decisionstep.{name}", letter)


def note(world, letter, name, strategy):
    row = Strategy.objects.get(pk=strategy.pk)
    world.strategies[letter, name] = world.note(row, f"strategy.{name}", letter)


def show(world, letter):
    """The adopted strategy is public; the one that it superseded is not."""
    by = world.people[f"{letter}.coordinator"]
    workflow.publish(world.strategies[letter, "adopted"], by=by, shown=True)


def wait_for_bodies(world, letter):
    """A strategy of a project that is over, for which no workflow begins one any more."""
    today = timezone.localdate()
    strategy = Strategy.objects.create(
        participation=world.participations[letter, "past"],
        language="sv",
        starts_on=today,
        ends_on=today + timedelta(days=900),
        state=Strategy.State.DECISION,
        **texts(Strategy, letter, "strategy.decision"),
    )
    strategy.towns.create(municipality=world.towns[letter], is_lead=True)
    for number, model in enumerate([Chapter, Objective], 1):
        noun = f"{model._meta.model_name}.decision"
        row = model.objects.create(strategy=strategy, number=number, **texts(model, letter, noun))
        world.note(row, noun, letter)
    words = texts(Measure, letter, "measure.decision")
    world.note(Measure.objects.create(objective=row, number=1, **words), "measure.decision", letter)
    note(world, letter, "decision", strategy)


def write_together(world):
    """A asks C in, which has declined once; C begins another one, into which B comes."""
    coordinators = {letter: world.people[f"{letter}.coordinator"] for letter in TOWNS}
    own = world.strategies["A", "drafting"]
    for answer in ["declined", None]:
        invitation, _created = towns.invite(own, world.towns["C"], by=coordinators["A"])
        if answer:
            towns.answer(invitation, answer, by=coordinators["C"])
        world.note(StrategyInvitation.objects.get(pk=invitation.pk), "invitation_in.A", "A")
    today = timezone.localdate()
    joint, _created = workflow.found(
        world.participations["C", "two"],
        by=coordinators["C"],
        language="sv",
        starts_on=today,
        ends_on=today + timedelta(days=1000),
        **texts(Strategy, "C", "joint"),
    )
    invitation, _created = towns.invite(joint, world.towns["B"], by=coordinators["C"])
    towns.answer(invitation, "accepted", by=coordinators["B"])
    world.note(StrategyInvitation.objects.get(pk=invitation.pk), "invitation_in.joint", "C")
    saving.save(joint.chapters.first(), texts(Chapter, "C", "joint"), read=0, by=coordinators["B"])
    world.note(joint, "joint", "C")
