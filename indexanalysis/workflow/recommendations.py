"""Recommendations: begun and written by the municipality's experts, issued, answered, carried out.

Issuing and answering lock the assessment first: numbers are counted under that lock, and the
report that is ordered anew tells of whatever was issued or answered before.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from indexanalysis import permissions
from indexanalysis.models import Assessment, Recommendation
from indexanalysis.workflow import order_reports
from notifications.models import Kind
from notifications.outbox import post

State = Recommendation.State

# (from, to): whose move it is. A pair that is not here cannot happen.
MOVES = {
    (State.DRAFT, State.ISSUED): permissions.can_issue,
    (State.ISSUED, State.ACCEPTED): permissions.can_respond,
    (State.ISSUED, State.NOT_TAKEN_UP): permissions.can_respond,
    (State.ACCEPTED, State.IN_PROGRESS): permissions.can_carry_out,
    (State.IN_PROGRESS, State.DONE): permissions.can_carry_out,
}
ANSWERS = (State.ACCEPTED, State.NOT_TAKEN_UP)
# Moved by a button of their own, with nothing to write.
CARRIED_OUT = {pair: rule for pair, rule in MOVES.items() if rule is permissions.can_carry_out}


def locked(assessment):
    """The assessment; of two acts that change its report, the second waits here."""
    rows = Assessment.objects.select_for_update(of=("self",))
    return rows.select_related("participation", "round").get(pk=assessment.pk)


@transaction.atomic
def start(assessment, values, *, by):
    """Begin a draft from `values`, or return the same one, untouched since: a second click.

    Returns (row, created). Raises PermissionDenied without the right.
    """
    assessment = locked(assessment)
    if not permissions.can_recommend(by, assessment):
        raise PermissionDenied
    known = {"state": State.DRAFT, "started_by": by, "version": 0} | values
    row, created = workflow.first_or_create(assessment.recommendations, **known)
    if created:
        record("recommendation.started", row, by=by)
    return row, created


def suggested(question, suggestion, *, language):
    """What a draft begins from that takes up one of the edition's suggestions for a question."""
    texts = {f"text_{code}": suggestion.text.in_language(code) for code in ("en", "fi", "sv")}
    return texts | {"section": question.section, "questions": [question.code], "language": language}


@transaction.atomic
def discard(recommendation, *, by):
    """Delete a draft with all that was tried out in it.

    Raises PermissionDenied without the right, or once it was issued.
    """
    rows = Recommendation.objects.select_for_update(of=("self",))
    row = get_object_or_404(rows, pk=recommendation.pk)
    if not permissions.can_draft(by, row):
        raise PermissionDenied
    record("recommendation.discarded", row, by=by)
    row.delete()


@transaction.atomic
def issue(assessment, rows, *, by):
    """Issue drafts of one assessment together; returns how many this call has issued.

    Each gets the next number, the coordinators one mail, and the report is ordered anew. Raises
    PermissionDenied without the right, Refused where one lacks a title or a text.
    """
    assessment = locked(assessment)
    issued = [row for row in rows if issue_one(assessment, row, by)]
    if issued:
        tell_coordinators(assessment, issued)
        order_reports(assessment, by)
    return len(issued)


def issue_one(assessment, row, by):
    """Returns whether this call issued it."""
    last = assessment.recommendations.aggregate(last=Max("number"))["last"] or 0
    stamps = {"number": last + 1, "issued_at": timezone.now()}
    row, changed = workflow.move(row, State.ISSUED, MOVES, by=by, **stamps)
    if changed and not row.is_in(row.language):
        language = get_language_info(row.language)["name_translated"]
        text = _("“%(title)s” has no title or no text in its working language, %(language)s.")
        raise Refused(text % {"title": row.heading, "language": language})
    return bool(changed)


def tell_coordinators(assessment, issued):
    """One mail for all that were issued together."""
    context = {"assessment": assessment, "count": len(issued)}
    members = assessment.municipality.memberships.current().coordinating()
    for membership in members.select_related("user"):
        key = f"recommendation-{issued[0].pk}-{membership.user_id}"
        template = "emails/recommendations_issued.txt"
        post(membership.user, template, key=key, context=context, kind=Kind.VISIT)


@transaction.atomic
def respond(recommendation, to, response, *, by):
    """Answer for the municipality: taken up or not. Returns (row, changed).

    Raises PermissionDenied without the right, Refused where it was answered already, or is not
    taken up without a reason.
    """
    assessment = locked(recommendation.assessment)
    if to not in ANSWERS:
        raise PermissionDenied
    if to == State.NOT_TAKEN_UP and not response.strip():
        raise Refused(_("Say why you do not take the recommendation up."))
    stamps = {"response": response, "responded_at": timezone.now(), "responded_by": by}
    row, changed = workflow.move(recommendation, to, MOVES, by=by, **stamps)
    if changed:
        order_reports(assessment, by)
    return row, changed


@transaction.atomic
def carry_out(recommendation, to, *, by):
    """Say that the municipality works on it, or that it is done. Returns (row, changed)."""
    return workflow.move(recommendation, to, CARRIED_OUT, by=by)
