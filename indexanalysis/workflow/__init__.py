from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.audit import record
from accounts.workflow import Refused
from documents.workflow import ask_again, fingerprint, let_go, queue
from indexanalysis import permissions
from indexanalysis.answering import is_left_out
from indexanalysis.models import Answer, Assessment
from notifications.models import Kind
from notifications.outbox import post

State = Assessment.State

# (from, to): whose move it is. A pair that is not here cannot happen.
MOVES = {(State.OPEN, State.SUBMITTED): permissions.can_submit}


@transaction.atomic
def start(participation, round_, *, by):
    """Open the round's questionnaire for a municipality, or return the one that is open.

    Returns (assessment, created). Raises PermissionDenied without the right, Refused too early.
    """
    if not permissions.can_start(by, participation):
        raise PermissionDenied
    if round_.project_id != participation.project_id or round_.opens_on > timezone.localdate():
        raise Refused(_("This questionnaire is not open for your municipality now."))
    assessment, created = Assessment.objects.get_or_create(
        participation=participation, round=round_
    )
    if created:
        questions = round_.edition.questions
        Answer.objects.bulk_create(
            Answer(assessment=assessment, question=q.code) for q in questions
        )
        record("assessment.started", assessment, by=by)
    return assessment, created


@transaction.atomic
def submit(assessment, *, by):
    """Hand the answers in and order the report in every language. Returns (row, changed).

    The answers are locked behind the new state, so that a save in flight is either part of what
    is handed in or refused. Raises PermissionDenied, or Refused where a reason is missing.
    """
    assessment, changed = workflow.move(assessment, State.SUBMITTED, MOVES, by=by)
    if changed:
        answers = list(assessment.answers.select_for_update(of=("self",)))
        if unexplained := without_reason(answers):
            text = _("Say why these questions are left out: %s.")
            raise Refused(text % ", ".join(unexplained))
        assessment.submitted_at = timezone.now()
        assessment.save(update_fields=["submitted_at"])
        order_reports(assessment, by)
        tell_town(assessment, changed)
    return assessment, changed


def without_reason(answers):
    """The codes of the questions that were left out without a word why."""
    return sorted(a.question for a in answers if is_left_out(a.value) and not a.reason.strip())


def order_reports(assessment, by):
    """One report per language; what says the same is one document.

    Ordered anew, as after a recommendation was issued or answered, each report gets another
    document, and the old one goes: it told less than its page does now.
    """
    content = content_of(assessment)
    for language, _name in settings.LANGUAGES:
        key = f"{assessment.pk}-{language}-{content}"
        document = queue("indexanalysis.tasks.produce_report", key, by=by)
        report = assessment.reports.filter(language=language).select_related("document").first()
        if report and report.document != document:
            let_go(report.document)
        assessment.reports.update_or_create(language=language, defaults={"document": document})


def content_of(assessment):
    """A key of everything that the report of a submitted assessment says."""
    answers = assessment.answers.order_by("question")
    given = list(answers.values_list("question", "value", "example", "reason"))
    recommended = list(assessment.recommendations.issued().order_by("number").values_list(*SAID))
    return fingerprint(assessment.edition.checksum, assessment.submitted_at, given, recommended)


# Of a recommendation: what was issued is not written any more, so its number stands for the texts.
SAID = ("number", "responded_at")


def tell_town(assessment, entry):
    members = assessment.municipality.memberships.current().coordinating()
    for membership in members.select_related("user"):
        key = f"{entry.pk}-{membership.user_id}"
        context = {"assessment": assessment}
        template = "emails/assessment_submitted.txt"
        post(membership.user, template, key=key, context=context, kind=Kind.QUESTIONNAIRE)


@transaction.atomic
def remake(report, *, by):
    """Ask again for a report that failed or was deleted after its time.

    Raises PermissionDenied without the right.
    """
    if not permissions.can_remake(by, report.assessment):
        raise PermissionDenied
    if ask_again(report.document, by=by):
        record("report.asked_again", report.assessment, by=by, note=report.language)
