import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from accounts.workflow import Refused
from documents.models import Document
from indexanalysis import workflow
from indexanalysis.models import Answer, Assessment
from notifications.models import Mail
from tests.factories import AssessmentFactory, RoundFactory

State = Assessment.State


def test_starting_lays_out_an_empty_answer_for_every_question(
    participation, open_round, coordinator
):
    assessment, created = workflow.start(participation, open_round, by=coordinator)

    assert created
    assert assessment.answers.count() == len(open_round.edition.questions) == 95
    assert set(assessment.answers.values_list("value", flat=True)) == {None}


def test_a_second_start_opens_the_same_assessment(participation, open_round, coordinator):
    first, _created = workflow.start(participation, open_round, by=coordinator)

    second, created = workflow.start(participation, open_round, by=coordinator)

    assert (second.pk, created) == (first.pk, False)


def test_a_member_does_not_start_the_round(participation, open_round, member):
    with pytest.raises(PermissionDenied):
        workflow.start(participation, open_round, by=member)


def test_another_projects_round_is_not_for_this_municipality(participation, coordinator):
    with pytest.raises(Refused, match="not open for your municipality"):
        workflow.start(participation, RoundFactory(), by=coordinator)


def test_submitting_orders_a_report_in_every_language_and_tells_the_coordinator(
    assessment, coordinator
):
    row, changed = workflow.submit(assessment, by=coordinator)

    assert changed
    assert row.state == State.SUBMITTED
    assert {r.language for r in row.reports.all()} == {"en", "fi", "sv"}
    assert set(Document.objects.values_list("state", flat=True)) == {"queued"}
    assert Mail.objects.get().to == coordinator.email
    assert AuditEntry.objects.get().municipality == row.municipality


def test_a_second_submission_changes_nothing(assessment, coordinator):
    workflow.submit(assessment, by=coordinator)

    _row, changed = workflow.submit(assessment, by=coordinator)

    assert changed is None
    assert Document.objects.count() == 3
    assert Mail.objects.count() == 1


def test_what_is_left_out_needs_a_reason(participation, coordinator):
    left_out = {"COM-01": "not_applicable", "EDU-01": {"fi": "yes", "sv": "no_data"}}
    assessment = AssessmentFactory(participation=participation, answers=left_out)

    with pytest.raises(Refused, match="COM-01, EDU-01"):
        workflow.submit(assessment, by=coordinator)

    assessment.refresh_from_db()
    assert assessment.state == State.OPEN
    Answer.objects.filter(question__in=left_out).update(reason="The parish does it.")
    assert workflow.submit(assessment, by=coordinator)[1]


def test_a_failed_report_is_asked_for_again(handed_in, coordinator, member):
    report = handed_in.reports.get(language="fi")
    Document.objects.filter(pk=report.document_id).update(state="failed", attempt=3, reason="x")

    with pytest.raises(PermissionDenied):
        workflow.remake(report, by=member)
    for _click in range(2):
        workflow.remake(report, by=coordinator)

    report.document.refresh_from_db()
    assert (report.document.state, report.document.attempt) == ("queued", 0)
    assert AuditEntry.objects.filter(action="report.asked_again").count() == 1
