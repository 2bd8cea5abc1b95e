from copy import copy

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.workflow import Refused, open_moves
from documents.reasons import sentence
from notifications import calendars
from workinggroups import permissions, standing
from workinggroups.forms.meetings import AttendanceForm, MeetingForm
from workinggroups.models import Meeting
from workinggroups.views import groups
from workinggroups.workflow import meetings as workflow
from workinggroups.workflow.notes import MOVES


def rows(user):
    return Meeting.objects.visible_to(user).with_town().select_related("chair", "secretary")


def visible(request, pk):
    return get_object_or_404(rows(request.user), pk=pk)


def to_change(request, pk):
    """A meeting whose notes are not approved yet, for whoever writes in its group."""
    meeting = visible(request, pk)
    if not permissions.can_change(request.user, meeting):
        raise PermissionDenied
    return meeting


@require_safe
def meeting_list(request, pk):
    group = groups.visible(request, pk)
    meetings = group.meetings.prefetch_related("attendees")
    coming = sorted((m for m in meetings if not m.is_over), key=lambda m: m.starts_at)
    context = {
        "group": group,
        "coming": coming,
        "held": [meeting for meeting in meetings if meeting.is_over],
        "can_write": permissions.can_write(request.user, group),
    }
    return render(request, "workinggroups/meeting_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_add(request, pk):
    group = groups.visible(request, pk)
    if not permissions.can_write(request.user, group):
        raise PermissionDenied
    form = MeetingForm(request.POST or None)
    if form.is_valid():
        meeting, created = workflow.plan(group, form.values, by=request.user)
        text = _("The meeting is planned. Write the agenda, then call the members.")
        messages.success(request, text if created else _("This meeting is planned already."))
        return redirect(meeting)
    context = {"form": form, "group": group}
    status = 400 if form.is_bound else 200
    return render(request, "workinggroups/meeting_add.html", context, status=status)


@require_safe
def meeting_detail(request, pk):
    meeting = visible(request, pk)
    user = request.user
    reads_notes = permissions.can_read_notes(user, meeting)
    context = {
        "meeting": meeting,
        "group": meeting.group,
        "moves": open_moves(user, meeting, MOVES) if meeting.has_begun else [],
        "can_change": permissions.can_change(user, meeting),
        "can_discuss": permissions.can_discuss(user, meeting),
        "reads_notes": reads_notes,
        "attendees": standing.in_order(meeting.attendees.all()) if reads_notes else [],
        "decisions": meeting.decisions.numbered() if reads_notes else [],
        "tasks": meeting.tasks.with_owner(),
    }
    context |= files_of(user, meeting) if meeting.is_approved else {}
    return render(request, "workinggroups/meeting_detail.html", context)


def files_of(user, meeting):
    """For the template: (file, why it failed) for each language."""
    files = meeting.files.select_related("document")
    return {
        "files": [(file, sentence(file.document)) for file in files],
        "is_pending": any(file.document.is_pending for file in files),
        "can_remake": permissions.can_remake(user, meeting),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_details(request, pk):
    meeting = to_change(request, pk)
    form = MeetingForm(request.POST or None, meeting=meeting)

    def store():
        return workflow.change(meeting, form.values, by=request.user)

    return answer(request, meeting, form, store, "workinggroups/meeting_details.html", "day")


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_attendance(request, pk):
    meeting = to_change(request, pk)
    form = AttendanceForm(request.POST or None, instance=copy(meeting))

    def store():
        return workflow.record_attendance(meeting, form.values, by=request.user)

    return answer(request, meeting, form, store, "workinggroups/meeting_attendance.html", None)


def answer(request, meeting, form, store, template, field):
    """Show the form, or store what it holds; a refusal is shown at `field`, with what was typed."""
    if form.is_valid():
        try:
            _row, changed = store()
        except Refused as why:
            form.add_error(field, str(why))
        else:
            text = _("The change is saved.") if changed else _("Nothing was changed.")
            messages.success(request, text)
            return redirect(meeting)
    context = {"form": form, "meeting": meeting, "group": meeting.group}
    return render(request, template, context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_call(request, pk):
    """The page before the mails leave: to whom; on POST they do."""
    meeting = to_change(request, pk)
    if request.method != "POST":
        context = {"meeting": meeting, "members": workflow.reachable(meeting)}
        return render(request, "workinggroups/meeting_call.html", context)
    try:
        _row, changed = workflow.call(meeting, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        text = _("The members are called to the meeting by mail.")
        messages.success(request, text if changed else _("The meeting was called already."))
    return redirect(meeting)


@require_safe
def meeting_calendar(request, pk):
    """The meeting for one's own calendar: fetched again after a change, it replaces the first."""
    meeting = visible(request, pk)
    host = settings.SITE_URL.partition("//")[2]
    event = calendars.Event(
        uid=f"meeting-{meeting.pk}@{host}",
        sequence=meeting.sequence,
        title=f"{meeting.group.title}: {meeting.municipality.name}",
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place or meeting.link,
        text="\n\n".join(filter(None, [meeting.link, meeting.agenda])),
        url=settings.SITE_URL + meeting.get_absolute_url(),
    )
    file = calendars.file_of(event, timezone.now())
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="meeting-{meeting.pk}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
