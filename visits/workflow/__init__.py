"""The life of a visit: planned, confirmed, held, its report written and final."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.models import User
from accounts.workflow import Refused
from applications.models import Participation
from documents.workflow import ask_again, fingerprint, queue
from notifications.models import Kind
from notifications.outbox import post
from visits import permissions
from visits.models import Visit

State = Visit.State

# (from, to): whose move it is. A pair that is not here cannot happen.
MOVES = {
    (State.PLANNED, State.CONFIRMED): permissions.can_confirm,
    (State.CONFIRMED, State.PLANNED): permissions.can_plan_again,
    (State.CONFIRMED, State.HELD): permissions.can_hold,
    (State.HELD, State.REPORT): permissions.can_report,
    (State.REPORT, State.FINAL): permissions.can_report,
}


@transaction.atomic
def plan(visit, experts, *, by):
    """Store a new visit with its experts, and tell them and the coordinators.

    Planned twice alike it is one. Returns (row, created). Raises PermissionDenied without the
    right.
    """
    # Locked, so that the second of two clicks finds the visit of the first.
    rows = Participation.objects.select_for_update(of=("self",))
    if not permissions.can_plan(by, rows.get(pk=visit.participation_id)):
        raise PermissionDenied
    alike = {name: getattr(visit, name) for name in ("kind", "place", "starts_on", "ends_on")}
    same = visit.participation.visits.filter(**alike).exclude(state=State.FINAL).first()
    if same:
        return same, False
    visit.save()
    visit.experts.set(experts)
    entry = record("visit.planned", visit, by=by)
    tell(visit, entry, [*coordinators_of(visit), *experts], by)
    return visit, True


@transaction.atomic
def move(visit, to, *, by):
    """Move `visit` to `to`, with all that follows, or nothing. Returns (row, changed).

    Raises PermissionDenied without the right, and Refused where the moment forbids it.
    """
    # The language that the summary begins with; whoever writes it may choose another.
    stamps = {"language": by.language} if to == State.REPORT else {}
    visit, changed = workflow.move(visit, to, MOVES, by=by, **stamps)
    if changed:
        check(visit)
        if to == State.FINAL:
            close(visit, by)
        if to in RECEIVERS:
            tell(visit, changed, RECEIVERS[to](visit), by)
    return visit, changed


def check(visit):
    """Refuse what comes too early; the state that was set goes with the refusal."""
    if visit.state == State.HELD and not permissions.is_over(visit):
        last = date_format(visit.ends_on)
        raise Refused(_("The visit lasts until %s. Mark it as held then.") % last)
    if visit.state == State.FINAL and not visit.summary.strip():
        raise Refused(_("The report has no summary yet. Write a few sentences first."))


def close(visit, by):
    """Stamp the time and order the report in every language."""
    visit.final_at = timezone.now()
    visit.save(update_fields=["final_at"])
    content = fingerprint(visit.final_at, visit.version)
    for language, _name in settings.LANGUAGES:
        document = queue("visits.tasks.produce_report", f"{visit.pk}-{language}-{content}", by=by)
        visit.reports.create(language=language, document=document)


@transaction.atomic
def remake(report, *, by):
    """Ask again for a report that failed or was deleted after its time.

    Raises PermissionDenied without the right.
    """
    if not permissions.can_remake(by, report.visit):
        raise PermissionDenied
    if ask_again(report.document, by=by):
        record("report.asked_again", report.visit, by=by, note=report.language)


def coordinators_of(visit):
    hats = visit.municipality.memberships.current().coordinating()
    return User.objects.filter(is_active=True, pk__in=hats.values("user"))


def experts_of(visit):
    """The visit's experts, as far as they are assigned today."""
    assigned = visit.municipality.assignments.current().values("user")
    return visit.experts.filter(is_active=True, pk__in=assigned)


def everybody(visit):
    return [*coordinators_of(visit), *experts_of(visit)]


# Who is told of a visit's new state, besides whoever has moved it.
RECEIVERS = {
    State.PLANNED: everybody,
    State.CONFIRMED: experts_of,
    State.FINAL: coordinators_of,
}


def tell(visit, entry, people, by):
    for person in dict.fromkeys(people):
        if person != by:
            key = f"visit-{entry.pk}-{person.pk}"
            template = f"emails/visit_{visit.state}.txt"
            post(person, template, key=key, context={"visit": visit}, kind=Kind.VISIT)
