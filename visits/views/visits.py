"""A visit: planned, arranged, and moved on; its programme and the people met."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import record
from accounts.workflow import Refused, open_moves
from applications.models import Participation
from visits import permissions, workflow
from visits.forms import ItemForm, PersonForm, VisitForm
from visits.models import Finding, Note, PersonMet, ProgrammeItem, Visit
from visits.workflow import programme

State = Visit.State
form_page = require_http_methods(["GET", "HEAD", "POST"])


def visible(request, pk):
    visits = Visit.objects.visible_to(request.user).with_town()
    return get_object_or_404(visits.prefetch_related("experts"), pk=pk)


@require_safe
def visit_list(request):
    visits = Visit.objects.visible_to(request.user).with_town().prefetch_related("experts")
    context = {"visits": visits, "participations": to_plan(request.user)}
    return render(request, "visits/visit_list.html", context)


def to_plan(user):
    """The municipalities for which `user` may plan a visit: a lead's, all that take part."""
    if not permissions.is_lead(user):
        return []
    taking_part = Participation.objects.visible_to(user).active()
    return list(taking_part.select_related("municipality", "project"))


@require_safe
def visit_detail(request, pk):
    visit = visible(request, pk)
    user = request.user
    context = {
        "visit": visit,
        "items": items_of(visit),
        "people_met": visit.people_met.all(),
        "findings": in_words(visit, Finding.objects.visible_to(user).filter(visit=visit)),
        "notes": Note.objects.visible_to(user).filter(visit=visit).select_related("by", "item"),
        "moves": open_moves(user, visit, workflow.MOVES),
        "is_over": permissions.is_over(visit),
        "can_change": permissions.can_change(user, visit),
        "can_programme": permissions.can_programme(user, visit),
        "can_note": permissions.can_note(user, visit),
        "can_find": permissions.can_find(user, visit),
        "can_summarise": permissions.can_summarise(user, visit),
        "can_read_report": permissions.can_read_report(user, visit),
    }
    return render(request, "visits/visit_detail.html", context)


def items_of(visit):
    """(item, its section's title in the language of the page) for the programme."""
    return in_words(visit, visit.items.all())


def in_words(visit, rows):
    language = get_language()
    return [(row, visit.section_title(row.section, language)) for row in rows]


@form_page
def visit_plan(request, pk):
    """A lead plans a visit to a municipality that takes part."""
    rows = Participation.objects.visible_to(request.user)
    participation = get_object_or_404(rows.select_related("municipality", "project"), pk=pk)
    if not permissions.can_plan(request.user, participation):
        raise PermissionDenied
    form = VisitForm(
        request.POST or None, instance=Visit(participation=participation), names_experts=True
    )
    if form.is_valid():
        return planned(request, form)
    context = {"form": form, "participation": participation}
    return render(request, "visits/visit_plan.html", context, status=status_of(form))


def planned(request, form):
    visit, created = workflow.plan(
        form.save(commit=False), form.cleaned_data["experts"], by=request.user
    )
    if created:
        text = _("The visit is planned. The coordinators and the experts get a mail.")
    else:
        text = _("This visit was planned already.")
    messages.success(request, text)
    return redirect(visit)


def status_of(form):
    return 400 if form.is_bound else 200


def locked(request, pk, may):
    """The visit, locked, for whom the rule `may` lets through."""
    visits = Visit.objects.visible_to(request.user).with_town()
    visit = get_object_or_404(visits.select_for_update(of=("self",)), pk=pk)
    if not may(request.user, visit):
        raise PermissionDenied
    return visit


@form_page
def visit_change(request, pk):
    """Dates and place, until the coordinator has confirmed them; a lead also names the experts."""
    visit = locked(request, pk, permissions.can_change)
    names_experts = permissions.is_lead(request.user)
    form = VisitForm(request.POST or None, instance=visit, names_experts=names_experts)
    if form.is_valid():
        form.save()
        form.move_programme()
        if form.changed_data:
            record("visit.changed", visit, by=request.user, note=", ".join(form.changed_data))
        messages.success(request, _("The change is saved."))
        return redirect(visit)
    context = {"form": form, "visit": visit}
    return render(request, "visits/visit_change.html", context, status=status_of(form))


@require_safe
def visit_confirm(request, pk, to):
    """The page before a final act: what happens, and what can still be changed afterwards."""
    visit = visible(request, pk)
    if to != State.FINAL:
        raise Http404
    if to not in open_moves(request.user, visit, workflow.MOVES):
        raise PermissionDenied
    findings = Finding.objects.visible_to(request.user).filter(visit=visit)
    context = {
        "visit": visit,
        "drafts": [finding for finding in findings if not finding.is_shared],
    }
    return render(request, "visits/visit_confirm.html", context)


@require_POST
def visit_move(request, pk, to):
    visit = visible(request, pk)
    try:
        visit, changed = workflow.move(visit, to, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
        return redirect(visit)
    text = _("The visit is now “%s”.") if changed else _("The visit was already “%s”.")
    messages.success(request, text % visit.get_state_display())
    return redirect("visits:edit", pk) if changed and to == State.REPORT else redirect(visit)


@form_page
def visit_programme(request, pk):
    """The items so far, and a form for one more."""
    visit = locked(request, pk, permissions.can_programme)
    form = ItemForm(request.POST or None, instance=ProgrammeItem(visit=visit))
    if form.is_valid():
        programme.add(form.save(commit=False), by=request.user)
        messages.success(request, _("“%s” is in the programme.") % form.instance.title)
        return redirect("visits:programme", pk)
    context = {"visit": visit, "items": items_of(visit), "form": form}
    return render(request, "visits/visit_programme.html", context, status=status_of(form))


def arranged(request, model, pk):
    """A row of a visit that the person can arrange; the visit is locked."""
    rows = model.objects.visible_to(request.user)
    visit_id = get_object_or_404(rows, pk=pk).visit_id
    visit = locked(request, visit_id, permissions.can_programme)
    row = get_object_or_404(rows, pk=pk)  # as whoever held the lock has left it
    row.visit = visit
    return row


@form_page
def item_edit(request, pk):
    item = arranged(request, ProgrammeItem, pk)
    form = ItemForm(request.POST or None, instance=item)
    if form.is_valid():
        programme.change(form.save(commit=False), form.changed_data, by=request.user)
        messages.success(request, _("The change is saved."))
        return redirect("visits:programme", item.visit_id)
    context = {"visit": item.visit, "item": item, "form": form}
    return render(request, "visits/item_edit.html", context, status=status_of(form))


@require_POST
def item_remove(request, pk):
    item = arranged(request, ProgrammeItem, pk)
    programme.remove(item, by=request.user)
    messages.success(request, _("“%s” is taken out of the programme.") % item.title)
    return redirect("visits:programme", item.visit_id)


@form_page
def visit_people(request, pk):
    """Whom the experts met, and a form for one more."""
    visit = locked(request, pk, permissions.can_programme)
    form = PersonForm(request.POST or None, instance=PersonMet(visit=visit))
    if form.is_valid():
        programme.meet(form.save(commit=False), by=request.user)
        messages.success(request, _("%s is in the list.") % form.instance.name)
        return redirect("visits:people", pk)
    context = {"visit": visit, "people_met": visit.people_met.all(), "form": form}
    return render(request, "visits/visit_people.html", context, status=status_of(form))


@require_POST
def person_remove(request, pk):
    person = arranged(request, PersonMet, pk)
    programme.unmeet(person, by=request.user)
    messages.success(request, _("%s is taken out of the list.") % person.name)
    return redirect("visits:people", person.visit_id)
