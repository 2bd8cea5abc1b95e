"""The forms about texts that several people write: comments, suggestions, earlier versions."""

import secrets

from accounts.models import AuditEntry
from drafting import saving
from drafting.models import Comment, Proposal
from tests.drills import world
from tests.drills.acts import Act, audit

QUESTION = "COM-01"
FIELD = "motivation"


def answer_with(*texts):
    """A municipality, its coordinator, and an answer whose example was written so."""
    town = world.town()
    coordinator, assessment = world.person(town), world.assessment(town)
    answer = assessment.answers.get(question=QUESTION)
    for text in texts:
        answer = saving.save(answer, {"example": text}, read=answer.version, by=coordinator).row
    return town, coordinator, answer, f"/assessments/{assessment.pk}/answers/{QUESTION}/"


def application_with(*texts):
    town = world.town()
    coordinator, application = world.person(town), world.draft(town)
    for text in texts:
        read = application.version
        application = saving.save(application, {FIELD: text}, read=read, by=coordinator).row
    return town, coordinator, application, f"/applications/{application.pk}/texts/{FIELD}/"


def comment_on(row, municipality, user, field=""):
    return Comment.objects.create(
        row=row, municipality=municipality, by=user, text="A word.", field=field,
        key=secrets.token_hex(16),
    )  # fmt: skip


def comment(made, name):
    town, coordinator, row, path = made()
    reader = world.person(town, "reader")
    form = {"text": f"@{reader.name} look.", "key": secrets.token_hex(16), "people": reader.pk}
    told = reader.mails.filter(kind="comment")
    return Act([coordinator], f"{path}{name}/", form, [row.comments.all(), told])


def comment_on_answer():
    return comment(answer_with, "comments")


def comment_on_application():
    return comment(application_with, "comments")


def mark_done():
    town, coordinator, row, path = answer_with()
    said = comment_on(row, town, coordinator)
    return Act([coordinator], f"{path}comments/{said.pk}/done/", {}, [audit("comment.done", said)])


def withdraw_comment():
    town, coordinator, row, path = application_with()
    said = comment_on(row, town, coordinator, FIELD)
    effects = [audit("comment.withdrawn", said)]
    return Act([coordinator], f"{path}comments/{said.pk}/withdrawn/", {}, effects)


def suggest():
    town, _coordinator, row, path = answer_with()
    form = {
        f"{QUESTION}-read": 0,
        f"{QUESTION}-example": "Suggested.",
        "note": "Perhaps?",
        "key": secrets.token_hex(16),
    }
    return Act([world.person(town, "reader")], f"{path}proposals/", form, [row.proposals.all()])


def take_suggestion_in():
    town, coordinator, row, path = answer_with()
    reader = world.person(town, "reader")
    proposal = Proposal.objects.create(
        row=row, municipality=town, by=reader, by_name=str(reader), kind=Proposal.Kind.READER,
        values={"example": "Suggested."}, key=secrets.token_hex(16),
    )  # fmt: skip
    effects = [
        type(row).objects.filter(pk=row.pk, example="Suggested.", version=1),
        audit("proposal.taken", proposal),
        reader.mails.filter(kind="comment"),
    ]
    form = {"names": ["example"], "read": 0}
    return Act([coordinator], f"{path}proposals/{proposal.pk}/taken/", form, effects)


def restore_answer():
    town, coordinator, row, path = answer_with("First.", "Second.")
    restored = type(row).objects.filter(pk=row.pk, example="First.", version=3)
    entries = AuditEntry.objects.filter(action="answer.restored", municipality=town)
    return Act([coordinator], f"{path}history/1/restore/", {"read": 2}, [restored, entries])


def restore_text():
    town, coordinator, row, path = application_with("First.", "Second.")
    restored = type(row).objects.filter(pk=row.pk, motivation="First.", version=3)
    entries = AuditEntry.objects.filter(action="application.restored", municipality=town)
    return Act([coordinator], f"{path}history/1/restore/", {"read": 2}, [restored, entries])


ACTS = {
    "indexanalysis:comment": [comment_on_answer],
    "indexanalysis:comment_move": [mark_done],
    "indexanalysis:propose": [suggest],
    "indexanalysis:proposal_move": [take_suggestion_in],
    "indexanalysis:restore": [restore_answer],
    "applications:text_comment": [comment_on_application],
    "applications:text_comment_move": [withdraw_comment],
    "applications:text_restore": [restore_text],
}
