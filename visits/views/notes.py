"""Experts' notes: written on a phone too, confidential unless their writer shares them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.workflow import Refused
from applications.permissions import is_assigned
from drafting.desks import Desk
from visits import permissions
from visits.forms.notes import NoteForm, NoteStartForm
from visits.models import Note
from visits.views.reports import people_of
from visits.views.visits import form_page, status_of, visible
from visits.workflow import notes as workflow


def rows(user):
    return Note.objects.visible_to(user).with_town()


DESK = Desk(
    rows=rows,
    form=NoteForm,
    texts=Note.drafted,
    people=people_of,
    can_write=permissions.can_write_note,
    can_comment=is_assigned,
    can_discuss=is_assigned,
    routes="visits:note_",
    noun="note",
    template="visits/note_edit.html",
    crumbs="visits/_note_crumbs.html",
    readers=gettext_lazy("Only the experts of the municipality see what is said here."),
)


@form_page
def note_new(request, pk):
    """Begin a note; each item of the programme has a button of its own that sends this form."""
    visit = visible(request, pk)
    if not permissions.can_note(request.user, visit):
        raise PermissionDenied
    form = NoteStartForm(request.POST if request.method == "POST" else None, visit=visit)
    if form.is_valid():
        note, _created = workflow.start(visit, form.cleaned_data, by=request.user)
        return redirect("visits:note_edit", note.pk)
    context = {"visit": visit, "form": form}
    return render(request, "visits/note_new.html", context, status=status_of(form))


@require_safe
def note_detail(request, pk):
    note = get_object_or_404(rows(request.user), pk=pk)
    workflow.read(note, by=request.user)
    context = {
        "note": note,
        "section": note.visit.section_title(note.section, get_language()),
        "can_write": permissions.can_write_note(request.user, note),
    }
    return render(request, "visits/note_detail.html", context)


@require_POST
def note_move(request, pk, to):
    """Share a note, or make it confidential again."""
    note = get_object_or_404(rows(request.user), pk=pk)
    if not permissions.can_write_note(request.user, note):
        raise PermissionDenied
    try:
        note, changed = workflow.move(note, to, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
        return redirect(note)
    text = _("The note is now “%s”.") if changed else _("The note was already “%s”.")
    messages.success(request, text % note.get_state_display())
    return redirect(note)


@form_page
def note_discard(request, pk):
    note = get_object_or_404(rows(request.user), pk=pk)
    if not permissions.can_write_note(request.user, note):
        raise PermissionDenied
    if request.method == "POST":
        workflow.discard(note, by=request.user)
        messages.success(request, _("The note is deleted."))
        return redirect(note.visit)
    return render(request, "visits/note_discard.html", {"note": note})
