from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.workflow import Refused
from applications import workflow
from applications.forms.applications import StartForm
from applications.models import Application, Call, CallDocument
from documents.serving import serve_upload
from municipalities.models import Municipality
from notifications import calendars


@login_not_required
@require_safe
def call_list(request):
    calls = list(Call.objects.visible_to(request.user).select_related("project"))
    groups = [
        (_("Open now"), [call for call in calls if call.is_open]),
        (_("Coming"), [call for call in calls if call.phase == Call.Phase.COMING]),
        (_("Drafts"), [call for call in calls if call.phase == Call.Phase.DRAFT]),
        (_("Past calls"), [call for call in calls if call.is_over]),
    ]
    context = {"calls": calls, "groups": [group for group in groups if group[1]]}
    return render(request, "applications/call_list.html", context)


def visible(request, slug):
    calls = Call.objects.visible_to(request.user).select_related("project")
    return get_object_or_404(calls, slug=slug)


@login_not_required
@require_safe
def call_detail(request, slug):
    call = visible(request, slug)
    own = own_applications(request.user, call)
    taking_part = call.project.participations.select_related("municipality")
    # The outcome is public with the decision, before a municipality has confirmed its place.
    asked = Municipality.objects.filter(applications__call=call, applications__state="selected")
    context = {
        "call": call,
        "selected": [p for p in taking_part if not p.joined_late and p.call_id == call.pk],
        "to_confirm": asked,
        "joined_late": [p for p in taking_part if p.joined_late],
        "form": start_form(request.user, own) if call.is_open else None,
        "own": own,
        **parts(call),
    }
    return render(request, "applications/call_detail.html", context)


def parts(call):
    """What the page lists beside the call's texts, each read once."""
    return {
        "dates": call.dates.all(),
        "contacts": call.contacts.all(),
        "questions": call.questions.all(),
        "documents": call.documents.select_related("upload"),
        "moves": call.deadline_moves.all(),
        "bodies": call.project.bodies_by_role(),
    }


def own_applications(user, call):
    """The standing applications of the municipalities that `user` works for."""
    if user.is_anonymous:
        return []
    towns = user.memberships.current().values("municipality")
    rows = Application.objects.visible_to(user).filter(call=call, municipality__in=towns)
    return rows.exclude(state=Application.State.WITHDRAWN).select_related("municipality")


@login_not_required
@require_safe
def call_calendar(request, slug):
    """The dates and the deadline of a call, for one's own calendar."""
    call, now = visible(request, slug), timezone.now()
    file = calendars.file_of_all([deadline_event(call, now), *date_events(call, now)], now)
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="call-{call.slug}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


def deadline_event(call, now):
    title = _("Deadline: %(call)s") % {"call": call.title}
    return event(call, now, f"call-{call.pk}", title=title, starts_at=call.closes_at, ends_at=None)


def date_events(call, now):
    for date in call.dates.all():
        yield event(
            call,
            now,
            f"call-date-{date.pk}",
            title=f"{date}: {call.title}",
            starts_at=date.starts_at,
            ends_at=date.ends_at,
            whole_day=date.is_whole_day,
        )


def event(call, now, name, **fields):
    """sequence: what is fetched later replaces what was fetched before, so minutes will do."""
    return calendars.Event(
        uid=f"{name}@{settings.SITE_URL.partition('//')[2]}",
        sequence=int(now.timestamp()) // 60,
        place="",
        text="",
        url=settings.SITE_URL + call.get_absolute_url(),
        **fields,
    )


@login_not_required
@require_safe
def call_document(request, pk):
    documents = CallDocument.objects.visible_to(request.user).select_related("upload")
    return serve_upload(get_object_or_404(documents, pk=pk).upload)


def start_form(user, own):
    """The form to begin with, or None for somebody who coordinates no municipality without one."""
    if user.is_anonymous:
        return None
    form = StartForm(user=user)
    field, begun = form.fields["municipality"], [row.municipality_id for row in own]
    field.queryset = towns = field.queryset.exclude(pk__in=begun)
    form.initial["municipality"] = towns.first()
    return form if form.initial["municipality"] else None


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
    return redirect("applications:steps", application.pk)
