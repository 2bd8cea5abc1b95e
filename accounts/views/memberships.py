from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import permissions
from accounts.forms.people import DeputyForm, HandOverForm, MembershipForm
from accounts.models import Membership
from accounts.towns import open_to
from accounts.workflow import Refused
from accounts.workflow import memberships as workflow


def seen(request, pk):
    rows = Membership.objects.visible_to(request.user).filter(pk=pk)
    return rows.select_related("municipality", "user")


def visible(request, pk):
    return get_object_or_404(seen(request, pk))


def can_manage(user, membership):
    return permissions.can_manage(user, membership.municipality_id)


def to_manage(request, pk):
    membership = visible(request, pk)
    if not can_manage(request.user, membership):
        raise PermissionDenied
    return membership


@require_http_methods(["GET", "HEAD", "POST"])
def membership_edit(request, pk):
    membership = to_manage(request, pk)
    form = MembershipForm(request.POST or None, instance=membership)
    context = {"form": form, "membership": membership, "others": others(request, membership)}
    return act(
        request,
        membership,
        form,
        lambda: workflow.change(membership, form.terms, by=request.user),
        (_("The change is saved, and the person is told by mail."), _("Nothing was changed.")),
        "accounts/membership_edit.html",
        context,
    )


def others(request, membership):
    """What else can be done with this person: which links the page shows."""
    here = workflow.own_row(membership) == membership
    return {
        "deputy": here and membership.role != "coordinator" and not membership.party,
        "hand_over": here
        and membership.role != "coordinator"
        and permissions.can_hand_over(request.user, membership),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def membership_deputy(request, pk):
    membership = to_manage(request, pk)
    form = DeputyForm(request.POST or None)
    return act(
        request,
        membership,
        form,
        lambda: workflow.appoint_deputy(
            membership, form.cleaned_data["since"], form.cleaned_data["until"], by=request.user
        ),
        (_("The deputy is appointed and told by mail."), _("This deputy is appointed already.")),
        "accounts/membership_deputy.html",
        {"form": form, "membership": membership},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def membership_hand_over(request, pk):
    membership = seen(request, pk).first()
    if membership is None or not permissions.can_hand_over(request.user, membership):
        return again(request, pk, "membership.handed_over")
    form = HandOverForm(request.POST or None)
    return act(
        request,
        membership,
        form,
        lambda: workflow.hand_over(
            membership, by=request.user, stays=form.cleaned_data["stays"] == "member"
        ),
        (_("The coordination is handed over. Both of you are told by mail."), _("Done already.")),
        "accounts/membership_hand_over.html",
        {"form": form, "membership": membership},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def membership_end(request, pk):
    membership = seen(request, pk).first()
    if membership is None or not can_manage(request.user, membership):
        return again(request, pk, "membership.ended")
    if request.method != "POST":
        return render(request, "accounts/membership_end.html", {"membership": membership})
    said = _("The person has no part any more, and is told by mail."), _("It had ended already.")
    try:
        answer(request, workflow.end(membership, by=request.user), said)
    except Refused as why:
        messages.error(request, str(why))
    return to_people(request, membership.municipality_id)


def again(request, pk, action):
    """Tell whoever gave up their own right by the first click that the second one is too late.

    Everybody else meets 404 outside the municipality, and 403 inside it.
    """
    if request.method == "POST" and workflow.did(request.user, action, pk):
        messages.info(request, _("You have done this already."))
        return to_people(request, Membership.objects.get(pk=pk).municipality_id)
    visible(request, pk)
    raise PermissionDenied


def act(request, membership, form, do, said, template, context):
    """Show the form, or do what it asks for; a refusal is shown above what was typed."""
    if form.is_valid():
        try:
            answer(request, do(), said)
            return to_people(request, membership.municipality_id)
        except Refused as why:
            form.add_error(None, str(why))
    return render(request, template, context, status=400 if form.is_bound else 200)


def answer(request, outcome, said):
    """Say what came of it: the first sentence where this click changed something."""
    _row, changed = outcome
    if changed:
        messages.success(request, said[0])
    else:
        messages.info(request, said[1])


def to_people(request, town):
    """Back to the list, or home for who has just left the municipality."""
    if open_to(request.user).filter(pk=town).exists():
        return redirect("accounts:town", town)
    return redirect("journey:home")
