from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.workflow import Refused
from strategies import permissions
from strategies.forms import InviteForm
from strategies.models import StrategyInvitation
from strategies.views.strategies import status_of, visible
from strategies.workflow import towns

State = StrategyInvitation.State


@require_http_methods(["GET", "HEAD", "POST"])
def town_list(request, pk):
    """The strategy's municipalities, with the form to ask another one in."""
    strategy = visible(request, pk)
    can_invite = permissions.can_invite(request.user, strategy)
    if request.method == "POST" and not can_invite:
        raise PermissionDenied
    form = InviteForm(request.POST or None, strategy=strategy) if can_invite else None
    if request.method != "POST" or not form.is_valid():
        return towns_page(request, strategy, form)
    town = form.cleaned_data["municipality"]
    try:
        _invitation, created = towns.invite(strategy, town, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        text = _("%s is invited.") if created else _("%s was invited already.")
        messages.success(request, text % town)
    return redirect("strategies:towns", pk)


def towns_page(request, strategy, form):
    context = {
        "strategy": strategy,
        "towns": strategy.towns.select_related("municipality"),
        "waiting": strategy.invitations.open().select_related("municipality"),
        "form": form,
        "can_be_invited": form and form.fields["municipality"].queryset.exists(),
    }
    status = status_of(form) if form else 200
    return render(request, "strategies/town_list.html", context, status=status)


@require_safe
def invitation_detail(request, pk):
    context = {"invitation": found_invitation(request, pk)}
    return render(request, "strategies/invitation_detail.html", context)


def found_invitation(request, pk):
    rows = StrategyInvitation.objects.visible_to(request.user)
    rows = rows.select_related("municipality", "strategy__participation__municipality", "by")
    return get_object_or_404(rows, pk=pk)


@require_POST
def invitation_answer(request, pk, to):
    invitation = found_invitation(request, pk)
    if to not in {State.ACCEPTED, State.DECLINED}:
        raise Http404
    try:
        changed = towns.answer(invitation, to, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
        return redirect(invitation)
    messages.success(request, said_of(to, changed))
    return redirect(invitation.strategy if to == State.ACCEPTED else "strategies:list")


def said_of(to, changed):
    if not changed:
        return _("The invitation was answered like that already.")
    if to == State.ACCEPTED:
        return _("Your municipality has a part in the strategy now.")
    return _("The invitation is declined.")
