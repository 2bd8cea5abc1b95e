from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.workflow import Refused
from strategies import permissions
from strategies.forms import OutcomeForm, StepForm
from strategies.models import DecisionStep, Strategy, towns_seen_by
from strategies.views.strategies import status_of, visible
from strategies.workflow import decisions


@require_http_methods(["GET", "HEAD", "POST"])
def decision_list(request, pk):
    """The bodies that decide, with the form to add one."""
    strategy = visible(request, pk)
    can_plan = permissions.can_plan(request.user, strategy)
    if request.method != "POST":
        form = StepForm(strategy=strategy, user=request.user) if can_plan else None
        return decisions_page(request, strategy, form)
    if not can_plan:
        raise PermissionDenied
    form = StepForm(request.POST, strategy=strategy, user=request.user)
    if not form.is_valid():
        return decisions_page(request, strategy, form)
    try:
        step, created = decisions.plan(strategy, by=request.user, **form.cleaned_data)
    except Refused as why:
        messages.error(request, str(why))
    else:
        text = _("“%s” is on the list.") if created else _("“%s” was on the list already.")
        messages.success(request, text % step.name)
    return redirect("strategies:decisions", pk)


def decisions_page(request, strategy, form):
    hats = request.user.memberships.current().coordinating()
    own = set(hats.values_list("municipality", flat=True))
    steps = list(strategy.steps.select_related("municipality"))
    undecided = [step for step in steps if not step.outcome and step.municipality_id in own]
    context = {
        "strategy": strategy,
        "steps": [(step, step.municipality_id in own) for step in steps],
        "next": undecided[0] if undecided else None,
        "are_recorded": strategy.state == Strategy.State.DECISION,
        "form": form,
    }
    status = status_of(form) if form else 200
    return render(request, "strategies/decision_list.html", context, status=status)


def found_step(request, pk):
    """A step of a municipality that the person coordinates; seen by others, it is forbidden."""
    rows = DecisionStep.objects.visible_to(request.user)
    rows = rows.select_related("municipality", "strategy__participation__municipality")
    rows = rows.prefetch_related(towns_seen_by(request.user, "strategy__"))
    step = get_object_or_404(rows, pk=pk)
    if not permissions.can_record(request.user, step):
        raise PermissionDenied
    return step


@require_http_methods(["GET", "HEAD", "POST"])
def decision_record(request, pk):
    step = found_step(request, pk)
    form = OutcomeForm(request.POST or None, instance=step)
    if not form.is_valid():  # also when nothing was sent
        context = {"step": step, "strategy": step.strategy, "form": form}
        return render(request, "strategies/decision_record.html", context, status=status_of(form))
    try:
        step = decisions.decide(step, by=request.user, **form.cleaned_data)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, said_of(step))
    return redirect("strategies:decisions", step.strategy_id)


def said_of(step):
    if step.outcome == DecisionStep.Outcome.RETURNED:
        return _("The outcome is recorded. The strategy is being drafted again.")
    return _("The outcome is recorded.")


@require_POST
def decision_drop(request, pk):
    step = found_step(request, pk)
    try:
        decisions.drop(step, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("“%s” is no longer on the list.") % step.name)
    return redirect("strategies:decisions", step.strategy_id)
