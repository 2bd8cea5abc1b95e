"""The life of a visit, and who is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from documents.models import Document
from notifications.models import Mail
from tests.conftest import store
from tests.visits.factories import VisitFactory
from visits import workflow
from visits.models import Visit

State = Visit.State


def told(template):
    return set(Mail.objects.filter(subject__contains=template).values_list("to", flat=True))


def visit_of(participation, **fields):
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + timedelta(days=1)}
    return Visit(participation=participation, place="Town hall", **days | fields)


def test_a_lead_plans_a_visit_and_experts_and_coordinators_are_told(
    participation, lead, expert, coordinator
):
    visit, created = workflow.plan(visit_of(participation), [expert], by=lead)

    assert created
    assert list(visit.experts.all()) == [expert]
    assert told("Expert visit planned") == {expert.email, coordinator.email}
    assert AuditEntry.objects.get().action == "visit.planned"


def test_a_second_click_plans_nothing_more(participation, lead, expert):
    first, _created = workflow.plan(visit_of(participation), [expert], by=lead)

    second, created = workflow.plan(visit_of(participation), [expert], by=lead)

    assert (second, created) == (first, False)
    assert Visit.objects.count() == 1


def test_nobody_else_plans(participation, coordinator, expert, reviewer):
    for other in (coordinator, expert, reviewer):
        with pytest.raises(PermissionDenied):
            workflow.plan(visit_of(participation), [expert], by=other)


def test_where_the_municipality_takes_part_no_longer_nothing_is_planned(participation, lead):
    type(participation).objects.update(state="completed")

    with pytest.raises(PermissionDenied):
        workflow.plan(visit_of(participation), [], by=lead)


def test_the_whole_way_with_its_audit(planned, coordinator, expert):
    steps = [("confirmed", coordinator), ("held", expert), ("report", expert)]
    for to, by in steps:
        visit, changed = workflow.move(planned, to, by=by)
        assert changed
    Visit.objects.update(summary="What we saw.")

    visit, changed = workflow.move(visit, "final", by=expert)

    assert (visit.state, visit.language) == ("final", expert.language)
    assert visit.final_at
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["visit.confirmed", "visit.held", "visit.report", "visit.final"]
    assert {r.language for r in visit.reports.all()} == {"en", "fi", "sv"}
    assert told("Visit report ready") == {coordinator.email}


def test_only_the_coordinator_confirms_and_the_experts_are_told(
    planned, coordinator, member, expert
):
    with pytest.raises(PermissionDenied):
        workflow.move(planned, "confirmed", by=member)

    workflow.move(planned, "confirmed", by=coordinator)

    assert told("Expert visit confirmed") == {expert.email}


def test_a_second_click_changes_nothing(confirmed, coordinator):
    _visit, changed = workflow.move(confirmed, "confirmed", by=coordinator)

    assert changed is None
    assert Mail.objects.count() == 1


def test_a_confirmed_visit_can_be_planned_again(confirmed, lead, coordinator, expert):
    visit, _changed = workflow.move(confirmed, "planned", by=lead)

    assert visit.state == "planned"
    assert told("Expert visit planned") == {coordinator.email, expert.email}


def test_a_visit_is_not_held_before_its_last_day(coming, expert):
    with pytest.raises(Refused, match="Mark it as held then"):
        workflow.move(coming, "held", by=expert)

    coming.refresh_from_db()
    assert coming.state == "confirmed"
    Visit.objects.update(ends_on=timezone.localdate())
    assert workflow.move(coming, "held", by=expert)[1]


def test_a_lead_marks_it_as_held_and_a_coordinator_does_not(confirmed, lead, coordinator):
    with pytest.raises(PermissionDenied):
        workflow.move(confirmed, "held", by=coordinator)

    assert workflow.move(confirmed, "held", by=lead)[1]


def test_a_report_without_a_summary_is_not_finished(held, expert, lead):
    visit, _changed = workflow.move(held, "report", by=expert)

    with pytest.raises(Refused, match="no summary"):
        workflow.move(visit, "final", by=expert)
    with pytest.raises(PermissionDenied):
        workflow.move(visit, "final", by=lead)

    assert not Document.objects.exists()


@pytest.mark.parametrize("to", ["held", "report", "final"])
def test_no_step_is_left_out(planned, expert, to):
    with pytest.raises(Refused, match="planned"):
        workflow.move(planned, to, by=expert)


def test_an_expert_whose_assignment_has_ended_does_nothing_and_gets_no_mail(
    planned, coordinator, expert
):
    expert.assignments.update(until=timezone.localdate() - timedelta(days=1))

    visit, _changed = workflow.move(planned, "confirmed", by=coordinator)

    assert not Mail.objects.exists()
    with pytest.raises(PermissionDenied):
        workflow.move(visit, "held", by=expert)


def test_a_failed_report_is_asked_for_again(final, coordinator, member):
    report = final.reports.get(language="fi")
    Document.objects.filter(pk=report.document_id).update(state="failed", attempt=3, reason="x")

    with pytest.raises(PermissionDenied):
        workflow.remake(report, by=member)
    for _click in range(2):
        workflow.remake(report, by=coordinator)

    report.document.refresh_from_db()
    assert report.document.state == "queued"
    assert AuditEntry.objects.filter(action="report.asked_again").count() == 1


def test_a_download_by_staff_is_written_down(client, final, reviewer, member):
    store(final.reports.get(language="fi").document)
    for user in (member, reviewer):
        client.force_login(user)
        b"".join(client.get(f"/en/visits/{final.pk}/report/fi/").streaming_content)

    read = AuditEntry.objects.filter(action="visit.report_downloaded")
    assert [entry.by for entry in read] == [reviewer]


def test_without_a_place_or_a_link_no_visit_is_stored(participation):
    today = timezone.localdate()

    assert str(VisitFactory(participation=participation)) == (
        f"Expert visit {Visit.objects.get().days}: Omala"
    )
    assert Visit(starts_on=today, ends_on=today).days.count("–") == 0
