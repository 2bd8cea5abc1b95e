from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import next_page
from accounts.audit import record_reading
from accounts.workflow import Refused, open_moves
from applications import permissions, workflow
from applications.forms import ApplicationForm, AttachmentForm, StartForm
from applications.models import WRITTEN, Application, Attachment, Call
from documents.checking.unfit import Unfit
from documents.reasons import sentence, why_refused
from documents.serving import serve, serve_upload
from documents.storing import used
from drafting import saving

State = Application.State


@login_not_required
@require_safe
def call_list(request):
    calls = Call.objects.visible_to(request.user).select_related("project")
    return render(request, "applications/call_list.html", {"calls": calls})


@login_not_required
@require_safe
def call_detail(request, slug):
    calls = Call.objects.visible_to(request.user).select_related("project")
    call = get_object_or_404(calls, slug=slug)
    taking_part = call.project.participations.select_related("municipality")
    context = {
        "call": call,
        "selected": [p for p in taking_part if not p.joined_late and p.call_id == call.pk],
        "joined_late": [p for p in taking_part if p.joined_late],
        "form": start_form(request.user) if call.is_open else None,
    }
    return render(request, "applications/call_detail.html", context)


def start_form(user):
    """The form to begin with, or None for somebody who coordinates no municipality."""
    if user.is_anonymous or not user.memberships.current().coordinating().exists():
        return None
    form = StartForm(user=user)
    form.initial["municipality"] = form.fields["municipality"].queryset.first()
    return form


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
    return redirect("applications:edit", application.pk)


@require_safe
def application_list(request):
    applications = Application.objects.visible_to(request.user)
    rows = applications.select_related("call", "municipality")
    return render(request, "applications/application_list.html", {"applications": rows})


def visible(request, pk):
    rows = Application.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("call", "municipality", "receipt"), pk=pk)


@require_safe
def application_detail(request, pk):
    application = visible(request, pk)
    context = {
        "application": application,
        "moves": open_moves(request.user, application, workflow.BUTTONS),
        "can_edit": permissions.can_edit(request.user, application),
        "fields": written_fields(application),
        "failed": sentence(application.receipt) if application.receipt else "",
        "can_ask": permissions.can_ask_for_receipt(request.user, application),
        "attachments": kept(application),
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


def to_edit(request, pk):
    """The application, locked: what one tab saves must not undo what another has submitted."""
    rows = Application.objects.visible_to(request.user).select_for_update(of=["self"])
    application = get_object_or_404(rows.select_related("call", "municipality"), pk=pk)
    if not permissions.can_edit(request.user, application):
        raise PermissionDenied
    return application


@require_http_methods(["GET", "HEAD", "POST"])
def application_edit(request, pk):
    application = to_edit(request, pk)
    form = ApplicationForm(request.POST or None, instance=application)
    can_submit = permissions.can_submit(request.user, application)
    context = {"form": form, "application": application, "can_submit": can_submit}
    if not form.is_valid():  # also when nothing was sent
        status = 400 if form.is_bound else 200
        return render(request, "applications/application_edit.html", context, status=status)
    read = form.cleaned_data["read"]
    stored, went_in = saving.save(application, form.written, read=read, by=request.user)
    if not went_in:
        return join(request, form, stored)
    messages.success(request, _("The draft is saved."))
    return redirect(after_saving(request, stored))


def join(request, form, stored):
    """Somebody else was quicker; what only one of the two changed goes together by itself."""
    values, both = form.joined_with(stored)
    if both:
        return conflict(request, form, stored, values, both)
    stored, _went_in = saving.save(stored, values, read=stored.version, by=request.user)
    messages.success(request, _("The draft is saved, with what a colleague saved meanwhile."))
    return redirect(after_saving(request, stored))


def after_saving(request, application):
    """Where the person was going: another language's page, the preview, or the application."""
    target = request.POST.get("next", "")
    if next_page.is_safe(target) and target.startswith("/"):
        return target
    return application.get_absolute_url()


def conflict(request, form, stored, values, both):
    """Both texts of each field that both changed; sent again, the form rests on the newer one."""
    newer = {form.add_initial_prefix(name): getattr(stored, name) for name in both}
    form.data = form.data.dict() | values | newer | {"read": stored.version}
    context = {
        "form": form,
        "application": stored,
        "differing": [(form[name], getattr(stored, name)) for name in both],
        "kept": [form[name] for name in values if name not in both],
    }
    return render(request, "applications/application_conflict.html", context, status=409)


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
        "to": to,
    }
    return render(request, f"applications/application_confirm_{to}.html", context)


@require_POST
def application_move(request, pk, to):
    application = visible(request, pk)
    try:
        application, changed = workflow.move(
            application, to, by=request.user, note=request.POST.get("note", "")
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


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_list(request, pk):
    """An application's attachments, with the form to add one while it is a draft."""
    rows = Application.objects.with_attachments_for(request.user)
    application = get_object_or_404(rows.select_related("call", "municipality"), pk=pk)
    if request.method != "POST":
        return attachment_page(request, application, AttachmentForm())
    if not permissions.can_attach(request.user, application):
        raise PermissionDenied
    form = AttachmentForm(request.POST, request.FILES)
    if not form.is_valid():
        return attachment_page(request, application, form)
    return attachment_add(request, application, form)


def attachment_add(request, application, form):
    received, what = form.cleaned_data["file"], form.cleaned_data["what"]
    try:
        attachment, created = workflow.attach(application, received, what=what, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    except Unfit as why:
        form.add_error("file", ValidationError(why_refused(str(why)), code=str(why)))
        return attachment_page(request, application, form)
    else:
        text = _("“%s” is attached.") if created else _("“%s” was attached already.")
        messages.success(request, text % attachment.upload)
    return redirect("applications:attachments", application.pk)


def attachment_page(request, application, form):
    """Without room on the disk the answer is 507, so that a monitor notices."""
    user, now = request.user, kept(application)
    is_editor = permissions.can_edit(user, application)
    context = {
        "application": application,
        "attachments": now,
        "removed": application.attachments.removed().select_related("upload"),
        "form": form,
        "can_edit": is_editor,
        "can_open": Application.objects.visible_to(user).filter(pk=application.pk).exists(),
        "used": used(workflow.bundle(now)),
        "most": settings.UPLOAD_BUNDLE_BYTES,
        "most_of_file": settings.UPLOAD_FILE_BYTES,
        "bin_days": settings.BIN_DAYS,
    }
    status = (507 if form.has_error("file", "no_room") else 400) if form.errors else 200
    template = "applications/application_attachments.html"
    return render(request, template, context, status=status)


def found_attachment(request, pk):
    rows = Attachment.objects.visible_to(request.user).select_related("application", "upload")
    return get_object_or_404(rows, pk=pk)


@require_safe
def attachment_download(request, pk):
    attachment = found_attachment(request, pk)
    if attachment.removed_at:
        raise Http404
    return serve_upload(attachment.upload)


@require_POST
def attachment_remove(request, pk):
    attachment = found_attachment(request, pk)
    try:
        workflow.remove(attachment, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        text = _("“%s” is removed. You can put it back as long as the application is a draft.")
        messages.success(request, text % attachment.upload)
    return redirect("applications:attachments", attachment.application_id)


@require_POST
def attachment_put_back(request, pk):
    attachment = found_attachment(request, pk)
    try:
        workflow.put_back(attachment, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("“%s” is attached again.") % attachment.upload)
    return redirect("applications:attachments", attachment.application_id)
