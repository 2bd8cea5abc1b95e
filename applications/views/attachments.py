from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.workflow import Refused
from applications import permissions
from applications.forms.attachments import AttachmentForm
from applications.models import Application, Attachment
from applications.steps import around
from applications.views.applications import follows
from applications.workflow import attachments as attaching
from documents.checking.unfit import Unfit
from documents.reasons import why_refused
from documents.serving import serve_upload
from documents.storing import used


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_list(request, pk):
    """An application's attachments, with the form to add one while it is a draft."""
    rows = Application.objects.with_attachments_for(request.user)
    application = get_object_or_404(rows.select_related("call", "municipality"), pk=pk)
    only = offered(request.user, application)
    if request.method != "POST":
        return attachment_page(request, application, AttachmentForm(only=only))
    if not permissions.can_attach(request.user, application):
        raise PermissionDenied
    form = AttachmentForm(request.POST, request.FILES, only=only)
    if not form.is_valid():
        return attachment_page(request, application, form)
    return attachment_add(request, application, form)


def offered(user, application):
    """The kinds that may be added now; None: all."""
    if permissions.can_change_attachments(user, application):
        return None
    return [row.what for row in attaching.following(application)] or None


def attachment_add(request, application, form):
    received, what = form.cleaned_data["file"], form.cleaned_data["what"]
    try:
        attachment, created = attaching.attach(application, received, what=what, by=request.user)
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
    user, now = request.user, application.attachments.kept().select_related("upload")
    is_editor = permissions.can_change_attachments(user, application)
    follow = follows(user, application)
    context = around(application, "attachments") | {
        "application": application,
        "attachments": now,
        "asked": application.call.requirements.all(),
        "there": {attachment.what for attachment in now},
        "following": follow,
        "can_add": is_editor or bool(follow),
        "removed": application.attachments.removed().select_related("upload"),
        "form": form,
        "can_edit": is_editor,
        "can_open": permissions.can_read(user, application),
        "used": used(attaching.bundle(now)),
        "most": settings.UPLOAD_BUNDLE_BYTES >> 20,
        "most_of_file": settings.UPLOAD_FILE_BYTES,
        "file_megabytes": settings.UPLOAD_FILE_BYTES >> 20,
        "too_big": why_refused("too_big"),
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
        attaching.remove(attachment, by=request.user)
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
        attaching.put_back(attachment, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("“%s” is attached again.") % attachment.upload)
    return redirect("applications:attachments", attachment.application_id)
