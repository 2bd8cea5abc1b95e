from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record_reading
from accounts.workflow import Refused, open_moves
from applications import permissions, workflow
from applications.models import ATTACHMENTS, TEXTS, WRITTEN, Application
from documents.reasons import sentence
from documents.serving import serve
from notifications.plain import plain

State = Application.State


@require_safe
def application_list(request):
    applications = Application.objects.visible_to(request.user)
    rows = applications.select_related("call", "municipality")
    return render(request, "applications/application_list.html", {"applications": rows})


def visible(request, pk):
    rows = Application.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("call", "municipality", "receipt"), pk=pk)


def readable(request, pk):
    rows = Application.objects.readable_by(request.user)
    return get_object_or_404(rows.select_related("call", "municipality", "receipt"), pk=pk)


@require_safe
def application_detail(request, pk):
    """Staff who have not declared on an application yet are led to that first."""
    application = visible(request, pk)
    if permissions.must_declare(request.user, application):
        return redirect("admin:applications_application_declare", pk)
    open_fields = permissions.open_fields(request.user, application)
    context = {
        "application": application,
        "moves": open_moves(request.user, application, workflow.BUTTONS),
        "can_edit": bool(open_fields - {ATTACHMENTS}),
        "fields": written_fields(application),
        "can_discuss": permissions.can_discuss(request.user, application),
        "texts": [(n, Application._meta.get_field(n).verbose_name) for n in TEXTS],
        "failed": sentence(application.receipt) if application.receipt else "",
        "can_ask": permissions.can_ask_for_receipt(request.user, application),
        "attachments": kept(application),
        "can_attach": ATTACHMENTS in open_fields,
        "completion": application.open_completion,
    }
    return render(request, "applications/application_detail.html", context)


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
    if to not in {State.SUBMITTED, State.WITHDRAWN}:
        raise Http404
    if to not in open_moves(request.user, application, workflow.BUTTONS):
        raise PermissionDenied
    missing = [Application._meta.get_field(name) for name in workflow.missing(application)]
    context = {
        "application": application,
        "missing": missing if to == State.SUBMITTED else [],
        "fields": written_fields(application),
        "attachments": kept(application),
        "is_open": workflow.is_open(application),
        "to": to,
    }
    return render(request, f"applications/application_confirm_{to}.html", context)


@require_POST
def application_move(request, pk, to):
    application = visible(request, pk)
    try:
        application, changed = workflow.move(
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
    application = readable(request, pk)
    response = serve(application.receipt)
    record_reading("application.receipt_downloaded", application, by=request.user)
    return response


@require_POST
def receipt_again(request, pk):
    application = readable(request, pk)
    try:
        workflow.ask_for_receipt(application, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("The receipt is being made again."))
    return redirect(application)
