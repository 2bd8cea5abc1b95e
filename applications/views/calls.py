from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.workflow import Refused
from applications import workflow
from applications.forms import StartForm
from applications.models import Call
from municipalities.models import Municipality


@login_not_required
@require_safe
def call_list(request):
    calls = Call.objects.visible_to(request.user).select_related("project")
    return render(request, "applications/call_list.html", {"calls": calls})


@login_not_required
@require_safe
def call_detail(request, slug):
    calls = Call.objects.visible_to(request.user).select_related("project")
    call = get_object_or_404(calls, slug=slug)
    taking_part = call.project.participations.select_related("municipality")
    # The outcome is public with the decision, before a municipality has confirmed its place.
    asked = Municipality.objects.filter(applications__call=call, applications__state="selected")
    context = {
        "call": call,
        "selected": [p for p in taking_part if not p.joined_late and p.call_id == call.pk],
        "to_confirm": asked,
        "joined_late": [p for p in taking_part if p.joined_late],
        "form": start_form(request.user) if call.is_open else None,
    }
    return render(request, "applications/call_detail.html", context)


def start_form(user):
    """The form to begin with, or None for somebody who coordinates no municipality."""
    if user.is_anonymous or not user.memberships.current().coordinating().exists():
        return None
    form = StartForm(user=user)
    form.initial["municipality"] = form.fields["municipality"].queryset.first()
    return form


@require_POST
def application_start(request, slug):
    call = get_object_or_404(Call.objects.visible_to(request.user), slug=slug)
    form = StartForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Http404  # a municipality that is not the person's own
    try:
        application, created = workflow.start(
            call, form.cleaned_data["municipality"], by=request.user
        )
    except Refused as why:
        messages.error(request, str(why))
        return redirect("applications:call", call.slug)
    if not created:
        messages.info(request, _("Your municipality has this application already."))
        return redirect("applications:detail", application.pk)
    return redirect("applications:edit", application.pk)
