from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record_reading
from accounts.workflow import Refused
from applications.models import Application, Attachment, Participation
from documents.reasons import sentence
from documents.serving import serve
from indexanalysis import edition, permissions, workflow
from indexanalysis.answering import first_unanswered, is_answered, progress
from indexanalysis.assembling import report_of
from indexanalysis.models import Assessment, Round
from indexanalysis.views.answers import (
    beside,
    form_of,
    progress_of,
    row_of,
    section_or_404,
    values_of,
    visible,
)


@login_not_required
@require_safe
def questionnaire(request):
    """The shipped edition, readable before applying."""
    shipped = edition.load(settings.SHIPPED_EDITION)
    areas = [(area, [shipped.section(code) for code in area.sections]) for area in shipped.areas]
    context = {"edition": shipped, "areas": areas}
    return render(request, "indexanalysis/questionnaire.html", context)


@login_not_required
@require_safe
def questionnaire_section(request, section):
    shipped = edition.load(settings.SHIPPED_EDITION)
    section = section_or_404(shipped, section)
    context = {
        "edition": shipped,
        "section": section,
        "area": shipped.area_of(section.code),
        "neighbours": neighbours(shipped, section),
    }
    return render(request, "indexanalysis/questionnaire_section.html", context)


@require_safe
def assessment_list(request):
    assessments = Assessment.objects.visible_to(request.user).with_town()
    return render(request, "indexanalysis/assessment_list.html", {"assessments": assessments})


@require_POST
def assessment_start(request, pk):
    participation = get_object_or_404(Participation.objects.visible_to(request.user), pk=pk)
    number = request.POST.get("round", "")
    round_ = get_object_or_404(Round.objects.open(), pk=number if number.isdecimal() else 0)
    try:
        assessment, _created = workflow.start(participation, round_, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
        return redirect("journey:home")
    return redirect(assessment)


@require_safe
def assessment_detail(request, pk):
    assessment = visible(request, pk)
    values = values_of(assessment)
    whole, sections = progress(assessment.edition, values)
    context = {
        "assessment": assessment,
        "progress": whole,
        "sections": [(s, sections[s.code]) for s in assessment.edition.sections],
        "next": first_unanswered(assessment.edition, values),
        "can_write": permissions.can_write(request.user, assessment),
        "can_submit": assessment.is_open and permissions.can_submit(request.user, assessment),
        "application": application_of(request.user, assessment),
    }
    return render(request, "indexanalysis/assessment_detail.html", context)


def application_of(user, assessment):
    """The application that led here, for a person who may read its attachments."""
    rows = Application.objects.with_attachments_for(user)
    rows = rows.filter(participation=assessment.participation_id)
    return rows.filter(attachments__in=Attachment.objects.kept()).first()


@require_safe
def section_detail(request, pk, section):
    assessment = visible(request, pk)
    section = section_or_404(assessment.edition, section)
    own = answers_of(assessment, section)
    can_write = permissions.can_write(request.user, assessment)
    context = {
        "assessment": assessment,
        "section": section,
        "area": assessment.edition.area_of(section.code),
        "forms": [form_of(assessment, answer) for answer in own] if can_write else [],
        "rows": [] if can_write else [(a.pk, row_of(assessment, a)) for a in own],
        "beside": beside(own),
        "can_propose": not can_write and permissions.can_propose(request.user, assessment),
        "can_write": can_write,
        "neighbours": neighbours(assessment.edition, section),
    }
    context |= progress_of(assessment, section, values_of(assessment))
    return render(request, "indexanalysis/section_detail.html", context)


def answers_of(assessment, section):
    """The section's answers in the order of its questions, with who wrote them."""
    codes = [question.code for question in section.questions]
    rows = assessment.answers.filter(question__in=codes).select_related("changed_by")
    return sorted(rows, key=lambda answer: codes.index(answer.question))


def neighbours(shipped, section):
    """The sections before and after, or None at the ends."""
    row = [None, *shipped.sections, None]
    place = row.index(section)
    return row[place - 1], row[place + 1]


@require_safe
def assessment_confirm(request, pk):
    """The page before submitting: what is missing, what happens, what cannot be changed then."""
    assessment = visible(request, pk)
    if not (assessment.is_open and permissions.can_submit(request.user, assessment)):
        raise PermissionDenied
    answers = list(assessment.answers.all())
    values = {answer.question: answer.value for answer in answers}
    whole, _sections = progress(assessment.edition, values)
    context = {
        "assessment": assessment,
        "progress": whole,
        "unanswered": missing_by_section(assessment.edition, values),
        "unexplained": [
            assessment.edition.question(code) for code in workflow.without_reason(answers)
        ],
    }
    return render(request, "indexanalysis/assessment_confirm.html", context)


def missing_by_section(shipped, values):
    """(section, its unanswered questions) for every section where something is missing."""
    pairs = [
        (section, [q for q in section.questions if not is_answered(values.get(q.code))])
        for section in shipped.sections
    ]
    return [(section, questions) for section, questions in pairs if questions]


@require_POST
def assessment_submit(request, pk):
    assessment = visible(request, pk)
    try:
        assessment, changed = workflow.submit(assessment, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
        return redirect("indexanalysis:confirm", pk)
    text = _("The answers are submitted.") if changed else _("The answers were submitted already.")
    messages.success(request, text)
    return redirect("indexanalysis:report", pk)


def submitted(request, pk):
    """A submitted assessment, or 404: before that there is no report."""
    assessment = visible(request, pk)
    if assessment.is_open:
        raise Http404
    return assessment


@require_safe
def report_detail(request, pk):
    """The report as a page: the accessible original; its files beside it."""
    assessment = submitted(request, pk)
    context = {"assessment": assessment, "report": report_of(assessment, get_language())}
    context |= files_of(request.user, assessment)
    return render(request, "indexanalysis/report_detail.html", context)


def files_of(user, assessment):
    """For the template: (report, why it failed) for each language's file."""
    reports = assessment.reports.select_related("document")
    return {
        "files": [(report, sentence(report.document)) for report in reports],
        "is_pending": any(report.document.is_pending for report in reports),
        "can_remake": permissions.can_remake(user, assessment),
    }


@require_safe
def report_files(request, pk):
    """The list of files alone; the page asks for it again while one is being made."""
    assessment = submitted(request, pk)
    context = {"app": "indexanalysis", "about": assessment} | files_of(request.user, assessment)
    return render(request, "documents/_files.html", context)


def file_of(assessment, language):
    return get_object_or_404(assessment.reports.select_related("document"), language=language)


@require_safe
def report_download(request, pk, language):
    assessment = submitted(request, pk)
    response = serve(file_of(assessment, language).document)
    record_reading("assessment.report_downloaded", assessment, by=request.user)
    return response


@require_POST
def report_remake(request, pk, language):
    workflow.remake(file_of(submitted(request, pk), language), by=request.user)
    messages.success(request, _("The report is being made again."))
    return redirect("indexanalysis:report", pk)
