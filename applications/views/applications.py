from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record_reading
from accounts.workflow import Refused, open_moves
from applications import permissions, workflow
from applications.models import TEXTS, WRITTEN, Application
from applications.workflow import places
from documents.reasons import sentence
from documents.serving import serve
from notifications.plain import plain

State = Application.State
# The final acts that have a page of their own before them.
ASKED = {State.SUBMITTED, State.WITHDRAWN, State.CONFIRMED, State.DECLINED}
PLACES = {State.CONFIRMED, State.DECLINED}


@require_safe
def application_list(request):
    applications = Application.objects.visible_to(request.user)
    rows = applications.select_related("call", "municipality")
    return render(request, "applications/application_list.html", {"applications": rows})


def visible(request, pk):
    rows = Application.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("call__project", "municipality", "receipt"), pk=pk)


@require_safe
def application_detail(request, pk):
    application = visible(request, pk)
    context = {
        "application": application,
        "moves": open_moves(request.user, application, workflow.BUTTONS),
        "can_edit": permissions.can_edit(request.user, application),
        "fields": written_fields(application),
        "can_discuss": permissions.can_discuss(request.user, application),
        "texts": [(n, Application._meta.get_field(n).verbose_name) for n in TEXTS],
        "failed": sentence(application.receipt) if application.receipt else "",
        "can_ask": permissions.can_ask_for_receipt(request.user, application),
        "attachments": kept(application),
        "letters": written_letters(application),
        "place": places.place_on_reserve(application)
        if application.state == State.RESERVE
        else None,
    }
    return render(request, "applications/application_detail.html", context)


def written_letters(application):
    """For the template: (letter, why its file was not made, in words)."""
    letters = application.letters.select_related("document")
    return [(letter, sentence(letter.document)) for letter in letters]


def written_fields(application):
    """Label, value and name of what the municipality wrote, in the form's order."""
    return [
        (field.verbose_name, getattr(application, field.name), field.name)
        for field in map(Application._meta.get_field, WRITTEN)
    ]


def kept(application):
    return application.attachments.kept().select_related("upload")


@require_safe
def application_confirm(request, pk, to):
    """The page before a final act: what happens, and what can still be changed afterwards."""
    application = visible(request, pk)
    if to not in ASKED:
        raise Http404
    if to not in open_moves(request.user, application, workflow.BUTTONS):
        raise PermissionDenied
    missing = [Application._meta.get_field(name) for name in workflow.missing(application)]
    context = {
        "application": application,
        "missing": missing if to == State.SUBMITTED else [],
        "fields": written_fields(application),
        "attachments": kept(application),
        "to": to,
        "had_seat": application.state == State.SELECTED,
    }
    return render(request, f"applications/application_confirm_{to}.html", context)


@require_POST
def application_move(request, pk, to):
    application = visible(request, pk)
    act = places.answer if to in PLACES else workflow.move
    try:
        application, changed = act(
            application, to, by=request.user, note=plain(request.POST.get("note", ""))
        )
    except Refused as why:
        messages.error(request, str(why))
        return redirect(application)
    text = _("The application is now “%s”.") if changed else _("The application was already “%s”.")
    messages.success(request, text % application.get_state_display())
    return redirect(application)


@require_safe
def application_receipt(request, pk):
    application = visible(request, pk)
    response = serve(application.receipt)
    record_reading("application.receipt_downloaded", application, by=request.user)
    return response


@require_POST
def receipt_again(request, pk):
    application = visible(request, pk)
    try:
        workflow.ask_for_receipt(application, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("The receipt is being made again."))
    return redirect(application)
