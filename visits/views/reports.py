"""The report of a visit: its summary, its page, its files."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record_reading
from applications.permissions import is_assigned
from documents.reasons import sentence
from documents.serving import serve
from drafting.desks import Desk
from visits import permissions, workflow
from visits.assembling import report_of
from visits.forms import SummaryForm
from visits.models import Visit
from visits.views.visits import visible


def rows(user):
    return Visit.objects.visible_to(user).with_town()


def people_of(row):
    """Whoever reads what is said about a text of the experts: those who are assigned today."""
    return row.municipality.assignments.current().people()


DESK = Desk(
    rows=rows,
    form=SummaryForm,
    texts=("summary",),
    people=people_of,
    can_write=permissions.can_summarise,
    can_comment=permissions.can_summarise,
    can_discuss=is_assigned,
    routes="visits:",
    noun="visit",
    template="visits/summary_edit.html",
    crumbs="visits/_crumbs.html",
    readers=gettext_lazy("Only the experts of the municipality see what is said here."),
)


def with_report(request, pk):
    """A visit whose report the person may read, or 404: for the others there is none yet."""
    visit = visible(request, pk)
    if not permissions.can_read_report(request.user, visit):
        raise Http404
    return visit


@require_safe
def report_detail(request, pk):
    """The report as a page: the accessible original; its files beside it."""
    visit = with_report(request, pk)
    context = {"visit": visit, "report": report_of(visit, get_language())}
    context |= files_of(request.user, visit)
    return render(request, "visits/report_detail.html", context)


def files_of(user, visit):
    """For the template: (report, why it failed) for each language's file."""
    reports = visit.reports.select_related("document")
    return {
        "files": [(report, sentence(report.document)) for report in reports],
        "is_pending": any(report.document.is_pending for report in reports),
        "can_remake": permissions.can_remake(user, visit),
    }


@require_safe
def report_files(request, pk):
    """The list of files alone; the page asks for it again while one is being made."""
    visit = with_report(request, pk)
    context = {"app": "visits", "about": visit} | files_of(request.user, visit)
    return render(request, "documents/_files.html", context)


def file_of(visit, language):
    return get_object_or_404(visit.reports.select_related("document"), language=language)


@require_safe
def report_download(request, pk, language):
    visit = with_report(request, pk)
    response = serve(file_of(visit, language).document)
    record_reading("visit.report_downloaded", visit, by=request.user)
    return response


@require_POST
def report_remake(request, pk, language):
    workflow.remake(file_of(with_report(request, pk), language), by=request.user)
    messages.success(request, _("The report is being made again."))
    return redirect("visits:report", pk)
