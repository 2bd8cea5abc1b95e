import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from accounts.workflow import Refused
from drafting import workflow
from drafting.models import Comment, Proposal
from drafting.saving import save
from notifications.models import Mail
from tests.factories import UserFactory


@pytest.fixture
def answer(assessment):
    return assessment.answers.get(question="COM-01")


@pytest.fixture
def place(assessment):
    town = assessment.municipality
    return workflow.Place(town, "indexanalysis:about", assessment.pk, "COM-01", "COM-01")


@pytest.fixture
def say(answer, place, coordinator, member):
    def comment(text, *, by=member, key="key", **how):
        people = [coordinator, member]
        return workflow.say(answer, text, by=by, place=place, people=people, key=key, **how)

    return comment


def test_a_comment_tells_who_is_named_and_who_is_chosen_once_each_in_their_language(
    say, coordinator, member
):
    coordinator.language = "fi"
    coordinator.save()

    comment, _created = say("@coordinator and @member: look.", chosen=[coordinator])

    mail = Mail.objects.get()
    assert (mail.to, mail.language) == (coordinator.email, "fi")
    assert f"/fi/assessments/{comment.row.assessment_id}/answers/COM-01/about/" in mail.text
    assert "look" not in mail.text  # what is said stays with those who may see it
    assert list(comment.mentioned.all()) == [coordinator]


def test_nobody_without_a_hat_is_told_even_if_chosen(say):
    stranger = UserFactory(name="Stranger")

    say("@Stranger, look.", chosen=[stranger])

    assert not Mail.objects.exists()


def test_the_same_comment_sent_twice_is_one_and_another_text_with_its_key_is_two(say):
    made = [say("First.")[1], say("First.")[1], say("Second, after the Back button.")[1]]

    assert made == [True, False, True]
    assert Comment.objects.count() == AuditEntry.objects.count() == 2


def test_a_done_mark_is_set_and_taken_off_and_says_by_whom(said, coordinator):
    changed = [workflow.mark(said, done=True, by=coordinator) for _ in range(2)]
    said.refresh_from_db()

    assert changed == [True, False]
    assert said.done_by == coordinator
    assert not Comment.objects.waiting().exists()
    assert workflow.mark(said, done=False, by=coordinator)
    assert Comment.objects.waiting().get().done_at is None


def test_a_comment_that_is_not_shown_is_not_marked(said, member, coordinator):
    workflow.move_comment(said, "withdrawn", by=member)

    with pytest.raises(Refused, match="no longer shown"):
        workflow.mark(said, done=True, by=coordinator)


@pytest.mark.parametrize(("name", "to"), [("member", "hidden"), ("coordinator", "withdrawn")])
def test_who_wrote_a_comment_withdraws_it_and_the_coordinator_hides_it(said, person, name, to):
    with pytest.raises(PermissionDenied):
        workflow.move_comment(said, to, by=person(name))

    said.refresh_from_db()
    assert said.is_shown


@pytest.fixture
def take(place):
    def take_in(proposal, names, *, by, read=1, may_write=lambda user, row: True):
        return workflow.take_in(proposal, names, read=read, by=by, place=place, may_write=may_write)

    return take_in


def reread(row):
    return type(row).objects.get(pk=row.pk)


def test_taking_in_stores_a_version_by_who_took_it_and_tells_who_suggested_it(
    suggested, take, answer, coordinator, person
):
    changed = [take(suggested, ["example"], by=coordinator) for _ in range(2)]

    assert changed == [True, False]
    row = reread(answer)
    assert (row.example, row.version, row.changed_by) == ("CANARY-suggestion", 2, coordinator)
    assert reread(suggested).state == Proposal.State.TAKEN
    assert [mail.to for mail in Mail.objects.all()] == [person("reader").email]
    assert AuditEntry.objects.filter(action="proposal.taken").count() == 1


def test_a_part_of_a_suggestion_is_taken_in(answer, place, take, coordinator, person):
    values = {"value": "no", "example": "Only this."}
    proposal, _created = workflow.propose(
        answer, values, kind="reader", by=person("reader"), place=place, key="k"
    )

    take(proposal, ["example"], by=coordinator, read=0)

    row = reread(answer)
    assert (row.value, row.example) == (None, "Only this.")
    assert reread(proposal).state == Proposal.State.PARTLY


def test_what_changed_while_a_suggestion_was_read_is_not_overwritten(
    suggested, take, answer, coordinator, member
):
    save(answer, {"example": "Newer."}, read=1, by=member)

    with pytest.raises(Refused, match="changed the same text meanwhile"):
        take(suggested, ["example"], by=coordinator, read=1)

    assert reread(answer).example == "Newer."
    assert reread(suggested).is_open
    assert not Mail.objects.exists()


def test_only_who_may_write_the_text_takes_in_or_declines(suggested, take, place, member):
    rule = {"may_write": lambda user, row: False}

    with pytest.raises(PermissionDenied):
        take(suggested, ["example"], by=member, **rule)
    with pytest.raises(PermissionDenied):
        workflow.decline(suggested, answer="", by=member, place=place, **rule)

    assert reread(suggested).is_open


def test_nothing_ticked_and_nothing_new_are_refused(suggested, take, answer, place, coordinator):
    with pytest.raises(Refused, match="Choose what"):
        take(suggested, ["reason"], by=coordinator)
    with pytest.raises(Refused, match="stands there already"):
        workflow.propose(
            reread(answer), {"example": "Now."}, kind="reader", by=coordinator, place=place, key="x"
        )


def test_declining_says_a_word_back(suggested, place, coordinator, answer):
    workflow.decline(
        suggested, answer="Not decided yet.", by=coordinator, place=place,
        may_write=lambda user, row: True,
    )  # fmt: skip

    assert reread(suggested).state == Proposal.State.DECLINED
    assert "Not decided yet." in Mail.objects.get().text
    assert reread(answer).example == "Now."
