"""Confidential notes: who reads them, what is written down, and what a lost right leaves."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from accounts.actions import ACTIONS
from accounts.models import AuditEntry
from drafting import workflow as comments
from drafting.models import Revision
from drafting.saving import save
from notifications.models import Mail
from tests.factories import AssignmentFactory, MembershipFactory
from tests.visits.factories import ItemFactory, NoteFactory
from visits.models import Note
from visits.workflow import notes as workflow


def end(expert):
    expert.assignments.update(until=timezone.localdate() - timedelta(days=1))


def sees(user, note):
    return Note.objects.visible_to(user).filter(pk=note.pk).exists()


@pytest.fixture
def colleague(town):
    """Another expert of the municipality."""
    return AssignmentFactory(municipality=town).user


def test_a_confidential_note_is_read_by_experts_and_leads_alone(note, person, colleague):
    readers = {name for name in NAMES if sees(person(name), note)}

    assert readers == {"expert", "lead"}
    assert sees(colleague, note)


def test_a_shared_note_is_read_by_the_municipality_and_the_staff_too(shared_note, person):
    readers = {name for name in NAMES if sees(person(name), shared_note)}

    people = {"coordinator", "member", "reader", "partner"}
    assert readers == people | {"expert", "lead", "reviewer"}


NAMES = [
    "stranger", "coordinator", "member", "reader", "partner", "other_coordinator", "former",
    "expert", "past_expert", "free_expert", "reviewer", "lead", "observer", "superuser",
]  # fmt: skip


def test_a_lead_with_a_part_in_the_municipality_does_not_read_it(note, lead, town):
    MembershipFactory(user=lead, municipality=town, role="reader")

    assert not sees(lead, note)


def test_when_the_assignment_ends_ones_own_notes_are_gone_too(note, expert):
    end(expert)

    assert not sees(expert, note)


def test_each_reading_by_a_lead_is_written_down(client, note, lead, expert):
    for user in (expert, lead, lead):
        client.force_login(user)
        assert "CANARY-note" in client.get(note.get_absolute_url()).text

    read = AuditEntry.objects.filter(action="note.read")
    assert [entry.by for entry in read] == [lead, lead]
    assert "CANARY" not in "".join(entry.note + entry.target for entry in read)


def test_the_municipality_does_not_learn_from_the_audit_that_there_are_notes(
    client, note, lead, coordinator, town
):
    client.force_login(lead)
    client.get(note.get_absolute_url())
    client.force_login(coordinator)

    page = client.get(reverse("accounts:audit", args=[town.pk])).text

    assert "note" not in page.partition("<main")[2].lower()


def test_a_shared_note_is_read_without_an_entry(client, shared_note, lead):
    client.force_login(lead)

    client.get(shared_note.get_absolute_url())

    assert not AuditEntry.objects.filter(action="note.read").exists()


def test_the_page_of_the_visit_shows_a_lead_that_there_is_a_note_and_not_its_words(
    client, note, lead, coordinator, expert
):
    def page(user):
        client.force_login(user)
        return client.get(note.visit.get_absolute_url()).text

    assert note.get_absolute_url() in page(lead)
    assert "CANARY-note" not in page(lead)
    assert "CANARY-note" in page(expert)
    assert note.get_absolute_url() not in page(coordinator)


# Writing


def test_a_note_begins_with_one_press_of_a_button(client, planned, expert):
    item = ItemFactory(visit=planned)
    client.force_login(expert)
    url = reverse("visits:note_new", args=[planned.pk])

    first = client.post(url, {"item": item.pk})
    second = client.post(url, {"item": item.pk})

    note = Note.objects.get()
    assert (note.item, note.state, note.language) == (item, "confidential", "en")
    assert first.url == second.url == reverse("visits:note_edit", args=[note.pk])


def test_another_visits_item_is_refused(client, planned, expert):
    client.force_login(expert)

    page = client.post(reverse("visits:note_new", args=[planned.pk]), {"item": ItemFactory().pk})

    assert page.status_code == 400
    assert not Note.objects.exists()


def test_only_its_writer_writes_shares_and_deletes(note, colleague, lead):
    for other in (colleague, lead):
        with pytest.raises(PermissionDenied):
            workflow.move(note, "shared", by=other)
        with pytest.raises(PermissionDenied):
            workflow.discard(note, by=other)


def test_sharing_can_be_taken_back(note, expert):
    assert workflow.move(note, "shared", by=expert)[1]
    assert workflow.move(note, "shared", by=expert)[1] is None

    assert workflow.move(note, "confidential", by=expert)[0].state == "confidential"


def test_a_deleted_note_goes_with_its_history(note, expert):
    workflow.discard(note, by=expert)

    assert not Note.objects.exists()
    assert not Revision.objects.filter(row_type__model="note").exists()


def test_a_comment_on_a_note_is_mailed_to_experts_without_its_words(
    client, note, expert, colleague
):
    client.force_login(expert)

    client.post(
        reverse("visits:note_text_comment", args=[note.pk, "text"]),
        {"text": "CANARY-said", "people": [colleague.pk], "key": "k"},
    )

    mail = Mail.objects.get()
    assert mail.to == colleague.email
    assert "CANARY" not in mail.subject + mail.text


# The assignment ends between opening and saving


@pytest.fixture
def late(client, note, expert):
    """The expert's save comes after the assignment has ended."""
    client.force_login(expert)
    url = reverse("visits:note_edit", args=[note.pk])
    client.get(url)
    end(expert)

    def send(**headers):
        return client.post(url, {"read": 1, "text": "Typed too late"}, headers=headers)

    return send


def test_without_javascript_the_text_is_offered_back_to_copy(late, note):
    page = late()

    assert page.status_code == 404
    assert "readonly>Typed too late</textarea>" in page.text
    assert "CANARY-note" not in page.text
    note.refresh_from_db()
    assert note.text == "CANARY-note"


def test_the_script_is_refused_and_keeps_its_own(late):
    page = late(**{"hx-request": "true"})

    assert page.status_code == 404
    assert "Typed too late" not in page.text


@pytest.mark.parametrize("about", ["note", "answer"])
def test_a_comment_that_comes_too_late_is_offered_back_as_well(
    client, note, handed_in, expert, about
):
    client.force_login(expert)
    end(expert)
    url = (
        reverse("visits:note_text_comment", args=[note.pk, "text"])
        if about == "note"
        else reverse("indexanalysis:comment", args=[handed_in.pk, "COM-01"])
    )

    page = client.post(url, {"text": "Said too late", "key": "k"})

    assert page.status_code == 404
    assert "readonly>Said too late</textarea>" in page.text


def test_all_the_rest_is_not_found(client, late, note):
    for route in ("note", "note_edit", "note_discard"):
        assert client.get(reverse(f"visits:{route}", args=[note.pk])).status_code == 404
    for route in ("note_text", "note_text_history"):
        url = reverse(f"visits:{route}", args=[note.pk, "text"])
        assert client.get(url).status_code == 404


def test_what_was_typed_is_shown_as_typed(client, note, expert):
    client.force_login(expert)
    end(expert)
    typed = "</textarea><script>alert(1)</script>"

    page = client.post(reverse("visits:note_edit", args=[note.pk]), {"read": 1, "text": typed})

    assert "<script>alert" not in page.text


def test_a_save_that_is_forbidden_gives_the_text_back_as_well(
    client, shared_finding, expert, found
):
    client.force_login(expert)

    page = client.post(
        reverse("visits:finding_edit", args=[found.pk]), {"read": 1, "text": "Typed too late"}
    )

    assert page.status_code == 403
    assert "Typed too late" in page.text


def test_the_note_is_saved_by_itself(client, note, expert):
    client.force_login(expert)
    url = reverse("visits:note_edit", args=[note.pk])

    page = client.post(url, {"read": 1, "text": "New"}, headers={"hx-request": "true"})

    assert (page["X-Version"], page.status_code) == ("2", 200)
    assert "Saved" in page.text


def test_notes_have_no_page_in_the_admin(client, note, lead, person):
    save(note, {"text": "CANARY-newer"}, read=1, by=note.by)
    NoteFactory(visit=note.visit)
    for user in (lead, person("superuser"), person("reviewer")):
        client.force_login(user)
        for url in ("/admin/", "/admin/visits/", f"/admin/visits/visit/{note.visit.pk}/change/"):
            assert "CANARY" not in client.get(f"/en{url}", follow=True).text
            assert "CANARY" not in client.get(url, follow=True).text


def test_beginning_what_two_notes_have_become_finds_one_of_them(planned, expert):
    first, _created = workflow.start(planned, {"language": "en"}, by=expert)
    workflow.move(first, "shared", by=expert)
    second, _created = workflow.start(planned, {"language": "en"}, by=expert)
    workflow.move(first, "confidential", by=expert)

    row, created = workflow.start(planned, {"language": "en"}, by=expert)

    assert not created
    assert row in {first, second}


def test_a_note_that_another_tab_has_deleted_is_not_found(note, expert):
    workflow.discard(note, by=expert)

    for late in (
        lambda: workflow.discard(note, by=expert),
        lambda: workflow.move(note, "shared", by=expert),
    ):
        with pytest.raises(Http404):
            late()


def test_the_municipality_does_not_learn_from_the_audit_what_is_said_about_a_note(
    said_of_note, expert, coordinator, reviewer
):
    comments.mark(said_of_note, done=True, by=expert)
    comments.mark(said_of_note, done=False, by=expert)
    comments.move_comment(said_of_note, "withdrawn", by=expert)

    about = AuditEntry.objects.filter(target__startswith="drafting.comment")
    assert not about.visible_to(coordinator).exists()
    actions = set(about.visible_to(reviewer).values_list("action", flat=True))
    assert len(actions) == 4
    assert actions <= set(ACTIONS)
