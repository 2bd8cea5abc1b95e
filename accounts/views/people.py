from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import permissions
from accounts.forms.pasted import PastedForm
from accounts.forms.people import InvitationForm
from accounts.models import Invitation
from accounts.roles import Sector
from accounts.towns import open_to, working_in
from accounts.workflow import Refused
from accounts.workflow import invitations as workflow
from accounts.workflow.memberships import gap_of


@require_safe
def town_people(request, pk):
    town = get_object_or_404(open_to(request.user), pk=pk)
    hats = list(town.memberships.live().select_related("user"))
    hats.sort(key=lambda hat: (hat.role != "coordinator", hat.user.name.casefold(), hat.since))
    invitations = Invitation.objects.visible_to(request.user).filter(municipality=town)
    context = {
        "town": town,
        "people": hats,
        "invitations": invitations.open().select_related("invited_by"),
        "sees_invitations": working_in(request.user).filter(pk=pk).exists(),
        "can_manage": permissions.can_manage(request.user, town),
        "can_read_audit": permissions.can_read_audit(request.user, town),
        "gap": gap_of([(hat.since, hat.until) for hat in hats if hat.role == "coordinator"]),
    }
    return render(request, "accounts/town_people.html", context)


def town_to_manage(request, pk):
    """The municipality whose people the person may let in; experts know of no invitations."""
    town = get_object_or_404(working_in(request.user), pk=pk)
    if not permissions.can_manage(request.user, town):
        raise PermissionDenied
    return town


@require_http_methods(["GET", "HEAD", "POST"])
def town_invite(request, pk):
    town = town_to_manage(request, pk)
    form = InvitationForm(request.POST or None, known=partial(workflow.known, town))
    context = {"form": form, "town": town}
    if not form.is_valid():
        status = 400 if form.is_bound else 200
        return render(request, "accounts/town_invite.html", context, status=status)
    return sent(request, town, form, [form.terms], "accounts/town_invite.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def town_invite_many(request, pk):
    """The pasted lines are shown first; only the second press sends, and only if all are right."""
    town = town_to_manage(request, pk)
    form = PastedForm(request.POST or None, known=partial(workflow.known, town))
    ready = form.is_valid()
    context = {"form": form, "town": town, "ready": ready, "sectors": Sector.labels}
    if not ready or "send" not in request.POST:
        status = 400 if form.is_bound and not ready else 200
        return render(request, "accounts/town_invite_many.html", context, status=status)
    return sent(request, town, form, form.people, "accounts/town_invite_many.html", context)


def sent(request, town, form, people, template, context):
    """Send the invitations, and say how many; what refuses them keeps what was typed."""
    try:
        number = workflow.invite(town, people, by=request.user)
    except Refused as why:
        form.add_error(None, str(why))
        return render(request, template, context | {"ready": False}, status=400)
    if number:
        text = ngettext("%s invitation is on its way.", "%s invitations are on their way.", number)
        messages.success(request, text % number)
    else:
        messages.info(request, _("Nothing was sent: they are in or invited already."))
    return redirect("accounts:town", town.pk)
