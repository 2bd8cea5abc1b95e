"""The golden thread: what a thing on the path came from, and what came of it.

A page asks for its part of the thread by the address of `views.thread`; each kind of thing has one
function here that starts from what the reader sees, and returns (municipality, strands).
"""

from dataclasses import dataclass, field

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from indexanalysis.models import Assessment, Recommendation
from strategies.models import Measure
from visits.models import Finding


@dataclass(frozen=True)
class Knot:
    """One thing on the thread."""

    label: str
    url: str
    state: str = ""


@dataclass(frozen=True)
class Strand:
    """The things of one kind; `empty` says what it means that there are none."""

    title: str
    knots: list = field(default_factory=list)
    empty: str = ""


def of_question(user, pk, code):
    """What came of the answer to one question."""
    assessment = get_object_or_404(Assessment.objects.visible_to(user).with_town(), pk=pk)
    if code not in {question.code for question in assessment.edition.questions}:
        raise Http404
    rests = Recommendation.objects.visible_to(user).filter(questions__contains=[code])
    recommendations = list(rests.filter(assessment=assessment))
    findings = Finding.objects.visible_to(user).filter(questions__contains=[code])
    findings = findings.filter(visit__participation=assessment.participation_id)
    strands = [recommended(recommendations), found(findings), measured(user, recommendations)]
    return assessment.municipality, strands


def of_recommendation(user, pk):
    """What a recommendation rests on, and what came of it."""
    row = get_object_or_404(Recommendation.objects.visible_to(user).with_town(), pk=pk)
    findings = Finding.objects.visible_to(user).filter(questions__overlap=row.questions)
    findings = findings.filter(visit__participation=row.assessment.participation_id)
    strands = [asked(row.assessment, row.questions), found(findings), measured(user, [row])]
    return row.municipality, strands


def of_finding(user, pk):
    """The questions that a finding touches, and what is recommended about them."""
    row = get_object_or_404(Finding.objects.visible_to(user).with_town(), pk=pk)
    own = Recommendation.objects.visible_to(user).filter(questions__overlap=row.questions)
    own = own.filter(assessment__participation=row.visit.participation_id).with_town()
    recommendations = list(own)
    newest = row.visit.participation.assessments.select_related("round").order_by("-pk").first()
    strands = [asked(newest, row.questions)] if newest else []
    strands += [recommended(recommendations), measured(user, recommendations)]
    return row.municipality, strands


def asked(assessment, codes):
    knots = []
    for code in codes:
        text = assessment.edition.question(code).text.in_language(get_language())
        url = reverse("indexanalysis:about", args=[assessment.pk, code])
        knots.append(Knot(f"{code} {text}", url))
    return Strand(_("Questions"), knots, _("It rests on no single question."))


def recommended(rows):
    knots = [Knot(str(row), row.get_absolute_url(), row.get_state_display()) for row in rows]
    return Strand(_("Recommendations"), knots, _("Nothing is recommended here."))


def found(rows):
    knots = [Knot(row.heading, row.get_absolute_url(), row.get_kind_display()) for row in rows]
    return Strand(_("Findings of the expert visit"), knots, _("No visit has found anything here."))


def measured(user, recommendations):
    rows = Measure.objects.visible_to(user).kept().filter(recommendations__in=recommendations)
    rows = rows.select_related("objective__strategy").distinct()
    knots = [Knot(row.title, row.get_absolute_url(), row.strategy.title) for row in rows]
    return Strand(_("Measures of the strategy"), knots, _("No measure answers this yet."))
