"""Picking a municipality from the register: to apply for it, or as a partner."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from applications.forms.partners import PickForm
from applications.models import Application, Call
from applications.workflow import joint_application
from municipalities.models import Municipality

MOST = 20  # shown of what fits


def found_towns(request):
    """For the template: the search form, and what it finds; nothing is found by an empty one."""
    form = PickForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    towns = Municipality.objects.visible_to(request.user).matching(text)
    towns = towns.by_name(get_language()[:2]).select_related("region", "successor")
    found = list(towns[: MOST + 1]) if text else []
    return {
        "form": form,
        "asked_for": text,
        "towns": found[:MOST],
        "most": MOST if len(found) > MOST else None,
    }


@require_safe
def municipality_pick(request, slug):
    """Look for a municipality, and then see what it takes to apply for it."""
    call = get_object_or_404(Call.objects.visible_to(request.user), slug=slug)
    context = {"call": call} | found_towns(request)
    if code := request.GET.get("municipality", ""):
        everything = Municipality.objects.visible_to(request.user)
        town = get_object_or_404(everything.select_related("region", "successor"), code=code)
        context |= {"municipality": town} | standing_of(request.user, call, town)
    return render(request, "applications/municipality_pick.html", context)


def standing_of(user, call, town):
    """What `user` can do about `town` in `call`: of others' applications they learn nothing."""
    hats = user.memberships.current().filter(municipality=town)
    visible = Application.objects.visible_to(user).filter(call=call)
    own = visible.filter(municipality=town).exclude(state=Application.State.WITHDRAWN)
    return {
        "is_member": hats.exists(),
        "coordinates": hats.coordinating().exists(),
        "existing": own.first(),
        "joint": joint_application(call, town) if hats.exists() else None,
    }
