"""The forms about recommendations: begun, written and issued by experts, answered by the town."""

import secrets

from django.utils import timezone

from documents.models import Document
from drafting import saving
from indexanalysis.models import Assessment, Recommendation
from tests.drills import world
from tests.drills.acts import Act, audit, audit_in, mails_to
from tests.drills.acts_on_texts import comment_on
from tests.indexanalysis.factories import RecommendationFactory

FIELD = "text_en"


def handed_in():
    """A municipality, its expert, and its assessment, which waits for recommendations."""
    town = world.town()
    assessment = world.assessment(town)
    rows = Assessment.objects.filter(pk=assessment.pk)
    # Not by the workflow, which would order the reports that these acts order and count.
    rows.update(state=Assessment.State.SUBMITTED, submitted_at=timezone.now())
    return town, world.expert(town), rows.get()


def drafted(**others):
    """A municipality, its expert, and a draft that can be issued."""
    town, expert, assessment = handed_in()
    return town, expert, RecommendationFactory(assessment=assessment, started_by=expert, **others)


def issued(**others):
    """A municipality, its coordinator, and a recommendation that the expert has issued."""
    town, _expert, row = drafted(issued=True, number=1, **others)
    return town, world.person(town), row


def reports_on(assessment):
    """One for each time that its report was ordered."""
    task = "indexanalysis.tasks.produce_report"
    return Document.objects.filter(task=task, key__startswith=f"{assessment.pk}-fi-")


def begin_with_own_words():
    town, expert, assessment = handed_in()
    form = {"questions": "COM-01", "priority": 1, "language": "en"}
    effects = [assessment.recommendations.all(), audit_in(town, "recommendation.started")]
    path = f"/assessments/{assessment.pk}/recommendations/new/commitment/"
    return Act([expert], path, form, effects)


def begin_with_suggestion():
    town, expert, assessment = handed_in()
    effects = [assessment.recommendations.all(), audit_in(town, "recommendation.started")]
    path = f"/assessments/{assessment.pk}/recommendations/start/COM-01/0/"
    return Act([expert], path, {}, effects)


def change_basis():
    _town, expert, row = drafted()
    form = {"questions": ["COM-01", "COM-02"], "priority": 3, "language": "sv"}
    stored = Recommendation.objects.filter(pk=row.pk, **form)
    return Act([expert], f"/recommendations/{row.pk}/basis/", form, [stored])


def discard_draft():
    _town, expert, row = drafted()
    effects = [audit("recommendation.discarded", row)]
    return Act([expert], f"/recommendations/{row.pk}/discard/", {}, effects)


def edit_draft():
    _town, expert, row = drafted()
    form = {name: getattr(row, name) for name in row.drafted}
    form |= {"read": 0, FIELD: "Sent twice.", "key": secrets.token_hex(16)}
    stored = Recommendation.objects.filter(pk=row.pk, text_en="Sent twice.", version=1)
    effects = [stored, row.revisions.filter(version__gt=0)]
    return Act([expert], f"/recommendations/{row.pk}/edit/", form, effects)


def issue_draft():
    town, expert, row = drafted()
    coordinator = world.person(town)
    effects = [
        audit("recommendation.issued", row),
        mails_to(coordinator.email),
        reports_on(row.assessment),
    ]
    return Act([expert], f"/recommendations/{row.pk}/issue/", {}, effects)


def issue_all_drafts():
    town, expert, first = drafted()
    second = RecommendationFactory(assessment=first.assessment, started_by=expert)
    coordinator = world.person(town)
    effects = [
        audit("recommendation.issued", first),
        audit("recommendation.issued", second),
        mails_to(coordinator.email),
        reports_on(first.assessment),
    ]
    path = f"/assessments/{first.assessment_id}/recommendations/issue/"
    return Act([expert, world.expert(town)], path, {}, effects)


def accept_recommendation():
    return answer("accepted")


def decline_recommendation():
    return answer("not_taken_up")


def answer(state):
    _town, coordinator, row = issued()
    effects = [audit(f"recommendation.{state}", row), reports_on(row.assessment)]
    form = {"answer": state, "response": "A drill."}
    return Act([coordinator], f"/recommendations/{row.pk}/answer/", form, effects)


def begin_work():
    _town, coordinator, row = issued(state="accepted")
    effects = [audit("recommendation.in_progress", row)]
    return Act([coordinator], f"/recommendations/{row.pk}/move/in_progress/", {}, effects)


def finish_work():
    _town, coordinator, row = issued(state="in_progress")
    effects = [audit("recommendation.done", row)]
    return Act([coordinator], f"/recommendations/{row.pk}/move/done/", {}, effects)


def text_of(row):
    return f"/recommendations/{row.pk}/texts/{FIELD}/"


def comment_on_draft():
    town, expert, row = drafted()
    other = world.expert(town)
    form = {"text": f"@{other.name} look.", "key": secrets.token_hex(16), "people": other.pk}
    effects = [row.comments.all(), mails_to(other.email), audit_in(town, "comment.made")]
    return Act([expert], f"{text_of(row)}comments/", form, effects)


def withdraw_comment_on_draft():
    town, expert, row = drafted()
    said = comment_on(row, town, expert, FIELD)
    effects = [audit("comment.withdrawn", said)]
    return Act([expert], f"{text_of(row)}comments/{said.pk}/withdrawn/", {}, effects)


def restore_draft():
    _town, expert, row = drafted()
    for text in ("First.", "Second."):
        row = saving.save(row, {FIELD: text}, read=row.version, by=expert).row
    restored = Recommendation.objects.filter(pk=row.pk, text_en="First.", version=3)
    effects = [restored, audit("recommendation.restored", row)]
    return Act([expert], f"{text_of(row)}history/1/restore/", {"read": 2}, effects)


ACTS = {
    "indexanalysis:recommendation_new": [begin_with_own_words],
    "indexanalysis:recommendation_start": [begin_with_suggestion],
    "indexanalysis:recommendation_basis": [change_basis],
    "indexanalysis:recommendation_discard": [discard_draft],
    "indexanalysis:recommendation_edit": [edit_draft],
    "indexanalysis:recommendation_issue": [issue_draft],
    "indexanalysis:recommendation_issue_all": [issue_all_drafts],
    "indexanalysis:recommendation_respond": [accept_recommendation, decline_recommendation],
    "indexanalysis:recommendation_move": [begin_work, finish_work],
    "indexanalysis:recommendation_text_comment": [comment_on_draft],
    "indexanalysis:recommendation_text_comment_move": [withdraw_comment_on_draft],
    "indexanalysis:recommendation_text_restore": [restore_draft],
}
