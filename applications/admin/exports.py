"""What staff take out of the portal about applications, and count of them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record
from applications import permissions
from applications.counting import statistics
from applications.exporting import records, tables
from applications.models import Application, Call
from documents.sheets import csv_lines, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Exports:
    """Mixed into the admin of applications."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path(
                "export/<slug:kind>/",
                view(require_safe(self.export)),
                name="applications_application_export",
            ),
            path(
                "statistics/",
                view(require_safe(self.statistics)),
                name="applications_application_statistics",
            ),
            *super().get_urls(),
        ]

    def export(self, request, kind):
        """All that the person may see, or one call's part: ?call=key. Written down each time."""
        if not permissions.can_export(request.user):
            raise PermissionDenied
        if kind not in KINDS:
            raise Http404
        call = call_named(request)
        found = tables(request.user, call)
        response = KINDS[kind](found)
        name = f"{call.slug if call else 'applications'}-{timezone.localdate()}"
        response["Content-Disposition"] = f'attachment; filename="{name}-{FILES[kind]}"'
        response["Cache-Control"] = "private, no-store"
        rows = {name: len(rows) - 1 for name, rows in found.items()}
        note = f"{kind}: {rows['applications']} applications, {rows['reviews']} reviews"
        record("application.exported", call, by=request.user, note=note)
        return response

    def statistics(self, request):
        if not permissions.can_export(request.user):
            raise PermissionDenied
        call = call_named(request)
        chosen = {"call": call} if call else {}
        seen = Application.objects.visible_to(request.user).for_staff(request.user)
        applications = list(seen.filter(**chosen).select_related("municipality__region"))
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Statistics"),
            "call": call,
            "calls": Call.objects.visible_to(request.user),
            "submitted": len(applications),
            # A number alone: whose drafts they are, and what they say, is the municipalities'.
            "drafts": Application.objects.filter(state="draft", **chosen).count(),
            "tables": statistics(applications),
        }
        template = "admin/applications/application/statistics.html"
        return TemplateResponse(request, template, context)


def call_named(request):
    """The call that the address names, or None for all of them."""
    number = request.GET.get("call", "")
    if not number:
        return None
    rows = Call.objects.visible_to(request.user)
    return get_object_or_404(rows, pk=number if number.isdecimal() else 0)


def as_workbook(found):
    sheets = {
        _("Applications"): found["applications"],
        _("Reviews"): found["reviews"],
        _("Points by criterion"): found["marks"],
    }
    return HttpResponse(workbook(sheets), content_type=XLSX)


def as_csv(name):
    def streamed(found):
        lines = csv_lines(found[name])
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")

    return streamed


def as_json(found):
    content = {name: records(table) for name, table in found.items()}
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})


KINDS = {
    "workbook": as_workbook,
    "json": as_json,
    "applications": as_csv("applications"),
    "reviews": as_csv("reviews"),
    "marks": as_csv("marks"),
}
FILES = {
    "workbook": "all.xlsx",
    "json": "all.json",
    "applications": "applications.csv",
    "reviews": "reviews.csv",
    "marks": "marks.csv",
}
