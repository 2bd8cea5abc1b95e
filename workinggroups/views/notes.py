"""The notes of a meeting: their texts on a desk, their states, decisions and files."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import record_reading
from accounts.workflow import Refused, open_moves
from documents.serving import serve
from drafting.desks import Desk
from workinggroups import permissions
from workinggroups.forms.meetings import DecisionForm, MeetingTextsForm
from workinggroups.models import Decision, Meeting
from workinggroups.views.meetings import answer, files_of, rows, to_change, visible
from workinggroups.workflow import notes as workflow

State = Meeting.State


def people_of(meeting):
    return meeting.municipality.memberships.current().people()


DESK = Desk(
    rows=rows,
    form=MeetingTextsForm,
    texts=Meeting.drafted,
    people=people_of,
    can_write=permissions.can_change,
    can_comment=permissions.can_change,
    can_discuss=permissions.can_discuss,
    routes="workinggroups:meeting_",
    noun="meeting",
    template="workinggroups/meeting_edit.html",
    crumbs="workinggroups/_meeting_crumbs.html",
    readers=gettext_lazy("Only the people of your municipality see what is said here."),
)


@require_safe
def notes_confirm(request, pk, to):
    """The page before notes are opened for remarks, or approved and so locked."""
    meeting = visible(request, pk)
    if to not in {State.REMARKS, State.APPROVED}:
        raise Http404
    if to not in open_moves(request.user, meeting, workflow.MOVES):
        raise PermissionDenied
    context = {"meeting": meeting, "decisions": meeting.decisions.numbered(), "to": to}
    return render(request, f"workinggroups/notes_confirm_{to}.html", context)


@require_POST
def notes_move(request, pk, to):
    meeting = visible(request, pk)
    try:
        meeting, changed = workflow.move(meeting, to, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
        return redirect("workinggroups:meeting", pk)
    text = _("The notes are now “%s”.") if changed else _("The notes were already “%s”.")
    messages.success(request, text % meeting.get_state_display())
    return redirect("workinggroups:meeting", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_add(request, pk):
    meeting = to_change(request, pk)
    form = DecisionForm(request.POST or None)

    def store():
        return workflow.decide(meeting, form.cleaned_data["text"], by=request.user)

    return answer(request, meeting, form, store, "workinggroups/decision_add.html", "text")


def decision_to_change(request, pk):
    decisions = Decision.objects.visible_to(request.user).select_related("meeting")
    decision = get_object_or_404(decisions, pk=pk)
    return decision, to_change(request, decision.meeting_id)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_edit(request, pk):
    decision, meeting = decision_to_change(request, pk)
    form = DecisionForm(request.POST or None, instance=copy(decision))

    def store():
        words = {"text": form.cleaned_data["text"], "before": form.cleaned_data["before"]}
        return workflow.reword(decision, **words, by=request.user)

    return answer(request, meeting, form, store, "workinggroups/decision_edit.html", "text")


@require_POST
def decision_remove(request, pk):
    decision, meeting = decision_to_change(request, pk)
    try:
        workflow.take_back(decision, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("The decision is removed."))
    return redirect(meeting)


def approved(request, pk):
    """A meeting whose notes are approved, or 404: before that there are no files."""
    meeting = visible(request, pk)
    if not meeting.is_approved:
        raise Http404
    return meeting


@require_safe
def notes_files(request, pk):
    """The list of files alone; the page asks for it again while one is being made."""
    meeting = approved(request, pk)
    context = {"meeting": meeting} | files_of(request.user, meeting)
    return render(request, "workinggroups/_notes_files.html", context)


def file_of(meeting, language):
    return get_object_or_404(meeting.files.select_related("document"), language=language)


@require_safe
def notes_download(request, pk, language):
    meeting = approved(request, pk)
    response = serve(file_of(meeting, language).document)
    record_reading("meeting.notes_downloaded", meeting, by=request.user)
    return response


@require_POST
def notes_remake(request, pk, language):
    workflow.remake(file_of(approved(request, pk), language), by=request.user)
    messages.success(request, _("The file is being made again."))
    return redirect("workinggroups:meeting", pk)
