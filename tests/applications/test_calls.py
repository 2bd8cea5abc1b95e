"""A call on its public pages, and a call's life: publishing, a moved deadline, the copy."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications.models import Application, Call
from applications.tasks import receipt
from applications.workflow import calls, letters
from documents.models import Upload
from documents.storing import sweep
from notifications.models import Mail
from tests.applications.calls_factories import (
    CallDateFactory,
    CallDocumentFactory,
    CallQuestionFactory,
    CompleteCallFactory,
    ContactFactory,
    ProjectBodyFactory,
)
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    CriterionFactory,
    MembershipFactory,
    UserFactory,
)

REASONS = {"en": "More time.", "fi": "Lisää aikaa.", "sv": "Mer tid."}


def reread(row):
    return type(row).objects.get(pk=row.pk)


def page_of(client, call):
    return client.get(reverse("applications:call", args=[call.slug]))


# Publishing


def test_a_complete_draft_is_published(draft_call, lead):
    call, changed = calls.publish(draft_call, by=lead)

    assert (call.state, call.phase) == ("published", "open")
    assert (changed.action, changed.by) == ("call.published", lead)


def test_publishing_a_second_time_changes_nothing(draft_call, lead):
    calls.publish(draft_call, by=lead)

    _call, changed = calls.publish(draft_call, by=lead)

    assert changed is None
    assert AuditEntry.objects.filter(action="call.published").count() == 1


def test_what_is_missing_is_named_and_nothing_is_published(lead):
    call = CallFactory(state="draft", expects_en="A group.", policy_areas=[], closed=True)

    with pytest.raises(Refused) as why:
        calls.publish(call, by=lead)

    assert str(why.value) == (
        "“Call” is not published yet. It still lacks: what the project gives, what the project "
        "expects, who may apply, the policy areas, a contact person, a criterion, a deadline "
        "that is still ahead."
    )
    assert reread(call).state == "draft"
    assert not AuditEntry.objects.exists()


def test_a_reviewer_does_not_publish(draft_call, reviewer):
    with pytest.raises(PermissionDenied):
        calls.publish(draft_call, by=reviewer)


def test_the_page_says_what_is_missing_and_then_has_the_button(client, lead):
    call = CompleteCallFactory(state="draft")
    CriterionFactory(call=call)
    client.force_login(lead)
    address = reverse("admin:applications_call_publish", args=[call.pk])

    lacking, refused = client.get(address), client.post(address, follow=True)
    ContactFactory(call=call)
    ready = client.get(address)
    published = client.post(address, follow=True)

    assert "<li>a contact person</li>" in lacking.text
    assert "It still lacks: a contact person." in refused.text
    assert 'value="Publish the call"' in ready.text
    assert "The call is published." in published.text
    assert "The call was published already." in client.post(address, follow=True).text


# A moved deadline


@pytest.fixture
def later(call):
    return call.closes_at + timedelta(days=7)


def move(call, closes_at, *, by, read=None):
    return calls.move_deadline(call, closes_at, read=read or call.closes_at, reasons=REASONS, by=by)


def test_the_people_of_a_partner_are_told_of_a_moved_deadline(joint, joined, lead):
    partner = MembershipFactory(municipality=joined.municipality).user

    move(joint.call, joint.call.closes_at + timedelta(days=7), by=lead)

    assert Mail.objects.filter(to=partner.email).count() == 1


def test_a_moved_deadline_is_kept_and_told_to_everybody_who_writes(
    draft, coordinator, member, person, lead
):
    coordinator.language = "sv"
    coordinator.save()
    person("reader")
    call, before = draft.call, draft.call.closes_at

    call, moved = move(call, before + timedelta(days=7), by=lead)

    assert reread(call).closes_at == before + timedelta(days=7)
    assert (moved.moved_from, moved.moved_to, moved.by) == (before, call.closes_at, lead)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by, entry.note) == ("call.deadline_moved", lead, "More time.")
    mails = {mail.to: mail for mail in Mail.objects.all()}
    assert set(mails) == {coordinator.email, member.email}
    assert "Mer tid." in mails[coordinator.email].text
    assert "More time." in mails[member.email].text
    assert {mail.kind for mail in mails.values()} == {"decision"}


def test_who_writes_in_two_drafts_gets_one_mail(draft, coordinator, lead):
    second = ApplicationFactory(call=draft.call)
    MembershipFactory(user=coordinator, municipality=second.municipality)

    move(draft.call, draft.call.closes_at + timedelta(days=7), by=lead)

    assert Mail.objects.count() == 1


def test_who_has_handed_in_or_withdrawn_is_not_bothered(call, later, lead):
    for state in ("submitted", "withdrawn"):
        town = ApplicationFactory(call=call, state=state).municipality
        MembershipFactory(municipality=town)

    move(call, later, by=lead)

    assert not Mail.objects.exists()


def test_the_same_move_twice_is_one(call, later, lead, second_lead):
    read = call.closes_at
    move(call, later, read=read, by=lead)

    _call, moved = move(call, later, read=read, by=second_lead)

    assert moved is None
    assert call.deadline_moves.count() == AuditEntry.objects.count() == 1


def test_of_two_leads_the_second_sees_what_the_first_has_done(call, later, lead, second_lead):
    read = call.closes_at
    move(call, later, read=read, by=lead)

    with pytest.raises(Refused, match="moved meanwhile"):
        move(call, later + timedelta(days=7), read=read, by=second_lead)

    assert reread(call).closes_at == later


def test_a_closed_call_opens_again(finished_call, lead):
    call, _moved = move(finished_call, timezone.now() + timedelta(days=3), by=lead)

    assert call.is_open


def test_the_deadline_may_come_earlier_but_not_before_now(call, lead):
    sooner = timezone.now() + timedelta(days=1)
    call, _moved = move(call, sooner, by=lead)

    with pytest.raises(Refused, match="still ahead"):
        move(call, timezone.now() - timedelta(minutes=1), by=lead)

    assert reread(call).closes_at == sooner


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"state": "draft"}, "has not opened yet"),
        ({"opens_at": timezone.now() + timedelta(days=1)}, "has not opened yet"),
        ({"state": "decided"}, "is decided"),
    ],
)
def test_only_a_call_that_has_opened_and_is_not_decided_has_its_deadline_moved(
    call, later, lead, fields, reason
):
    Call.objects.filter(pk=call.pk).update(**fields)

    with pytest.raises(Refused, match=reason):
        move(call, later, by=lead)


def test_while_a_selection_waits_the_deadline_stays(proposed_call, lead):
    with pytest.raises(Refused, match="selection waits"):
        move(proposed_call, timezone.now() + timedelta(days=3), by=lead)


def test_a_reviewer_does_not_move_the_deadline(call, later, reviewer):
    with pytest.raises(PermissionDenied):
        move(call, later, by=reviewer)


def posted(call, **fields):
    local = timezone.localtime(call.closes_at) + timedelta(days=7)
    texts = {f"reason_{language}": text for language, text in REASONS.items()}
    read = call.closes_at.isoformat()
    return {"day": f"{local:%d.%m.%Y}", "clock": "16.15", "read": read, **texts, **fields}


def test_a_lead_moves_it_on_its_page_and_everybody_reads_why(client, call, lead):
    client.force_login(lead)
    address = reverse("admin:applications_call_deadline", args=[call.pk])

    first = client.post(address, posted(call), follow=True)
    again = client.post(address, posted(call), follow=True)

    client.logout()
    with translation.override("fi"):
        page = page_of(client, call)
    assert "The deadline is moved, and everybody" in first.text
    assert "The deadline was at this time already." in again.text
    assert "Lisää aikaa." in page.text
    assert "klo 16.15" in page.text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"day": "1.1.2020"}, "This time has passed."),
        ({"day": "soon"}, "Enter a valid date."),
        ({"reason_sv": ""}, "This field is required."),
    ],
)
def test_an_error_is_said_at_the_field_and_the_rest_is_kept(client, call, lead, fields, error):
    client.force_login(lead)
    address = reverse("admin:applications_call_deadline", args=[call.pk])

    page = client.post(address, posted(call, **fields))

    assert page.status_code == 400
    assert error in page.text
    assert "More time." in page.text
    assert not call.deadline_moves.exists()


# The copy


def test_the_next_call_is_a_draft_with_all_parts_a_year_later(call_with_parts, lead):
    old = call_with_parts
    Call.objects.filter(pk=old.pk).update(
        slug="2026",
        opens_at=old.opens_at - timedelta(days=30),
        closes_at=timezone.now() - timedelta(days=1),
    )
    date = old.dates.get()

    new, created = calls.copy(old, by=lead)

    new = reread(new)
    assert created
    assert (new.slug, new.state, new.copied_from_id) == ("2026-2", "draft", old.pk)
    assert (new.title_fi, new.seats, new.decided_on) == ("Haku", 2, None)
    assert timezone.now() < new.opens_at < new.closes_at
    assert new.dates.get().starts_at > date.starts_at + timedelta(days=300)
    assert new.contacts.get().languages == ["fi", "sv"]
    assert new.questions.get().answer_sv == "Ja."
    assert new.documents.get().upload == old.documents.get().upload
    assert AuditEntry.objects.get().action == "call.copied"


def test_the_copied_call_keeps_its_parts_and_neither_has_applications(finished_call, lead):
    ContactFactory(call=finished_call)
    ApplicationFactory(call=finished_call)

    new, _created = calls.copy(finished_call, by=lead)

    assert finished_call.contacts.count() == 1
    assert (finished_call.applications.count(), new.applications.count()) == (1, 0)


def test_the_copied_call_keeps_the_letters_as_they_were_worded(finished_call, lead):
    letters.lay_out(finished_call)
    finished_call.letter_texts.filter(outcome="selected").update(subject_en="Welcome aboard")

    new, _created = calls.copy(finished_call, by=lead)
    letters.lay_out(new)

    assert new.letter_texts.get(outcome="selected").subject_en == "Welcome aboard"
    assert new.letter_texts.count() == finished_call.letter_texts.count()


def test_a_second_copy_is_the_first_until_that_is_published(finished_call, lead):
    first, _created = calls.copy(finished_call, by=lead)
    again, created = calls.copy(finished_call, by=lead)
    Call.objects.filter(pk=first.pk).update(state="published")

    second, made = calls.copy(finished_call, by=lead)

    assert (again, created, made) == (first, False, True)
    assert second.slug == f"{finished_call.slug}-3"


def test_a_call_that_is_not_over_is_not_copied(call, lead):
    with pytest.raises(Refused, match="that is over"):
        calls.copy(call, by=lead)

    assert Call.objects.count() == 1


def test_a_reviewer_does_not_copy(finished_call, reviewer):
    with pytest.raises(PermissionDenied):
        calls.copy(finished_call, by=reviewer)


def test_the_copy_opens_as_a_form(client, finished_call, lead):
    client.force_login(lead)
    address = reverse("admin:applications_call_copy", args=[finished_call.pk])

    page = client.post(address, follow=True)

    assert "The copy is a draft." in page.text
    assert f'value="{finished_call.slug}-2"' in page.text
    assert "This call has been copied before" in client.post(address, follow=True).text


def test_a_file_stays_as_long_as_one_call_names_it(finished_call, lead, settings):
    settings.ORPHAN_SECONDS = -1
    document = CallDocumentFactory(call=finished_call)
    new, _created = calls.copy(finished_call, by=lead)

    document.delete()
    sweep()
    with new.documents.get().upload.file.open() as file:
        assert file.read() == b"CANARY-bytes"

    new.documents.all().delete()
    sweep()
    assert not Upload.objects.exists()


# The public pages


def test_everybody_reads_a_call_with_all_its_parts_in_their_language(client, call_with_parts):
    with translation.override("sv"):
        page = page_of(client, call_with_parts)

    for text in ("Informationsmöte", "Ansökan", "Får vi?", "Ja.", "Anvisning", "Ministeriet"):
        assert text in page.text
    assert "mailto:contact@team.example" in page.text
    assert page.text.count("<h1>") == 1


def test_what_is_not_filled_in_is_not_there(client, call):
    page = page_of(client, call)

    for heading in ("What the project gives", "Questions and answers", "Documents", "Ask us"):
        assert heading not in page.text
    assert "Policy areas" in page.text


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today"), (1, "tomorrow"), (12, "in 12 days"), (60, "in 60 days")]
)
def test_the_deadline_says_how_far_off_it_is(client, db, days, words):
    today = timezone.localtime().replace(hour=23, minute=59)
    call = CallFactory(closes_at=today + timedelta(days=days))

    page = page_of(client, call)

    assert words in " ".join(page.text.split())


def test_what_people_wrote_is_shown_as_it_is(client, call):
    typed = "<script>alert(1)</script>{{ 7|add:7 }}"
    ContactFactory(call=call, name=typed)
    CallQuestionFactory(call=call, answer_en=typed)
    ProjectBodyFactory(project=call.project, name_en=typed)

    page = page_of(client, call)

    assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}") == 3


def test_who_has_an_application_opens_it_instead_of_a_second_one(client, draft, coordinator):
    client.force_login(coordinator)

    page = page_of(client, draft.call)

    assert "Open the application of Omala" in page.text
    assert "Begin the application" not in page.text


def test_who_coordinates_two_begins_the_other(client, draft, coordinator):
    MembershipFactory(user=coordinator, municipality__name_en="Second")
    client.force_login(coordinator)

    page = page_of(client, draft.call)

    assert "Open the application of Omala" in page.text
    assert "Begin the application of Second" in page.text


def test_a_withdrawn_application_leaves_room_for_a_new_one(client, draft, coordinator):
    Application.objects.update(state="withdrawn")
    client.force_login(coordinator)

    page = page_of(client, draft.call)

    assert "Begin the application of Omala" in page.text


def test_the_calls_are_listed_by_their_phase(client, person):
    CallFactory(title_en="Running")
    CallFactory(title_en="Next one", opens_at=timezone.now() + timedelta(days=3))
    CallFactory(title_en="Earlier", closed=True)
    CallFactory(title_en="Secret", state="draft")

    page = client.get(reverse("applications:calls"))
    client.force_login(person("reviewer"))
    staff = client.get(reverse("applications:calls"))

    order = ["Open now", "Running", "Coming", "Next one", "Past calls", "Earlier"]
    places = [page.text.index(f"{words}</") for words in order]
    assert places == sorted(places)
    assert "Secret" not in page.text
    assert "Drafts</h2>" in staff.text


def test_a_page_asks_the_database_as_often_for_three_parts_as_for_one(count, call_with_parts):
    call = call_with_parts
    one = count(None, "applications:call", call.slug)
    for part in (CallDateFactory, ContactFactory, CallQuestionFactory, CallDocumentFactory):
        part.create_batch(2, call=call)
    ProjectBodyFactory.create_batch(2, project=call.project)

    assert count(None, "applications:call", call.slug) == one <= 12


def test_a_document_is_downloaded_as_it_was_and_never_shown(client, call_document):
    response = client.get(reverse("applications:call_document", args=[call_document.pk]))

    assert response.getvalue() == b"CANARY-bytes"
    assert response["Content-Disposition"] == 'attachment; filename="guide.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_the_calendar_holds_the_dates_and_the_deadline(client, call):
    hours = CallDateFactory(call=call, ends_at=timezone.now() + timedelta(days=5, hours=2))
    CallDateFactory(call=call, is_whole_day=True, name_en="Outcome")

    response = client.get(reverse("applications:call_calendar", args=[call.slug]))

    entries = Calendar.from_ical(response.content).walk("VEVENT")
    summaries = sorted(entry["SUMMARY"] for entry in entries)
    assert summaries == ["Deadline: Call", "Information session: Call", "Outcome: Call"]
    assert f"call-date-{hours.pk}@" in response.text
    assert response["Content-Type"] == "text/calendar; charset=utf-8"


def test_the_receipt_names_who_is_behind_the_project(submitted, coordinator):
    ProjectBodyFactory(project=submitted.call.project)
    submitted.receipt.asked_by = coordinator
    submitted.receipt.save()

    html, _name = receipt(submitted.receipt)

    assert "Carried out by: Ministry" in html


def test_a_person_who_may_not_sign_in_any_more_gets_no_mail(draft, later, lead):
    gone = UserFactory(is_active=False)
    MembershipFactory(user=gone, municipality=draft.municipality)

    move(draft.call, draft.call.closes_at + timedelta(days=7), by=lead)

    assert not Mail.objects.exists()
