"""How a municipality comes into another's application: asked, confirmed by its own coordinator."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from applications import permissions
from applications.models import Application, Partner
from applications.workflow import joint_application, lock
from notifications.models import Kind
from notifications.outbox import post

State = Partner.State

# (from, to): whose move it is. A pair that is not here cannot happen.
MOVES = {
    (State.ASKED, State.CONFIRMED): permissions.can_answer_partner,
    (State.ASKED, State.DECLINED): permissions.can_answer_partner,
    (State.CONFIRMED, State.DECLINED): permissions.can_answer_partner,
    (State.ASKED, State.REMOVED): permissions.can_remove_partner,
    (State.CONFIRMED, State.REMOVED): permissions.can_remove_partner,
}
OPEN = (State.ASKED, State.CONFIRMED)


def locked_draft(application):
    """The application, locked as a draft: who is part of it is settled once it is submitted."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if application.state != Application.State.DRAFT:
        raise Refused(_("The application is no draft any more, so its partners are settled."))
    return application


@transaction.atomic
def ask(application, municipality, *, by):
    """Ask a municipality to apply together. Returns (partner, changed).

    Whoever declined or was removed can be asked again. That it applies already, alone or with
    others, only its own coordinator is told. Raises PermissionDenied without the right, Refused
    where the municipality cannot be asked.
    """
    if not permissions.can_ask_partners(by, application):
        raise PermissionDenied
    application = locked_draft(application)
    refuse_unfit(application, municipality)
    partner, created = Partner.objects.select_for_update(of=("self",)).get_or_create(
        application=application, municipality=municipality, defaults={"asked_by": by}
    )
    if not created and partner.state in OPEN:
        return partner, False
    partner.state, partner.asked_by, partner.asked_at = State.ASKED, by, timezone.now()
    partner.answered_by = partner.answered_at = None
    partner.save()
    tell(partner, municipality, "partner_asked", record("partner.asked", partner, by=by))
    return partner, True


def refuse_unfit(application, municipality):
    if municipality.pk == application.municipality_id:
        raise Refused(_("%s is the applicant itself.") % municipality)
    if municipality.successor_id:
        text = _("%(old)s has merged into %(new)s. Ask that one.")
        raise Refused(text % {"old": municipality, "new": municipality.successor})


@transaction.atomic
def move(partner, to, *, by):
    """Confirm, decline or remove a partner, and tell the other side. Returns (row, changed).

    Raises PermissionDenied without the right, Refused where the application was submitted
    meanwhile or the municipality has another part in the same call.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=partner.application_id)
    stamps = {} if to == State.REMOVED else {"answered_by": by, "answered_at": timezone.now()}
    partner, entry = workflow.move(partner, to, MOVES, by=by, **stamps)
    if entry:
        locked_draft(application)
        if to == State.CONFIRMED:
            refuse_second_part(partner)
        tell_other_side(partner, entry)
    return partner, bool(entry)


def refuse_second_part(partner):
    """One municipality has one part in a call: as applicant, or as a partner of one other."""
    call, municipality = partner.application.call, partner.municipality
    lock(municipality)
    own = call.applications.exclude(state=Application.State.WITHDRAWN)
    if own.filter(municipality=municipality).exists():
        text = _("%s has an application of its own to this call. Withdraw it first.")
        raise Refused(text % municipality)
    if joint := joint_application(call, municipality, but=partner.application):
        text = _("%(own)s applies together with %(other)s already.")
        raise Refused(text % {"own": municipality, "other": joint.municipality})


def tell_other_side(partner, entry):
    if partner.state == State.REMOVED:
        tell(partner, partner.municipality, "partner_removed", entry)
    else:
        tell(partner, partner.application.municipality, "partner_answered", entry)


def tell(partner, municipality, template, entry):
    """Mail the coordinators of `municipality`, who are one side of the partnership."""
    members = municipality.memberships.current().coordinating()
    for membership in members.select_related("user"):
        key, context = f"{entry.pk}-{membership.user_id}", {"partner": partner}
        template_name = f"emails/{template}.txt"
        post(membership.user, template_name, key=key, context=context, kind=Kind.APPLICATION)
