from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.models import Membership
from accounts.workflow import Refused
from documents.workflow import ask_again, fingerprint, queue
from notifications.models import Kind
from notifications.outbox import post
from strategies import permissions
from strategies.content import content_of
from strategies.frozen import checksum
from strategies.models import Chapter, Heading, Measure, Strategy, StrategyFile, StrategyVersion

State = Strategy.State

# (from, to): whose move it is. A pair that is not here cannot happen.
MOVES = {
    (State.DRAFTING, State.DECISION): permissions.can_move,
    (State.DECISION, State.DRAFTING): permissions.can_move,
    (State.DECISION, State.ADOPTED): permissions.can_move,
}
# Follows by itself when its municipality adopts a new one.
SUPERSEDING = {(State.ADOPTED, State.SUPERSEDED): lambda user, strategy: True}


@transaction.atomic
def found(participation, *, by, title, language, starts_on, ends_on):
    """Begin a strategy with the skeleton's chapters, or return the one that is being drafted.

    Returns (strategy, created). Raises PermissionDenied without the right.
    """
    if not permissions.can_found(by, participation):
        raise PermissionDenied
    words = {"title": title, "language": language, "starts_on": starts_on, "ends_on": ends_on}
    unfinished = Strategy.objects.filter(state__in=Strategy.UNFINISHED)
    strategy, created = unfinished.get_or_create(participation=participation, defaults=words)
    if created:
        strategy.towns.create(municipality=participation.municipality, is_lead=True)
        Chapter.objects.bulk_create(
            Chapter(
                strategy=strategy,
                heading=heading,
                number=heading.number,
                title=getattr(heading, f"title_{language}"),
            )
            for heading in Heading.objects.all()
        )
        record("strategy.founded", strategy, by=by)
    return strategy, created


def locked(strategy):
    """The strategy, locked and read afresh: whoever adds to it or moves it does so alone."""
    rows = Strategy.objects.with_town().select_for_update(of=("self",))
    return rows.get(pk=strategy.pk)


@transaction.atomic
def change(strategy, *, by, **words):
    """Store another name or period. Raises PermissionDenied without the right, or once closed.

    words: title, starts_on, ends_on. The same ones again change nothing.
    """
    strategy = locked(strategy)
    if not permissions.can_change(by, strategy):
        raise PermissionDenied
    if changed := overwrite(strategy, words):
        strategy.save(update_fields=changed)
        record("strategy.changed", strategy, by=by)
    return strategy


def overwrite(row, words):
    """Set `words` on the row; return the names of those that were not so before."""
    changed = [name for name, value in words.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, words[name])
    return changed


@transaction.atomic
def move(strategy, to, *, by, note=""):
    """Move `strategy` to `to`, with all that follows, or nothing. Returns (row, changed).

    Raises PermissionDenied without the right, and Refused where the moment forbids it.
    """
    strategy, entry = workflow.move(strategy, to, MOVES, by=by, note=note)
    if entry:
        hold_texts(strategy)
        if to == State.DRAFTING:  # what was approved is not what is written from now on
            strategy.steps.exclude(outcome="").update(on_earlier_text=True)
        if to == State.ADOPTED:
            adopt(strategy, by)
        tell_coordinators(strategy, f"emails/strategy_{to}.txt", entry, note=note)
    return strategy, bool(entry)


def hold_texts(strategy):
    """Wait for what is being saved: it is a part of what is moved on, or it is refused."""
    measures = Measure.objects.filter(objective__strategy=strategy)
    for rows in (strategy.chapters, strategy.objectives, measures):
        list(rows.select_for_update(of=("self",)))


def adopt(strategy, by):
    """Freeze what was adopted and order its files; refused where something is missing."""
    if why := obstacles(strategy):
        raise Refused(why[0])
    strategy.adopted_at = timezone.now()
    strategy.save(update_fields=["adopted_at"])
    order_files(freeze(strategy, by), by)
    own = Strategy.objects.filter(participation__municipality=strategy.municipality_id)
    for earlier in own.filter(state=State.ADOPTED).exclude(pk=strategy.pk):
        workflow.move(earlier, State.SUPERSEDED, SUPERSEDING, by=by)


def obstacles(strategy):
    """Why it cannot be adopted yet, in sentences; without any it can."""
    found = []
    unowned = list(Measure.objects.of(strategy).without_owner().values_list("title", flat=True))
    if unowned:
        text = _("Each measure needs a responsible party. These have none: %(measures)s.")
        found.append(text % {"measures": ", ".join(f"“{title}”" for title in unowned)})
    last = {step.municipality_id: step for step in strategy.steps.order_by("number")}
    for part in strategy.towns.select_related("municipality"):
        step = last.get(part.municipality_id)
        if step is None or not step.adopts:
            text = _(
                "The last decision step of %(municipality)s must be an approval by its municipal"
                " board or council."
            )
            found.append(text % {"municipality": part.municipality})
    return found


def freeze(strategy, by):
    content = content_of(strategy)
    return StrategyVersion.objects.create(
        strategy=strategy,
        number=strategy.versions.count() + 1,
        content=content,
        checksum=checksum(content),
        by=by,
    )


def order_files(version, by):
    """One file per language; the same frozen text is the same document."""
    for language, _name in settings.LANGUAGES:
        key = f"{version.strategy_id}-{language}-{fingerprint(version.number, version.checksum)}"
        document = queue("strategies.tasks.produce_strategy", key, by=by)
        StrategyFile.objects.create(version=version, language=language, document=document)


def tell_coordinators(strategy, template, entry, **context):
    """Mail the coordinators of all its municipalities, each once."""
    own = strategy.towns.values("municipality")
    members = Membership.objects.current().coordinating().filter(municipality__in=own)
    people = {member.user_id: member.user for member in members.select_related("user")}
    for key, user in people.items():
        words = {"strategy": strategy} | context
        post(user, template, key=f"{entry.pk}-{key}", context=words, kind=Kind.STRATEGY)


@transaction.atomic
def publish(strategy, *, by, shown):
    """Show the frozen version to everybody, or show it no more. Returns whether this changed it.

    Raises PermissionDenied without the right, Refused where there is no frozen version yet.
    """
    strategy = locked(strategy)
    if not permissions.coordinates(by, strategy):
        raise PermissionDenied
    if strategy.is_unfinished:
        raise Refused(_("Only an adopted strategy can be published."))
    if strategy.is_published == shown:
        return False
    strategy.published_at = timezone.now() if shown else None
    strategy.save(update_fields=["published_at"])
    record("strategy.published" if shown else "strategy.withdrawn", strategy, by=by)
    return True


@transaction.atomic
def remake(file, *, by):
    """Ask again for a file that failed or was deleted after its time.

    Raises PermissionDenied without the right.
    """
    strategy = file.version.strategy
    if not permissions.can_remake(by, strategy):
        raise PermissionDenied
    if ask_again(file.document, by=by):
        record("strategy.file_asked_again", strategy, by=by, note=file.language)
