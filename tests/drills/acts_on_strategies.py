"""The forms about strategies: founded, written, joined, decided on, adopted, published."""

from datetime import timedelta

from django.utils import timezone

from documents.models import Document
from strategies import workflow
from strategies.models import Chapter, DecisionStep, Measure, Strategy
from tests.drills import desks, world
from tests.drills.acts import Act, audit, audit_in, day, mails_to
from tests.factories import ParticipationFactory
from tests.strategies.factories import (
    ChapterFactory,
    MeasureFactory,
    ObjectiveFactory,
    RecommendationFactory,
    StepFactory,
    StrategyFactory,
    StrategyInvitationFactory,
)

PERIOD = {"starts_on": "1.1.2027", "ends_on": "31.12.2030"}


def strategy_of(**others):
    """A municipality's coordinator, and its strategy."""
    town = world.town()
    participation = ParticipationFactory(municipality=town)
    return world.person(town), StrategyFactory(participation=participation, **others)


def objective_of(**others):
    coordinator, strategy = strategy_of()
    return coordinator, ObjectiveFactory(strategy=strategy, **others)


def measure_of(**others):
    coordinator, objective = objective_of()
    return coordinator, MeasureFactory(objective=objective, **others)


def recommended():
    """A coordinator, an objective, and a recommendation that the municipality has accepted."""
    town = world.town()
    assessment = world.assessment(town)
    strategy = StrategyFactory(participation=assessment.participation)
    objective = ObjectiveFactory(strategy=strategy)
    return world.person(town), objective, RecommendationFactory(assessment=assessment)


def found():
    town = world.town()
    participation = ParticipationFactory(municipality=town)
    rows = Strategy.objects.filter(participation=participation)
    first = Chapter.objects.filter(strategy__in=rows, number=1)
    form = {"title": "A strategy", "language": "fi"} | PERIOD
    effects = [rows, first, audit_in(town, "strategy.founded")]
    path = f"/participations/{participation.pk}/strategy/"
    return Act([world.person(town)], path, form, effects)


def change():
    coordinator, strategy = strategy_of()
    stored = Strategy.objects.filter(pk=strategy.pk, title="Changed")
    effects = [stored, audit("strategy.changed", strategy)]
    path = f"/strategies/{strategy.pk}/change/"
    return Act([coordinator], path, {"title": "Changed"} | PERIOD, effects)


def moved(strategy, coordinator, to, *effects):
    effects = [audit(f"strategy.{to}", strategy), mails_to(coordinator.email), *effects]
    return Act([coordinator], f"/strategies/{strategy.pk}/move/{to}/", {}, effects)


def send_to_bodies():
    coordinator, strategy = strategy_of()
    return moved(strategy, coordinator, "decision")


def take_back():
    coordinator, strategy = strategy_of(state="decision")
    return moved(strategy, coordinator, "drafting")


def approved():
    """A coordinator, and a strategy with all that adopting it needs."""
    coordinator, strategy = strategy_of(state="decision")
    ChapterFactory(strategy=strategy)
    MeasureFactory(objective__strategy=strategy)
    StepFactory(strategy=strategy)
    return coordinator, strategy


def adopt():
    coordinator, strategy = approved()
    ordered = Document.objects.filter(asked_by=coordinator, strategy_file__language="fi")
    return moved(strategy, coordinator, "adopted", strategy.versions.all(), ordered)


def make_file_again():
    coordinator, strategy = approved()
    workflow.move(strategy, "adopted", by=coordinator)
    files = {"strategy_file__version__strategy": strategy, "strategy_file__language": "sv"}
    document = Document.objects.filter(**files)
    document.update(state=Document.State.FAILED)
    waiting = document.exclude(state=Document.State.FAILED)
    effects = [waiting, audit("strategy.file_asked_again", strategy)]
    return Act([coordinator], f"/strategies/{strategy.pk}/files/sv/again/", {}, effects)


def publish():
    coordinator, strategy = strategy_of(state="adopted", adopted_at=timezone.now())
    effects = [audit("strategy.published", strategy)]
    return Act([coordinator], f"/strategies/{strategy.pk}/publish/published/", {}, effects)


def show_no_more():
    now = timezone.now()
    coordinator, strategy = strategy_of(state="adopted", adopted_at=now, published_at=now)
    effects = [audit("strategy.withdrawn", strategy)]
    return Act([coordinator], f"/strategies/{strategy.pk}/publish/withdrawn/", {}, effects)


def invite_town():
    coordinator, strategy = strategy_of()
    town = world.town()
    ParticipationFactory(project=strategy.participation.project, municipality=town)
    asked = world.person(town)
    invitations = strategy.invitations.all()
    effects = [invitations, audit_in(town, "strategyinvitation.sent"), mails_to(asked.email)]
    path = f"/strategies/{strategy.pk}/municipalities/"
    return Act([coordinator], path, {"municipality": town.pk}, effects)


def answered(to):
    """The act of answering an invitation so, of which the inviting side hears, and the row."""
    coordinator, strategy = strategy_of()
    town = world.town()
    row = StrategyInvitationFactory(strategy=strategy, municipality=town, by=coordinator)
    effects = [audit(f"strategyinvitation.{to}", row), mails_to(coordinator.email)]
    return Act([world.person(town)], f"/strategies/invitations/{row.pk}/{to}/", {}, effects), row


def join():
    act, row = answered("accepted")
    act.effects.append(row.strategy.towns.filter(municipality=row.municipality))
    return act


def stay_out():
    return answered("declined")[0]


def plan_step():
    coordinator, strategy = strategy_of()
    form = {"municipality": strategy.municipality_id, "body": "committee", "name": "Committee"}
    steps = strategy.steps.all()
    effects = [steps, audit_in(strategy.municipality, "decisionstep.planned")]
    return Act([coordinator], f"/strategies/{strategy.pk}/decisions/", form, effects)


def recorded(outcome):
    """The coordinator, the strategy, and the act that writes down what a body has decided."""
    coordinator, strategy = strategy_of(state="decision")
    step = StepFactory(strategy=strategy, outcome="", section_number="")
    yesterday = timezone.localdate() - timedelta(days=1)
    form = {
        "decided_on": day(yesterday),
        "section_number": "§ 7",
        "outcome": outcome,
        "note": "So.",
    }
    stored = DecisionStep.objects.filter(pk=step.pk, outcome=outcome)
    effects = [stored, audit("decisionstep.recorded", step)]
    act = Act([coordinator], f"/strategies/decisions/{step.pk}/", form, effects)
    return coordinator, strategy, act


def record_approval():
    return recorded("approved")[-1]


def record_return():
    coordinator, strategy, act = recorded("returned")
    act.effects.extend([audit("strategy.drafting", strategy), mails_to(coordinator.email)])
    return act


def drop_step():
    coordinator, strategy = strategy_of()
    step = StepFactory(strategy=strategy, outcome="", section_number="")
    effects = [audit("decisionstep.removed", step)]
    return Act([coordinator], f"/strategies/decisions/{step.pk}/drop/", {}, effects)


def make_objective():
    coordinator, objective, row = recommended()
    strategy = objective.strategy
    made = strategy.objectives.exclude(pk=objective.pk)
    path = f"/strategies/{strategy.pk}/recommendations/{row.pk}/"
    return Act([coordinator], path, {"becomes": "own"}, [made])


def make_measure():
    coordinator, objective, row = recommended()
    path = f"/strategies/{objective.strategy_id}/recommendations/{row.pk}/"
    effects = [objective.measures.all(), row.answered.all()]
    return Act([coordinator], path, {"becomes": objective.pk}, effects)


def link_measure():
    coordinator, objective, row = recommended()
    measure = MeasureFactory(objective=objective)
    tagged = Measure.objects.filter(pk=measure.pk, version=1)
    path = f"/strategies/measures/{measure.pk}/"
    return Act([coordinator], path, {"recommendation": row.pk}, [measure.answered.all(), tagged])


def unlink_measure():
    coordinator, objective, row = recommended()
    measure = MeasureFactory(objective=objective)
    measure.answered.create(recommendation=row, by=coordinator)
    unlinked = Measure.objects.filter(pk=measure.pk, answered=None)
    path = f"/strategies/measures/{measure.pk}/unlink/{row.pk}/"
    return Act([coordinator], path, {}, [unlinked])


def add_chapter():
    coordinator, strategy = strategy_of()
    path = f"/strategies/{strategy.pk}/chapters/add/"
    return Act([coordinator], path, {"title": "New"}, [strategy.chapters.all()])


def add_objective():
    coordinator, strategy = strategy_of()
    path = f"/strategies/{strategy.pk}/objectives/add/"
    return Act([coordinator], path, {"title": "New"}, [strategy.objectives.all()])


def add_measure():
    coordinator, objective = objective_of()
    path = f"{address_of(objective)}measures/add/"
    return Act([coordinator], path, {"title": "New"}, [objective.measures.all()])


def address_of(row):
    return f"/strategies/{row._meta.model_name}s/{row.pk}/"


def removed(row, coordinator):
    effects = [audit(f"{row._meta.model_name}.removed", row)]
    return Act([coordinator], f"{address_of(row)}remove/", {}, effects)


def put_back(row, coordinator):
    effects = [audit(f"{row._meta.model_name}.put_back", row)]
    return Act([coordinator], f"{address_of(row)}put-back/", {}, effects)


def remove_objective():
    coordinator, objective = objective_of()
    return removed(objective, coordinator)


def put_objective_back():
    coordinator, objective = objective_of(removed_at=timezone.now())
    return put_back(objective, coordinator)


def remove_measure():
    coordinator, measure = measure_of()
    return removed(measure, coordinator)


def put_measure_back():
    coordinator, measure = measure_of(removed_at=timezone.now())
    return put_back(measure, coordinator)


def written(row):
    """A row with a text, a member who writes it, and the address of the text."""
    return row, world.person(row.municipality, "member"), f"{address_of(row)}texts/text/"


def chapter():
    return written(ChapterFactory(strategy=strategy_of()[1], text=""))


def objective():
    return written(objective_of()[1])


def measure():
    return written(measure_of()[1])


def write(row, writer, _path):
    return desks.write(row, writer, address_of(row), "text", title="A title")


def comment(row, writer, path):
    return desks.comment(row, writer, world.person(row.municipality, "reader"), path)


def write_chapter():
    return write(*chapter())


def comment_on_chapter():
    return comment(*chapter())


def mark_comment_on_chapter():
    return desks.mark(*chapter(), "done")


def restore_chapter():
    return desks.restore(*chapter())


def write_objective():
    return write(*objective())


def comment_on_objective():
    return comment(*objective())


def withdraw_comment_on_objective():
    return desks.mark(*objective(), "withdrawn")


def restore_objective():
    return desks.restore(*objective())


def write_measure():
    return write(*measure())


def comment_on_measure():
    return comment(*measure())


def mark_comment_on_measure():
    return desks.mark(*measure(), "done")


def restore_measure():
    return desks.restore(*measure())


ACTS = {
    "strategies:found": [found],
    "strategies:change": [change],
    "strategies:move": [send_to_bodies, take_back, adopt],
    "strategies:remake": [make_file_again],
    "strategies:publish": [publish, show_no_more],
    "strategies:towns": [invite_town],
    "strategies:invitation_answer": [join, stay_out],
    "strategies:decisions": [plan_step],
    "strategies:decision": [record_approval, record_return],
    "strategies:decision_drop": [drop_step],
    "strategies:use": [make_objective, make_measure],
    "strategies:measure": [link_measure],
    "strategies:measure_unlink": [unlink_measure],
    "strategies:chapter_add": [add_chapter],
    "strategies:objective_add": [add_objective],
    "strategies:measure_add": [add_measure],
    "strategies:objective_remove": [remove_objective],
    "strategies:objective_put_back": [put_objective_back],
    "strategies:measure_remove": [remove_measure],
    "strategies:measure_put_back": [put_measure_back],
    "strategies:chapter_edit": [write_chapter],
    "strategies:chapter_text_comment": [comment_on_chapter],
    "strategies:chapter_text_comment_move": [mark_comment_on_chapter],
    "strategies:chapter_text_restore": [restore_chapter],
    "strategies:objective_edit": [write_objective],
    "strategies:objective_text_comment": [comment_on_objective],
    "strategies:objective_text_comment_move": [withdraw_comment_on_objective],
    "strategies:objective_text_restore": [restore_objective],
    "strategies:measure_edit": [write_measure],
    "strategies:measure_text_comment": [comment_on_measure],
    "strategies:measure_text_comment_move": [mark_comment_on_measure],
    "strategies:measure_text_restore": [restore_measure],
}
