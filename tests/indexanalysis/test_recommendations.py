"""Recommendations: begun, issued, answered, carried out, and printed in the report."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.workflow import Refused
from documents.models import Document
from drafting.models import Revision
from drafting.saving import save
from indexanalysis.models import Recommendation
from indexanalysis.workflow import recommendations as workflow
from notifications.models import Mail
from tests.conftest import store
from tests.indexanalysis.factories import RecommendationFactory

State = Recommendation.State
BASIS = {"section": "commitment", "questions": ["COM-01"], "priority": 1, "language": "fi"}


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def mails():
    return Mail.objects.filter(kind="visit")


# Beginning


def test_an_expert_begins_from_a_suggestion_in_three_languages(handed_in, expert):
    question = handed_in.edition.question("COM-01")
    values = workflow.suggested(question, question.suggestions[0], language="fi")

    row, created = workflow.start(handed_in, values, by=expert)

    assert created
    assert (row.text_fi, row.text_sv) == (values["text_fi"], values["text_sv"])
    assert (row.section, row.questions, row.language) == ("commitment", ["COM-01"], "fi")
    assert row.is_draft


def test_a_second_click_begins_nothing_new(handed_in, expert):
    first, _created = workflow.start(handed_in, BASIS, by=expert)
    same, created = workflow.start(handed_in, BASIS, by=expert)
    save(first, {"title_fi": "Kirjoitettu"}, read=0, by=expert)

    other, created_then = workflow.start(handed_in, BASIS, by=expert)

    assert (same, created) == (first, False)
    assert created_then
    assert other != first  # the first is written on already


def test_only_an_assigned_expert_begins_and_only_once_the_answers_are_in(
    assessment, coordinator, expert, person
):
    with pytest.raises(PermissionDenied):
        workflow.start(assessment, BASIS, by=expert)
    type(assessment).objects.update(state="submitted", submitted_at="2026-11-01T10:00Z")
    for stranger in (coordinator, person("lead"), person("past_expert")):
        with pytest.raises(PermissionDenied):
            workflow.start(assessment, BASIS, by=stranger)


def test_a_suggestion_that_does_not_exist_is_not_found(client, handed_in, expert):
    client.force_login(expert)

    for args in (["COM-01", 99], ["NO-99", 0]):
        url = reverse("indexanalysis:recommendation_start", args=[handed_in.pk, *args])
        assert client.post(url).status_code == 404


def test_the_page_of_a_section_says_which_suggestions_fit_the_answers(client, handed_in, expert):
    client.force_login(expert)
    url = reverse("indexanalysis:recommendation_new", args=[handed_in.pk, "commitment"])

    unanswered = client.get(url).text
    best = max(handed_in.edition.question("COM-01").options, key=lambda option: option.share)
    handed_in.answers.filter(question="COM-01").update(value=best.code)
    answered = client.get(url).text

    fitting = unanswered.count("Fits the answer")
    assert answered.count("Fits the answer") == fitting - 1
    assert answered.count("Begin with this suggestion") >= fitting


def test_own_words_need_a_question_to_rest_on(client, handed_in, expert):
    client.force_login(expert)
    url = reverse("indexanalysis:recommendation_new", args=[handed_in.pk, "commitment"])

    refused = client.post(url, {"priority": 1, "language": "en", "questions": ["EDU-01"]})
    client.post(url, {"priority": 1, "language": "en", "questions": ["COM-02", "COM-01"]})

    assert refused.status_code == 400
    assert "Questions it rests on" in refused.text
    assert Recommendation.objects.get().questions == ["COM-02", "COM-01"]


def test_a_discarded_draft_goes_with_its_history(recommended, written_recommendation, expert):
    workflow.discard(recommended, by=expert)

    assert not Recommendation.objects.exists()
    assert not Revision.objects.filter(row_type__model="recommendation").exists()
    assert actions()[-1] == "recommendation.discarded"


def test_what_was_issued_is_not_discarded(issued, expert):
    with pytest.raises(PermissionDenied):
        workflow.discard(issued, by=expert)


# Issuing


def test_issuing_counts_tells_the_coordinator_and_orders_the_report_anew(
    handed_in, expert, coordinator
):
    drafts = RecommendationFactory.create_batch(2, assessment=handed_in, started_by=expert)
    before = set(handed_in.reports.values_list("document", flat=True))

    count = workflow.issue(handed_in, drafts, by=expert)

    rows = Recommendation.objects.order_by("number")
    assert count == 2
    assert [(row.number, row.state) for row in rows] == [(1, "issued"), (2, "issued")]
    [mail] = mails()
    assert (mail.to, "2 recommendations" in mail.text) == (coordinator.email, True)
    after = set(handed_in.reports.values_list("document", flat=True))
    assert len(after) == 3
    assert not before & after
    assert actions()[-2:] == ["recommendation.issued"] * 2


def test_a_second_click_issues_nothing_more(issued, expert):
    again = workflow.issue(issued.assessment, [issued], by=expert)

    assert again == 0
    assert mails().count() == 1
    assert Document.objects.count() == 6


def test_the_next_one_gets_the_next_number(issued, expert):
    draft = RecommendationFactory(assessment=issued.assessment)

    workflow.issue(issued.assessment, [draft], by=expert)

    assert Recommendation.objects.get(pk=draft.pk).number == 2


@pytest.mark.parametrize("missing", ["title_en", "text_en"])
def test_without_words_in_the_working_language_none_is_issued(handed_in, expert, missing):
    good = RecommendationFactory(assessment=handed_in)
    bad = RecommendationFactory(assessment=handed_in, title_fi="Otsikko", text_fi="Teksti")
    setattr(bad, missing, "")
    bad.save()

    with pytest.raises(Refused, match="working language, English"):
        workflow.issue(handed_in, [good, bad], by=expert)

    assert set(Recommendation.objects.values_list("state", flat=True)) == {"draft"}
    assert not mails()


def test_nobody_else_issues(recommended, coordinator, person):
    for other in (coordinator, person("lead"), person("past_expert")):
        with pytest.raises(PermissionDenied):
            workflow.issue(recommended.assessment, [recommended], by=other)


def test_the_page_before_issuing_names_what_lacks_words(client, recommended, expert):
    RecommendationFactory(assessment=recommended.assessment, text_en="")
    client.force_login(expert)

    page = client.get(
        reverse("indexanalysis:recommendation_issue_all", args=[recommended.assessment_id])
    ).text

    assert "lack a title or a text" in page
    assert 'class="btn btn-primary">Issue' not in page


# Answering


def test_the_coordinator_takes_it_up_and_the_report_says_so(issued, coordinator, client):
    row, changed = workflow.respond(issued, "accepted", "", by=coordinator)

    assert changed
    assert (row.state, row.responded_by) == ("accepted", coordinator)
    client.force_login(coordinator)
    page = client.get(reverse("indexanalysis:report", args=[row.assessment_id])).text
    assert "CANARY-text" in page
    assert "Taken up" in page


def test_a_second_answer_changes_nothing(accepted, coordinator):
    row, changed = workflow.respond(accepted, "accepted", "Another reason.", by=coordinator)

    assert changed is None
    assert row.response == ""
    with pytest.raises(Refused, match="accepted"):
        workflow.respond(accepted, "not_taken_up", "No.", by=coordinator)


def test_not_taking_it_up_needs_a_reason(client, issued, coordinator):
    with pytest.raises(Refused, match="Say why"):
        workflow.respond(issued, "not_taken_up", " ", by=coordinator)
    client.force_login(coordinator)
    url = reverse("indexanalysis:recommendation_respond", args=[issued.pk])

    refused = client.post(url, {"answer": "not_taken_up", "response": ""})
    client.post(url, {"answer": "not_taken_up", "response": "The region does it."})

    assert refused.status_code == 400
    assert "Say why you do not take" in refused.text
    issued.refresh_from_db()
    assert (issued.state, issued.response) == ("not_taken_up", "The region does it.")


def test_only_the_coordinator_answers(issued, member, expert):
    for other in (member, expert):
        with pytest.raises(PermissionDenied):
            workflow.respond(issued, "accepted", "", by=other)
    with pytest.raises(PermissionDenied):
        workflow.respond(issued, "done", "", by=issued.started_by)


def test_a_member_carries_it_out_step_by_step(accepted, member, person):
    with pytest.raises(Refused):
        workflow.carry_out(accepted, "done", by=member)
    with pytest.raises(PermissionDenied):
        workflow.carry_out(accepted, "in_progress", by=person("reader"))

    workflow.carry_out(accepted, "in_progress", by=member)
    row, changed = workflow.carry_out(accepted, "done", by=member)

    assert changed
    assert row.state == "done"
    assert workflow.carry_out(accepted, "done", by=member)[1] is None


def test_what_is_not_taken_up_is_not_carried_out(declined, member):
    with pytest.raises(Refused):
        workflow.carry_out(declined, "in_progress", by=member)


# The report's files


def test_the_files_of_the_old_report_go_with_the_next_sweep(with_reports, expert):
    old = list(Document.objects.all())
    draft = RecommendationFactory(assessment=with_reports)

    workflow.issue(with_reports, [draft], by=expert)

    now = Document.objects.get(pk=old[0].pk)
    assert now.is_ready
    assert now.expires_at < old[0].expires_at
    for report in with_reports.reports.all():
        store(report.document)
    assert with_reports.reports.filter(document__state="ready").count() == 3


def test_an_answer_orders_new_files_and_carrying_out_does_not(issued, coordinator):
    before = Document.objects.count()
    row, _changed = workflow.respond(issued, "accepted", "", by=coordinator)
    after = Document.objects.count()

    workflow.carry_out(row, "in_progress", by=coordinator)

    assert (after - before, Document.objects.count() - after) == (3, 0)


# Pages


def test_the_texts_are_written_on_a_desk(client, recommended, expert):
    client.force_login(expert)
    url = reverse("indexanalysis:recommendation_edit", args=[recommended.pk])
    shown = client.get(url).text

    page = client.post(
        url, {"read": 0, "title_en": "New", "text_sv": "Ny text"}, headers={"hx-request": "true"}
    )

    assert shown.index('name="text_en"') < shown.index('name="text_fi"')
    assert page["X-Version"] == "1"
    recommended.refresh_from_db()
    assert (recommended.title_en, recommended.text_sv) == ("New", "Ny text")


def test_a_text_in_another_language_says_so(client, issued, coordinator):
    client.force_login(coordinator)

    page = client.get(f"/fi/recommendations/{issued.pk}/").text

    assert '<span lang="en">CANARY-title</span>' in page
    assert 'class="lang-mark"' in page


def test_what_is_a_draft_is_seen_by_no_one_but_the_experts(client, recommended, person):
    for name in ("coordinator", "lead", "reviewer", "past_expert", "free_expert"):
        client.force_login(person(name))
        assert client.get(recommended.get_absolute_url()).status_code == 404
