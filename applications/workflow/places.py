"""Places after the decision: confirmed, declined or lapsed, and then the next on reserve's.

Whatever changes who holds a place locks the call first, so that of two at once one counts.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.models import User
from accounts.workflow import Refused
from applications import permissions
from applications.models import Application, LetterText, Selection, SelectionLine
from applications.workflow import ANSWERS, letters, tell_coordinators
from applications.workflow.participations import take_in
from applications.workflow.selections import locked
from notifications.models import Kind
from notifications.outbox import post

State = Application.State
# What comes by itself: a place that was not answered for goes on, and somebody gets it.
BY_ITSELF = {
    (State.SELECTED, State.DECLINED): permissions.follows,
    (State.RESERVE, State.SELECTED): permissions.follows,
}


def free_seats(call):
    return call.seats - call.applications.holding_seats().count()


@transaction.atomic
def answer(application, to, *, by, note=""):
    """Confirm the place, which makes the participation, or decline it. Returns (row, changed).

    A declined seat goes to the first on reserve. Raises PermissionDenied without the right, and
    Refused once the last day to answer is over.
    """
    call = locked(application.call)
    application, entry = workflow.move(
        application, to, ANSWERS, by=by, note=note, answered_at=timezone.now()
    )
    if entry:
        refuse_too_late(application)
        if to == State.CONFIRMED:
            take_in(application, by)
        tell_coordinators(application, entry)
        settle(call, application, entry)
    return application, entry


def refuse_too_late(application):
    if Application.objects.filter(pk=application.pk).past_answer_day().exists():
        day = date_format(application.answer_by)
        raise Refused(_("The last day to answer was %s. The place goes to another now.") % day)


def settle(call, application, entry):
    """After an answer, or none: who gets the place, if it is free now; and who is to know."""
    had_seat = application.answer_by is not None
    leaves = application.state == State.DECLINED
    promoted = promote_next(call) if leaves and had_seat else None
    if leaves and not had_seat:
        line = line_of(application)
        tell_reserve(call, entry, behind=line.position if line else 0)
    tell_leads(application, entry, promoted)


def promote_next(call, *, by=None):
    """Give a free seat of the call, which is locked, to the first on reserve; None without one."""
    first = call.applications.on_reserve().first() if free_seats(call) > 0 else None
    if first is None:
        return None
    selection = call.selections.get(state=Selection.State.CONFIRMED)
    answer_by = timezone.localdate() + (selection.answer_by - call.decided_on)
    application, entry = workflow.move(
        first, State.SELECTED, BY_ITSELF, by=by, answer_by=answer_by, note="promoted"
    )
    line = selection.lines.select_related("selection").get(application=application)
    letters.send(line, application, LetterText.Outcome.PROMOTED, entry)
    tell_reserve(call, entry)
    return application


@transaction.atomic
def promote(call, meant, *, by):
    """Give a free place to `meant`, the first on reserve, by hand; None where it has one already.

    meant: an application of the call, or None where the page named none that is known.
    Raises PermissionDenied without the right, Refused without a free seat or a reserve, or where
    another one is first by now.
    """
    call = locked(call)
    if not permissions.can_promote(by, call):
        raise PermissionDenied
    if meant and call.applications.holding_seats().filter(pk=meant.pk).exists():
        return None
    if call.applications.on_reserve().first() not in (meant, None):
        raise Refused(_("Another municipality is first on reserve now. Look again."))
    application = promote_next(call, by=by)
    if application is None:
        raise Refused(_("There is no free place, or nobody is on reserve."))
    return application


def lapse():
    """Let each place go on whose last day to answer is over; again, or twice at once, is one."""
    for application in Application.objects.overdue().select_related("call").order_by("pk"):
        lapse_one(application)


@transaction.atomic
def lapse_one(application):
    call = locked(application.call)
    if not Application.objects.overdue().filter(pk=application.pk).exists():
        return
    application, entry = workflow.move(
        application, State.DECLINED, BY_ITSELF, by=None, note="no answer"
    )
    tell_coordinators(application, entry, template="emails/application_lapsed.txt")
    settle(call, application, entry)


def place_on_reserve(application):
    """Its place on the reserve now, for others may have moved up or left; None is not on it."""
    if application.state != State.RESERVE:
        return None
    waiting = application.call.applications.on_reserve().values_list("pk", flat=True)
    return next((n for n, pk in enumerate(waiting, 1) if pk == application.pk), None)


def tell_reserve(call, entry, *, behind=0):
    """Tell those on reserve behind the place `behind`, which has become free, where they stand."""
    waiting = call.applications.on_reserve().select_related("municipality", "call__project")
    template = "emails/reserve_moved.txt"
    for place, application in enumerate(waiting, 1):
        if application.position > behind:
            kind = Kind.DECISION
            tell_coordinators(application, entry, template=template, position=place, kind=kind)


def tell_leads(application, entry, promoted):
    leads = User.objects.filter(groups__name="lead", is_active=True).order_by("pk")
    for lead in leads:
        known = Application.objects.for_staff(lead)
        if known.filter(pk=application.pk).exists():
            is_known = promoted and known.filter(pk=promoted.pk).exists()
            context = {"application": application, "promoted": promoted if is_known else None}
            key = f"{entry.pk}-lead-{lead.pk}"
            template = "emails/place_answered.txt"
            post(lead, template, key=key, context=context, kind=Kind.STAFF)


def line_of(application):
    """The line of the confirmed selection, whose reasons the applicant reads; None without one."""
    rows = SelectionLine.objects.filter(selection__state=Selection.State.CONFIRMED)
    return rows.select_related("selection").filter(application=application).first()
