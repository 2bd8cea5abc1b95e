from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record_reading
from accounts.workflow import Refused, open_moves
from applications import permissions, workflow
from applications.content import content_of
from applications.models import ATTACHMENTS, TEXTS, Application, Partner
from applications.returned import as_submitted
from applications.steps import all_missing, sheet, steps
from applications.workflow import places
from applications.workflow.attachments import following
from documents.frozen import canonical, checksum
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
    waiting = Partner.objects.waiting_for(request.user).with_towns()
    context = {"applications": rows, "asked": waiting}
    return render(request, "applications/application_list.html", context)


def visible(request, pk):
    rows = Application.objects.visible_to(request.user)
    related = ("call__project", "municipality__region", "receipt")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def readable(request, pk):
    rows = Application.objects.readable_by(request.user)
    return get_object_or_404(rows.select_related("call", "municipality", "receipt"), pk=pk)


@require_safe
def application_detail(request, pk):
    """Staff who have not declared on an application yet are led to that first."""
    application = visible(request, pk)
    if permissions.must_declare(request.user, application):
        return redirect("admin:applications_application_declare", pk)
    if not permissions.can_discuss(request.user, application):
        as_submitted([application])
    open_fields = permissions.open_fields(request.user, application)
    context = sheet(application) | {
        "moves": open_moves(request.user, application, workflow.BUTTONS),
        "can_edit": bool(open_fields - {ATTACHMENTS}),
        "can_discuss": permissions.can_discuss(request.user, application),
        "following": follows(request.user, application),
        "texts": [(n, Application._meta.get_field(n).verbose_name) for n in TEXTS],
        "failed": sentence(application.receipt) if application.receipt else "",
        "can_ask": permissions.can_ask_for_receipt(request.user, application),
        "can_attach": ATTACHMENTS in open_fields,
        "completion": application.open_completion,
        "letters": written_letters(application),
        "place": places.place_on_reserve(application)
        if application.state == State.RESERVE
        else None,
    }
    return render(request, "applications/application_detail.html", context)


def follows(user, application):
    """The attachments that may still be added to what was submitted, by whoever may add them."""
    rows = following(application)
    return rows if rows and permissions.can_attach(user, application) else []


def written_letters(application):
    """For the template: (letter, why its file was not made, in words)."""
    letters = application.letters.select_related("document")
    return [(letter, sentence(letter.document)) for letter in letters]


@require_safe
def application_confirm(request, pk, to):
    """The page before a final act: what happens, and what can still be changed afterwards."""
    application = visible(request, pk)
    if to not in ASKED:
        raise Http404
    if to not in open_moves(request.user, application, workflow.BUTTONS):
        raise PermissionDenied
    rows = steps(application) if to == State.SUBMITTED else []
    context = sheet(application) | {
        "missing": all_missing(rows),
        "unanswered": application.partners.asked().select_related("municipality"),
        "following": application.call.requirements.following().lacking_in(application),
        "keeps_days": settings.WITHDRAWN_DAYS,
        "is_open": workflow.is_open(application),
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
    application = readable(request, pk)
    response = serve(application.receipt)
    record_reading("application.receipt_downloaded", application, by=request.user)
    return response


@require_safe
def application_content(request, pk):
    """The text whose SHA-256 is printed on the receipt, as long as nothing in it has changed."""
    (application,) = as_submitted([readable(request, pk)])
    content = content_of(application) if application.checksum else None
    if content is None or checksum(content) != application.checksum:
        raise Http404
    response = HttpResponse(canonical(content), content_type="application/json")
    name = f"application-{application.pk}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    record_reading("application.content_downloaded", application, by=request.user)
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
