from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import permissions
from accounts.invitation import hash_of
from accounts.models import Invitation
from accounts.roles import MEANING
from accounts.workflow import Refused
from accounts.workflow import invitations as workflow

BROUGHT = "invitations"  # in the session: from an invitation's key to the hash of its secret
MOST = 20  # links that one session remembers


@login_not_required
@require_safe
def invitation_open(request, token):
    """The mail's link. The secret leaves the address at once: no page or log line names it."""
    digest = hash_of(token)
    invitation = Invitation.objects.filter(token_hash=digest).first()
    if invitation is None:
        text = _("A part of the link is missing, or a newer message was sent to you.")
        response = closed(request, text, status=404)
    else:
        links = {**request.session.get(BROUGHT, {}), str(invitation.pk): digest}
        request.session[BROUGHT] = dict(list(links.items())[-MOST:])
        response = redirect("accounts:invitation", invitation.pk)
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
def invitation_accept(request, pk):
    """What will happen, and on POST it does. Only for a session that has opened the mail's link."""
    digest = request.session.get(BROUGHT, {}).get(str(pk))
    if digest is None:  # the same answer whether there is such an invitation or not
        text = _("Open the link in the message again: this visit does not know it.")
        return closed(request, text, status=404)
    if request.user.is_staff:
        raise Http404
    rows = Invitation.objects.select_related("municipality", "invited_by", "membership")
    invitation = get_object_or_404(rows, pk=pk)
    try:
        workflow.check_open(invitation, digest, request.user)
        return answer(request, invitation, digest)
    except workflow.Closed as why:
        return closed(request, str(why), status=410)
    except PermissionDenied:
        return other_person(request, invitation)


def answer(request, invitation, digest):
    if request.user.is_anonymous:
        return ask_in(request, invitation)
    if not permissions.can_accept(request.user, invitation):
        raise PermissionDenied
    if request.method != "POST":
        return show(request, invitation)
    membership = workflow.accept(invitation, digest, by=request.user)
    text = _("Welcome. You now have a part in %s.") % membership.municipality.name
    messages.success(request, text)
    return redirect("journey:home")


def ask_in(request, invitation):
    """Who is not signed in reads what it is about, and is led through signing in or up."""
    if request.method == "POST":
        return redirect_to_login(request.path)
    return show(request, invitation)


def show(request, invitation):
    context = {"invitation": invitation, "meaning": MEANING[invitation.role]}
    return render(request, "accounts/invitation.html", context)


def other_person(request, invitation):
    return render(request, "accounts/invitation_other.html", {}, status=403)


def closed(request, text, *, status):
    return render(request, "accounts/invitation_closed.html", {"text": text}, status=status)


def to_revoke(request, pk):
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    if not permissions.can_revoke(request.user, invitation):
        raise PermissionDenied
    return invitation


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_revoke(request, pk):
    invitation = to_revoke(request, pk)
    if request.method != "POST":
        return render(request, "accounts/invitation_revoke.html", {"invitation": invitation})
    act(
        request,
        lambda: workflow.revoke(invitation, by=request.user),
        _("The invitation is withdrawn. Its link does not work any more."),
        _("The invitation was withdrawn already."),
    )
    return redirect("accounts:town", invitation.municipality_id)


@require_POST
def invitation_again(request, pk):
    invitation = to_revoke(request, pk)
    act(
        request,
        lambda: workflow.send_again(invitation, by=request.user),
        _("The invitation is sent again. The earlier link does not work any more."),
        _("It was sent a moment ago. Wait a minute before you send it again."),
    )
    return redirect("accounts:town", invitation.municipality_id)


def act(request, do, done, already):
    try:
        _row, changed = do()
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done) if changed else messages.info(request, already)
