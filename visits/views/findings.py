"""Findings of a visit, and the follow-up of the recommendations."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.workflow import Refused
from applications.models import Participation
from applications.permissions import is_assigned
from drafting.desks import Desk
from drafting.pages import gives_back
from indexanalysis.models import Recommendation
from visits import permissions
from visits.assembling import followed
from visits.forms.findings import (
    FindingBasisForm,
    FindingForm,
    FindingStartForm,
    ObservationForm,
)
from visits.models import Finding
from visits.views.reports import people_of
from visits.views.visits import form_page, status_of, visible
from visits.workflow import findings as workflow


def rows(user):
    return Finding.objects.visible_to(user).with_town()


DESK = Desk(
    rows=rows,
    form=FindingForm,
    texts=("text",),
    people=people_of,
    can_write=permissions.can_write_finding,
    can_comment=permissions.can_write_finding,
    can_discuss=is_assigned,
    routes="visits:finding_",
    noun="finding",
    template="visits/finding_edit.html",
    crumbs="visits/_finding_crumbs.html",
    readers=gettext_lazy("Only the experts of the municipality see what is said here."),
)


@form_page
def finding_new(request, pk):
    visit = visible(request, pk)
    if not permissions.can_find(request.user, visit):
        raise PermissionDenied
    blank = Finding(visit=visit, language=get_language())
    form = FindingStartForm(request.POST or None, instance=blank)
    if form.is_valid():
        finding, _created = workflow.start(visit, form.cleaned_data, by=request.user)
        return redirect("visits:finding_edit", finding.pk)
    context = {"visit": visit, "form": form}
    return render(request, "visits/finding_new.html", context, status=status_of(form))


@require_safe
def finding_detail(request, pk):
    finding = get_object_or_404(rows(request.user), pk=pk)
    context = {
        "finding": finding,
        "section": finding.visit.section_title(finding.section, get_language()),
        "questions": [finding.visit.edition.question(code) for code in finding.questions],
        "can_write": permissions.can_write_finding(request.user, finding),
    }
    return render(request, "visits/finding_detail.html", context)


def to_write(request, pk):
    """A draft, locked: sharing it waits, or has been there first."""
    finding = get_object_or_404(rows(request.user).select_for_update(of=("self",)), pk=pk)
    if not permissions.can_write_finding(request.user, finding):
        raise PermissionDenied
    return finding


@form_page
def finding_basis(request, pk):
    """Kind, section, language and questions; a new section has questions of its own to choose."""
    finding = to_write(request, pk)
    form = FindingBasisForm(request.POST or None, instance=finding)
    if form.is_valid():
        form.save()
        messages.success(request, _("The change is saved."))
        again = "visits:finding_basis" if form.changes_section else "visits:finding_edit"
        return redirect(again, pk)
    context = {"finding": finding, "form": form}
    return render(request, "visits/finding_basis.html", context, status=status_of(form))


@require_POST
def finding_share(request, pk):
    finding = get_object_or_404(rows(request.user), pk=pk)
    if not permissions.can_share_finding(request.user, finding):
        raise PermissionDenied
    try:
        finding, changed = workflow.share(finding, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
        return redirect(finding)
    text = _("The municipality sees the finding now.") if changed else _("It was shared already.")
    messages.success(request, text)
    return redirect(finding)


@form_page
def finding_discard(request, pk):
    finding = to_write(request, pk)
    if request.method == "POST":
        workflow.discard(finding, by=request.user)
        messages.success(request, _("The draft is deleted."))
        return redirect(finding.visit)
    return render(request, "visits/finding_discard.html", {"finding": finding})


@require_safe
def follow_up(request, pk):
    """Each issued recommendation with the observations of experts and municipality."""
    rows = Participation.objects.visible_to(request.user)
    participation = get_object_or_404(rows.select_related("municipality", "project"), pk=pk)
    seen = Recommendation.objects.visible_to(request.user).issued()
    seen = seen.filter(assessment__participation=participation).order_by("assessment", "number")
    context = {
        "participation": participation,
        "followed": followed(seen, get_language()),
        "can_observe": permissions.side_of(request.user, participation) is not None,
    }
    return render(request, "visits/follow_up.html", context)


@form_page
@gives_back(ObservationForm)
def observe(request, pk):
    """Add one's view of how a recommendation stands."""
    recommendations = Recommendation.objects.visible_to(request.user).with_town()
    recommendation = get_object_or_404(recommendations, pk=pk)
    if not permissions.can_observe(request.user, recommendation):
        raise PermissionDenied
    form = ObservationForm(request.POST or None)
    if form.is_valid():
        values = dict(form.cleaned_data)
        key = values.pop("key")
        _row, created = workflow.observe(recommendation, values, by=request.user, key=key)
        text = _("The observation is saved.") if created else _("It was saved already.")
        messages.success(request, text)
        return redirect(f"{follow_up_of(recommendation)}#recommendation-{pk}")
    context = {"recommendation": recommendation, "form": form}
    return render(request, "visits/observe.html", context, status=status_of(form))


def follow_up_of(recommendation):
    return reverse("visits:follow_up", args=[recommendation.assessment.participation_id])
