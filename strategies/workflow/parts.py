"""What a strategy consists of: chapters, objectives, measures, and what the measures answer."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.workflow import Refused, first_or_create
from drafting import saving
from indexanalysis.edition import TAGS
from indexanalysis.models import Recommendation
from strategies import permissions
from strategies.models import Measure, Objective
from strategies.models.measures import Part
from strategies.workflow import locked


def to_add(strategy, by):
    """The strategy, locked, for `by` to add to it. Raises PermissionDenied without the right."""
    strategy = locked(strategy)
    if not permissions.can_write(by, strategy):
        raise PermissionDenied
    return strategy


def next_number(rows):
    return (rows.aggregate(Max("number"))["number__max"] or 0) + 1


@transaction.atomic
def add_chapter(strategy, *, by, title):
    """Add a chapter at the end. Returns (row, created): one of that name is the one there is."""
    rows = to_add(strategy, by).chapters
    return first_or_create(rows, title=title, defaults={"number": next_number(rows)})


@transaction.atomic
def add_objective(strategy, *, by, title, **words):
    """Add an objective at the end. Returns (row, created), as `add_chapter`."""
    rows = to_add(strategy, by).objectives
    words |= {"number": next_number(rows)}
    return first_or_create(rows.kept(), strategy=strategy, title=title, defaults=words)


@transaction.atomic
def add_measure(objective, *, by, title, **words):
    """Add a measure to the objective. Returns (row, created), as `add_chapter`.

    Raises PermissionDenied without the right, Refused where the objective is removed meanwhile.
    """
    objective = to_change(objective, by)
    if objective.removed_at:
        raise Refused(_("This objective is removed. Put it back first."))
    rows = objective.measures
    words |= {"number": next_number(rows)}
    return first_or_create(rows.kept(), objective=objective, title=title, defaults=words)


@transaction.atomic
def make_objective(strategy, recommendation, *, by):
    """Make an objective of what was recommended. Returns (row, created)."""
    check_accepted(recommendation)
    words = words_of(recommendation, strategy.language)
    return add_objective(strategy, by=by, **words, **tags_of(recommendation))


@transaction.atomic
def make_measure(objective, recommendation, *, by):
    """Make a measure of what was recommended, which answers it. Returns (row, created).

    Its tags are those of the questions that the recommendation rests on; people correct them.
    """
    check_accepted(recommendation)
    words = words_of(recommendation, objective.strategy.language)
    row, created = add_measure(objective, by=by, **words, **tags_of(recommendation))
    row.answered.get_or_create(recommendation=recommendation, defaults={"by": by})
    return row, created


def use(strategy, recommendation, objective, *, by):
    """Make a measure of `objective` of what was recommended or, without one, an objective."""
    if objective:
        return make_measure(objective, recommendation, by=by)
    return make_objective(strategy, recommendation, by=by)


def check_accepted(recommendation):
    if recommendation.state not in Recommendation.ACCEPTED:
        raise Refused(_("Only a recommendation that your municipality has accepted can be used."))


def words_of(recommendation, language):
    """Its title and text in `language` or, where it has none, as it was written."""
    language = language if recommendation.is_in(language) else recommendation.language
    return {name: getattr(recommendation, f"{name}_{language}") for name in ("title", "text")}


def tags_of(recommendation):
    """The tags of the questions that a recommendation rests on, by kind."""
    edition = recommendation.assessment.edition
    questions = [edition.question(code) for code in recommendation.questions]
    return {
        kind: [code for code in TAGS[kind] if any(code in getattr(q, kind) for q in questions)]
        for kind in Part.TAGS
    }


def to_change(row, by):
    """An objective or a measure, locked. Raises PermissionDenied without the right."""
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not permissions.can_write(by, row.strategy):
        raise PermissionDenied
    return row


@transaction.atomic
def link(measure, recommendation, *, by, reason=""):
    """Have `measure` answer a recommendation. Returns whether this call changed it.

    A measure without any tag takes those of the recommendation. Raises PermissionDenied, and
    Refused for what was not taken up, unless there is a reason; or is not answered, or not theirs.
    """
    measure = to_change(measure, by)
    if not measure.strategy.recommendations.filter(pk=recommendation.pk).exists():
        raise Refused(_("This recommendation was made to another municipality."))
    if not (reason and recommendation.state == Recommendation.State.NOT_TAKEN_UP):
        check_accepted(recommendation)
    _link, created = measure.answered.get_or_create(
        recommendation=recommendation, defaults={"by": by, "reason": reason}
    )
    if created and not any(measure.tags.values()):
        saving.save_locked(measure, tags_of(recommendation), read=measure.version, by=by)
    return created


@transaction.atomic
def unlink(measure, recommendation, *, by):
    """Have `measure` answer it no more. Returns whether this call changed it."""
    measure = to_change(measure, by)
    deleted, _by_model = measure.answered.filter(recommendation=recommendation).delete()
    return bool(deleted)


@transaction.atomic
def remove(row, *, by):
    """Take an objective or a measure out; it can be put back. Returns whether this changed it.

    Raises PermissionDenied without the right, Refused for an objective that has measures.
    """
    row = to_change(row, by)
    if row.removed_at:
        return False
    if isinstance(row, Objective) and row.measures.kept().exists():
        raise Refused(_("Remove the measures of this objective first."))
    return store_removal(row, timezone.now(), f"{row._meta.model_name}.removed", by)


@transaction.atomic
def put_back(row, *, by):
    """Put a removed objective or measure back in its place. Returns whether this changed it.

    Raises PermissionDenied without the right, Refused while a measure's objective is removed.
    """
    row = to_change(row, by)
    if not row.removed_at:
        return False
    if isinstance(row, Measure) and row.objective.removed_at:
        raise Refused(_("Put the objective of this measure back first."))
    return store_removal(row, None, f"{row._meta.model_name}.put_back", by)


def store_removal(row, when, action, by):
    row.removed_at = when
    row.save(update_fields=["removed_at"])
    record(action, row, by=by)
    return True
