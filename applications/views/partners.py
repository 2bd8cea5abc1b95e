"""The step with the municipality and its partners, and the page of whoever is asked."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.workflow import Refused, open_moves
from applications import permissions
from applications.forms.partners import AskForm
from applications.models import Application, Partner
from applications.steps import around
from applications.views.applications import visible
from applications.views.picking import found_towns
from applications.workflow import partners

State = Partner.State


@require_safe
def partner_list(request, pk):
    application = visible(request, pk)
    if permissions.must_declare(request.user, application):
        return redirect("admin:applications_application_declare", pk)
    is_draft = application.state == Application.State.DRAFT
    can_ask = is_draft and permissions.can_ask_partners(request.user, application)
    rows = application.partners.select_related("municipality")
    is_own = permissions.can_discuss(request.user, application)
    if not is_own:
        rows = rows.confirmed()  # who was asked and declined is the applicant's own
    context = {
        "application": application,
        "partners": rows,
        "is_own": is_own,
        "can_ask": can_ask,
        "can_edit": permissions.can_edit(request.user, application),
        "open_states": partners.OPEN,
        **around(application, "partners"),
        **(found_towns(request) if can_ask else {}),
    }
    return render(request, "applications/partner_list.html", context)


@require_POST
def partner_ask(request, pk):
    application = visible(request, pk)
    form = AskForm(request.POST)
    if not form.is_valid():
        raise Http404
    town = form.cleaned_data["municipality"]
    try:
        _partner, changed = partners.ask(application, town, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        text = _("%s is asked to apply with you.") if changed else _("%s was asked already.")
        messages.success(request, text % town)
    return redirect("applications:partners", application.pk)


def found_partner(request, pk):
    return get_object_or_404(Partner.objects.visible_to(request.user).with_towns(), pk=pk)


@require_safe
def partner_detail(request, pk):
    """What another municipality asks, and enough of its draft to decide."""
    partner = found_partner(request, pk)
    application = partner.application
    context = {
        "partner": partner,
        "application": application,
        "moves": open_moves(request.user, partner, partners.MOVES),
        "is_settled": application.state != Application.State.DRAFT,
        "reads_all": Application.objects.visible_to(request.user)
        .filter(pk=application.pk)
        .exists(),
    }
    return render(request, "applications/partner_detail.html", context)


@require_POST
def partner_move(request, pk, to):
    partner = found_partner(request, pk)
    if to not in {State.CONFIRMED, State.DECLINED, State.REMOVED}:
        raise Http404
    try:
        partner, changed = partners.move(partner, to, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
        return redirect(partner)
    messages.success(request, said_of(partner, changed))
    if to == State.REMOVED:
        return redirect("applications:partners", partner.application_id)
    return redirect(partner)


def said_of(partner, changed):
    if not changed:
        return _("It was answered like that already.")
    words = {
        State.CONFIRMED: _("%(own)s applies together with %(other)s now."),
        State.DECLINED: _("%(own)s does not apply together with %(other)s."),
        State.REMOVED: _("%(own)s is no partner of this application any more."),
    }
    names = {"own": partner.municipality, "other": partner.application.municipality}
    return words[partner.state] % names
