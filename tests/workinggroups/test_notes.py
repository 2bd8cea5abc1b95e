import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from accounts.workflow import Refused
from documents.models import Document
from notifications.models import Mail
from tests.workinggroups.factories import DecisionFactory, GroupMemberFactory, MeetingFactory
from workinggroups.models import Decision, Meeting
from workinggroups.workflow import notes

State = Meeting.State


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_opening_the_notes_asks_the_members_with_an_account(held_meeting, member):
    GroupMemberFactory(group=held_meeting.group, user=member)
    GroupMemberFactory(group=held_meeting.group, email="eila@org.example")

    row, changed = notes.move(held_meeting, State.REMARKS, by=member)

    assert (row.state, changed.action) == ("remarks", "meeting.remarks")
    assert Mail.objects.get().to == member.email


def test_approving_numbers_the_notes_and_orders_a_file_in_every_language(in_remarks, coordinator):
    row, changed = notes.move(in_remarks, State.APPROVED, by=coordinator)

    assert (row.number, row.approved_by, changed.action) == (1, coordinator, "meeting.approved")
    assert {file.language for file in row.files.all()} == {"en", "fi", "sv"}
    assert set(Document.objects.values_list("state", flat=True)) == {"queued"}


def test_the_members_are_told_that_the_notes_are_approved(in_remarks, coordinator, member):
    GroupMemberFactory(group=in_remarks.group, user=member)
    GroupMemberFactory(group=in_remarks.group, email="eila@org.example")

    notes.move(in_remarks, State.APPROVED, by=coordinator)

    assert Mail.objects.get().to == member.email
    assert "approved" in Mail.objects.get().subject


def test_a_second_approval_changes_nothing(approved_meeting, coordinator):
    _row, changed = notes.move(approved_meeting, State.APPROVED, by=coordinator)

    assert changed is None
    assert Document.objects.count() == 3


def test_the_numbers_go_on_in_each_group(approved_meeting, coordinator):
    second = MeetingFactory(group=approved_meeting.group, held=True, state="remarks")
    elsewhere = MeetingFactory(
        group__participation=approved_meeting.group.participation, group__delegation=True,
        held=True, state="remarks",
    )  # fmt: skip

    numbers = [notes.move(m, State.APPROVED, by=coordinator)[0].number for m in (second, elsewhere)]

    assert numbers == [2, 1]


@pytest.mark.parametrize("part", ["chair", "secretary"])
def test_who_led_the_meeting_approves_its_notes(in_remarks, person, part):
    reader = person("reader")
    setattr(in_remarks, part, GroupMemberFactory(group=in_remarks.group, user=reader))
    in_remarks.save()

    row, changed = notes.move(in_remarks, State.APPROVED, by=reader)

    assert (row.is_approved, bool(changed)) == (True, True)


@pytest.mark.parametrize("name", ["member", "reader", "partner", "expert", "lead"])
def test_nobody_else_approves(in_remarks, person, name):
    with pytest.raises(PermissionDenied):
        notes.move(in_remarks, State.APPROVED, by=person(name))


def test_who_led_the_meeting_and_has_no_part_any_more_approves_nothing(in_remarks, person):
    former = person("former")
    in_remarks.chair = GroupMemberFactory(group=in_remarks.group, user=former)
    in_remarks.save()

    with pytest.raises(PermissionDenied):
        notes.move(in_remarks, State.APPROVED, by=former)


def test_notes_are_opened_for_remarks_before_they_are_approved(held_meeting, coordinator):
    with pytest.raises(Refused, match="Nothing was changed"):
        notes.move(held_meeting, State.APPROVED, by=coordinator)


def test_notes_can_be_taken_back_to_writing(in_remarks, member):
    row, changed = notes.move(in_remarks, State.DRAFT, by=member)

    assert (row.state, bool(changed)) == ("draft", True)
    assert not Mail.objects.exists()


def test_approved_notes_stay_approved(approved_meeting, coordinator):
    with pytest.raises(Refused):
        notes.move(approved_meeting, State.DRAFT, by=coordinator)


def test_a_meeting_that_was_not_held_has_no_notes_to_open(meeting, member):
    with pytest.raises(Refused, match="has not been held"):
        notes.move(meeting, State.REMARKS, by=member)

    assert fresh(meeting).state == "draft"


def test_empty_notes_are_not_opened(held_meeting, member):
    Meeting.objects.update(notes=" \n")

    with pytest.raises(Refused, match="no notes yet"):
        notes.move(held_meeting, State.REMARKS, by=member)


def test_a_decision_is_written_down_once_and_has_a_number(held_meeting, member):
    made = [notes.decide(held_meeting, text, by=member)[1] for text in ("One.", "One.", "Two.")]

    assert made == [True, False, True]
    assert [(d.number, d.text) for d in Decision.objects.numbered()] == [(1, "One."), (2, "Two.")]


def test_a_decision_is_reworded(decision, member):
    row, changed = notes.reword(decision, "Better.", before=decision.text, by=member)
    _row, second = notes.reword(decision, "Better.", before="whatever", by=member)

    assert (row.text, changed.action, second) == ("Better.", "decision.changed", None)


def test_a_colleague_s_words_are_not_overwritten_unseen(decision, member):
    before = decision.text
    Decision.objects.update(text="Hers.")

    with pytest.raises(Refused, match=r"“Hers\."):
        notes.reword(decision, "Mine.", before=before, by=member)

    assert fresh(decision).text == "Hers."


def test_when_a_decision_is_removed_those_after_it_move_up(held_meeting, member):
    first, _second = DecisionFactory.create_batch(2, meeting=held_meeting)

    removed = [notes.take_back(first, by=member) for _ in range(2)]

    assert removed == [True, False]
    assert [d.number for d in held_meeting.decisions.numbered()] == [1]
    assert AuditEntry.objects.get().action == "decision.removed"


def test_approved_notes_lock_their_decisions(locked_decision, member):
    meeting = locked_decision.meeting

    for act in (
        lambda: notes.decide(meeting, "More.", by=member),
        lambda: notes.reword(locked_decision, "Other.", before=locked_decision.text, by=member),
        lambda: notes.take_back(locked_decision, by=member),
    ):
        with pytest.raises(Refused, match="The notes are approved"):
            act()


@pytest.mark.parametrize("name", ["reader", "expert", "lead"])
def test_who_only_reads_decides_nothing(held_meeting, person, name):
    with pytest.raises(PermissionDenied):
        notes.decide(held_meeting, "Yes.", by=person(name))


def test_a_file_that_failed_is_asked_for_again(approved_meeting, coordinator, member):
    file = approved_meeting.files.get(language="fi")
    Document.objects.filter(pk=file.document_id).update(state="failed", attempt=3, reason="x")

    with pytest.raises(PermissionDenied):
        notes.remake(file, by=member)
    for _click in range(2):
        notes.remake(file, by=coordinator)

    file.document.refresh_from_db()
    assert (file.document.state, file.document.attempt) == ("queued", 0)
    assert AuditEntry.objects.filter(action="notes.asked_again").count() == 1
