from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import next_page
from accounts.audit import record_reading
from accounts.workflow import Refused, open_moves
from applications import permissions, workflow
from applications.forms import ApplicationForm, StartForm
from applications.models import TEXTS, WRITTEN, Application, Call
from documents.reasons import sentence
from documents.serving import serve
from drafting import pages, saving

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
        "can_discuss": permissions.can_discuss(request.user, application),
        "texts": [(n, Application._meta.get_field(n).verbose_name) for n in TEXTS],
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
    """Write the draft; its script saves it the same way, and gets a few lines back."""
    application = to_edit(request, pk)
    form = ApplicationForm(request.POST or None, instance=application)
    if not form.is_valid():  # also when nothing was sent
        status = 400 if form.is_bound else 200
        return edit_page(request, application, form, "invalid", status=status)
    saved = saving.save(
        application,
        form.written,
        read=form.cleaned_data["read"],
        by=request.user,
        key=request.POST.get("key", ""),
        base=base_of(request),
    )
    if not saved.went_in:
        return conflict(request, form, saved)
    if request.htmx:
        stored = pages.row_of(saved)
        form = ApplicationForm(instance=stored)
        return edit_page(request, stored, form, "joined" if saved.joined else "saved")
    messages.success(request, said_of(saved))
    return redirect(after_saving(request, saved.row))


def edit_page(request, application, form, outcome, status=200):
    context = {"form": form, "application": application, "outcome": outcome}
    name = "_draft_status" if request.htmx else "application_edit"
    if not request.htmx:
        comments = application.comments.waiting().values_list("field").annotate(Count("pk"))
        context["can_submit"] = permissions.can_submit(request.user, application)
        context["waiting"] = dict(comments.order_by())
    response = render(request, f"applications/{name}.html", context, status=status)
    return pages.acknowledge(response, request, application)


def base_of(request):
    """What the page goes on from where it is not the version that it names; None as a rule."""
    sent = pages.sent_before(request)
    form = ApplicationForm(sent, instance=Application()) if sent else None
    return form.written if form and form.is_valid() else None


def said_of(saved):
    if saved.joined:
        return _("The draft is saved, with what a colleague saved meanwhile.")
    return _("The draft is saved.")


def after_saving(request, application):
    """Where the person was going: the preview, or the application."""
    target = request.POST.get("next", "")
    if next_page.is_safe(target) and target.startswith("/"):
        return target
    return application.get_absolute_url()


def conflict(request, form, saved):
    """Both texts of each field that both changed; sent again, the form rests on the newer one."""
    stored, values, both = saved.row, saved.values, saved.differing
    form.data = form.data.dict() | values | {"read": stored.version}
    context = {
        "form": form,
        "application": stored,
        "stored": stored,
        "is_own": stored.changed_by_id == request.user.pk,
        "parts": [part_of(stored, name, values[name]) for name in both],
        "differing": [form[name] for name in both],
        "kept": [form[name] for name in values if name not in both],
        "sent": [(name, str(form.data[name])) for name in form.fields if form.data.get(name)],
        "action": reverse("applications:edit", args=[stored.pk]),
        "back": reverse("applications:edit", args=[stored.pk]),
        "outcome": "conflict",
    }
    name = "_draft_status" if request.htmx else "application_conflict"
    response = render(request, f"applications/{name}.html", context, status=409)
    return pages.acknowledge(response, request, stored)


def part_of(stored, name, mine):
    """One field: what is stored beside `mine`, in words; a long text can be joined in its box."""
    field = Application._meta.get_field(name)
    box = f"id_{name}" if name in TEXTS else ""
    return pages.Part(field.verbose_name, in_words(getattr(stored, name)), in_words(mine), box)


def in_words(value):
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return date_format(value) if isinstance(value, date) else value or ""


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
