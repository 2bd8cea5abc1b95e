"""Recommendations after an assessment: begun, written, issued, answered and carried out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.workflow import Refused, open_moves
from applications.permissions import is_assigned
from drafting.desks import Desk
from indexanalysis import permissions
from indexanalysis.forms.recommendations import (
    LONG,
    BasisForm,
    RecommendationForm,
    ResponseForm,
)
from indexanalysis.models import Recommendation
from indexanalysis.report import shown
from indexanalysis.scoring import score, suggestions
from indexanalysis.views.answers import section_or_404, values_of
from indexanalysis.views.assessments import submitted
from indexanalysis.workflow import recommendations as workflow

State = Recommendation.State


def rows(user):
    return Recommendation.objects.visible_to(user).with_town()


def people_of(recommendation):
    """Whoever reads a draft and what is said about it: the municipality's experts."""
    return recommendation.municipality.assignments.current().people()


DESK = Desk(
    rows=rows,
    form=RecommendationForm,
    texts=LONG,
    people=people_of,
    can_write=permissions.can_draft,
    can_comment=permissions.can_draft,
    can_discuss=is_assigned,
    routes="indexanalysis:recommendation_",
    noun="recommendation",
    template="indexanalysis/recommendation_edit.html",
    crumbs="indexanalysis/_recommendation_crumbs.html",
    readers=gettext_lazy("Only the experts of the municipality see what is said here."),
)


def visible(request, pk):
    return get_object_or_404(rows(request.user), pk=pk)


def to_draft(request, pk):
    """A draft, locked, for whoever may change it: issuing waits, or has been there first."""
    row = get_object_or_404(rows(request.user).select_for_update(of=("self",)), pk=pk)
    if not permissions.can_draft(request.user, row):
        raise PermissionDenied
    return row


@require_safe
def recommendation_list(request, pk):
    assessment = submitted(request, pk)
    seen = rows(request.user).filter(assessment=assessment)
    context = {
        "assessment": assessment,
        "drafts": [row for row in seen if row.is_draft],
        "recommendations": [row for row in seen if not row.is_draft],
        "can_recommend": permissions.can_recommend(request.user, assessment),
        "can_respond": permissions.is_coordinator(request.user, assessment),
    }
    return render(request, "indexanalysis/recommendation_list.html", context)


def to_recommend(request, pk):
    """A submitted assessment, for its municipality's experts."""
    assessment = submitted(request, pk)
    if not permissions.can_recommend(request.user, assessment):
        raise PermissionDenied
    return assessment


@require_safe
def recommendation_sections(request, pk):
    """Where to begin: the sections with their scores, and how many suggestions fit the answers."""
    assessment = to_recommend(request, pk)
    values = values_of(assessment)
    scores = score(assessment.edition, values).sections
    sections = [
        (section, shown(scores[section.code]), sum(len(fit(q, values)) for q in section.questions))
        for section in assessment.edition.sections
    ]
    context = {"assessment": assessment, "sections": sections}
    return render(request, "indexanalysis/recommendation_sections.html", context)


def fit(question, values):
    """The edition's suggestions for a question that was answered so."""
    return suggestions(question, values.get(question.code))


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_new(request, pk, section):
    """One section's suggestions, each to begin with; or a form to begin with own words."""
    assessment = to_recommend(request, pk)
    section = section_or_404(assessment.edition, section)
    blank = Recommendation(language=get_language())
    form = BasisForm(request.POST or None, instance=blank, section=section)
    if form.is_valid():
        values = form.cleaned_data | {"section": section.code}
        row, _created = workflow.start(assessment, values, by=request.user)
        return redirect("indexanalysis:recommendation_edit", row.pk)
    context = {
        "assessment": assessment,
        "section": section,
        "questions": suggested(section, values_of(assessment)),
        "form": form,
    }
    status = 400 if form.is_bound else 200
    return render(request, "indexanalysis/recommendation_new.html", context, status=status)


def suggested(section, values):
    """(question, [(number, suggestion, whether it fits the answer)]) where there are any."""
    return [
        (question, [(n, s, s in fit(question, values)) for n, s in enumerate(question.suggestions)])
        for question in section.questions
        if question.suggestions
    ]


@require_POST
def recommendation_start(request, pk, question, number):
    """Begin with one of the edition's suggestions, in all three languages."""
    assessment = to_recommend(request, pk)
    try:
        question = assessment.edition.question(question)
        suggestion = question.suggestions[number]
    except (KeyError, IndexError):
        raise Http404 from None
    values = workflow.suggested(question, suggestion, language=get_language())
    row, _created = workflow.start(assessment, values, by=request.user)
    return redirect("indexanalysis:recommendation_edit", row.pk)


@require_safe
def recommendation_detail(request, pk):
    recommendation = visible(request, pk)
    user = request.user
    context = {
        "recommendation": recommendation,
        "section": recommendation.edition_section,
        "questions": questions_of(recommendation),
        "can_draft": permissions.can_draft(user, recommendation),
        "can_respond": recommendation.awaits_answer
        and permissions.can_respond(user, recommendation),
        "moves": open_moves(user, recommendation, workflow.CARRIED_OUT),
    }
    return render(request, "indexanalysis/recommendation_detail.html", context)


def questions_of(recommendation):
    edition = recommendation.assessment.edition
    return [edition.question(code) for code in recommendation.questions]


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_basis(request, pk):
    """The questions, priority and working language of a draft."""
    recommendation = to_draft(request, pk)
    section = recommendation.edition_section
    form = BasisForm(request.POST or None, instance=recommendation, section=section)
    if form.is_valid():
        form.save()
        messages.success(request, _("The change is saved."))
        return redirect("indexanalysis:recommendation_edit", pk)
    context = {"recommendation": recommendation, "section": section, "form": form}
    status = 400 if form.is_bound else 200
    return render(request, "indexanalysis/recommendation_basis.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_discard(request, pk):
    recommendation = to_draft(request, pk)
    if request.method == "POST":
        workflow.discard(recommendation, by=request.user)
        messages.success(request, _("The draft is deleted."))
        return redirect("indexanalysis:recommendations", recommendation.assessment_id)
    context = {"recommendation": recommendation}
    return render(request, "indexanalysis/recommendation_discard.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_issue(request, pk):
    """Issue one draft; a second click finds nothing left to issue and says so."""
    recommendation = visible(request, pk)
    if not permissions.can_issue(request.user, recommendation):
        raise PermissionDenied
    drafts = [recommendation] if recommendation.is_draft else []
    return issue(request, recommendation.assessment, drafts)


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_issue_all(request, pk):
    assessment = to_recommend(request, pk)
    drafts = rows(request.user).filter(assessment=assessment, state=State.DRAFT)
    return issue(request, assessment, list(drafts))


def issue(request, assessment, drafts):
    """The page that says what happens; and when it is confirmed, what came of it."""
    if request.method == "POST":
        try:
            issued = workflow.issue(assessment, drafts, by=request.user)
        except Refused as why:
            messages.error(request, str(why))
        else:
            messages.success(request, said_of(issued))
        return redirect("indexanalysis:recommendations", assessment.pk)
    context = {
        "assessment": assessment,
        "recommendations": drafts,
        "unfinished": [row for row in drafts if not row.is_in(row.language)],
    }
    return render(request, "indexanalysis/recommendation_issue.html", context)


def said_of(issued):
    if not issued:
        return _("There was nothing left to issue.")
    text = ngettext(
        "%d recommendation is issued. The coordinators get a mail.",
        "%d recommendations are issued. The coordinators get a mail.",
        issued,
    )
    return text % issued


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_respond(request, pk):
    """The coordinator answers for the municipality."""
    recommendation = visible(request, pk)
    if not permissions.can_respond(request.user, recommendation):
        raise PermissionDenied
    form = ResponseForm(request.POST or None)
    if form.is_valid():
        return respond(request, recommendation, **form.cleaned_data)
    context = {"recommendation": recommendation, "form": form}
    status = 400 if form.is_bound else 200
    return render(request, "indexanalysis/recommendation_respond.html", context, status=status)


def respond(request, recommendation, answer, response):
    try:
        row, changed = workflow.respond(recommendation, answer, response, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, said_of_state(row, changed))
    return redirect(recommendation)


@require_POST
def recommendation_move(request, pk, to):
    """The municipality works on it, or has done it."""
    recommendation = visible(request, pk)
    if to not in {State.IN_PROGRESS, State.DONE}:
        raise Http404
    if not permissions.can_carry_out(request.user, recommendation):
        raise PermissionDenied
    try:
        row, changed = workflow.carry_out(recommendation, to, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, said_of_state(row, changed))
    return redirect(recommendation)


def said_of_state(row, changed):
    if changed:
        text = _("The recommendation is now “%s”.")
    else:
        text = _("The recommendation was already “%s”.")
    return text % row.get_state_display()
