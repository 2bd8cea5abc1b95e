"""The form on which a lead keeps a call with all its parts."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from applications.models import SECTIONS, Call
from documents.models import Upload
from tests.applications.calls_factories import CompleteCallFactory, ContactFactory
from tests.applications.calls_forms import counted, in_all, moment, part, sent
from tests.documents import files
from tests.factories import CallFactory, ProjectFactory


@pytest.fixture
def project(db):
    return ProjectFactory()


@pytest.fixture
def add(client, lead, project):
    """Send the form of a new call; what differs from a complete one is named."""
    client.force_login(lead)

    def send(**more):
        return client.post(reverse("admin:applications_call_add"), sent(project, **more))

    return send


def test_a_call_is_kept_with_its_texts_and_areas(add):
    add()

    call = Call.objects.get()
    assert (call.slug, call.seats, call.policy_areas) == ("2027", 7, ["education"])
    assert (call.gives_sv, call.languages_fi) == ("About gives", "About languages")
    assert call.state == "draft"


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_is_written_in_all_languages_or_in_none(add, name):
    none = add(**in_all(name, ""))
    Call.objects.all().delete()
    some = add(**{f"{name}_fi": "", f"{name}_sv": ""})

    assert none.status_code == 302
    assert some.text.count("Write this text in all three languages, or in none.") == 2
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("opens", "closes", "error"),
    [(40, 10, "The call closes before it opens."), (-40, -10, "This time has passed.")],
)
def test_times_that_cannot_be_are_said_at_the_field(add, opens, closes, error):
    now = timezone.now()

    page = add(
        **moment("opens_at", now + timedelta(days=opens)),
        **moment("closes_at", now + timedelta(days=closes)),
    )

    assert error in page.text
    assert "About gives" in page.text


DATE = in_all("name", "Information session") | {"starts_on": "27.10.2026"}


@pytest.mark.parametrize(
    ("fields", "starts", "ends", "whole_day"),
    [
        ({}, "27.10.2026 00:00", None, True),
        ({"starts": "10.00"}, "27.10.2026 10:00", None, False),
        ({"starts": "10", "ends": "12"}, "27.10.2026 10:00", "27.10.2026 12:00", False),
        ({"ends_on": "28.10.2026"}, "27.10.2026 00:00", "28.10.2026 00:00", True),
        ({"starts": "10", "ends_on": "28.10.2026", "ends": "9"},
         "27.10.2026 10:00", "28.10.2026 09:00", False),
    ],
)  # fmt: skip
def test_a_date_has_hours_in_helsinki_or_is_a_whole_day(add, fields, starts, ends, whole_day):
    add(**counted(dates=1), **part("dates", **DATE, **fields))

    date = Call.objects.get().dates.get()
    times = [when and f"{timezone.localtime(when):%d.%m.%Y %H:%M}" for when in
             (date.starts_at, date.ends_at)]  # fmt: skip
    assert (*times, date.is_whole_day) == (starts, ends, whole_day)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"starts": "12", "ends": "10"}, "It ends before it begins."),
        ({"ends_on": "26.10.2026"}, "It ends before it begins."),
        ({"ends": "12"}, "Say also when it begins, or leave both hours empty."),
        ({"starts_on": "tomorrow"}, "Enter a valid date."),
        ({"starts_on": ""}, "This field is required."),
        ({"name_sv": ""}, "This field is required."),
        ({"starts": "25.00"}, "Enter a valid time."),
    ],
)
def test_a_date_that_cannot_be_is_said_at_the_field(add, fields, error):
    page = add(**counted(dates=1), **part("dates", **DATE | fields))

    assert error in page.text
    assert not Call.objects.exists()


CONTACT = in_all("area", "Applying") | {
    "name": "Kaisa", "organisation": "Team", "email": "kaisa@team.example", "languages": ["fi"],
    "position": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"email": "kaisa"}, "Enter a valid email address."),
        ({"languages": []}, "This field is required."),
        ({"languages": ["xx"]}, "Select a valid choice."),
        ({"area_fi": "", "area_sv": ""}, "This field is required."),
    ],
)
def test_a_contact_person_has_an_address_areas_and_languages(add, fields, error):
    page = add(**counted(contacts=1), **part("contacts", **CONTACT | fields))

    assert error in page.text
    assert not Call.objects.exists()


def test_a_contact_person_is_kept(add):
    add(**counted(contacts=1), **part("contacts", **CONTACT))

    assert Call.objects.get().contacts.get().languages == ["fi"]


def document(content=None, name="guide.pdf"):
    file = SimpleUploadedFile(name, files.pdf() if content is None else content)
    return part("documents", **in_all("title", "Guide"), language="en", position=0, file=file)


def test_a_document_is_stored_as_the_staff_s_own(add, lead):
    content = files.pdf()

    add(**counted(documents=1), **document(content))

    upload = Call.objects.get().documents.get().upload
    assert (upload.name, upload.kind, upload.municipality, upload.by) == (
        "guide.pdf", "pdf", None, lead,
    )  # fmt: skip
    with upload.file.open() as file:
        assert file.read() == content


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"MZ", "guide.exe", "This kind of file is not taken."),
        (b"<svg/>", "guide.pdf", "The content is not what the name"),
        (b"", "guide.pdf", "The file is empty."),
    ],
)
def test_a_file_that_is_refused_is_said_at_its_field(add, content, name, error):
    page = add(**counted(documents=1), **document(content, name))

    assert error in page.text
    assert not Call.objects.exists()
    assert not Upload.objects.exists()


def test_a_call_s_files_have_a_limit_together(add, settings):
    settings.UPLOAD_BUNDLE_BYTES = 10

    page = add(**counted(documents=1), **document())

    assert page.status_code == 200
    assert "errorlist" in page.text
    assert not Upload.objects.exists()


def test_more_parts_than_there_is_room_for_are_refused(add):
    page = add(**counted(contacts=13))

    assert "Please submit at most 12 forms." in page.text


@pytest.fixture
def change(client, lead):
    """Send the form of a stored call, its first contact person with it."""
    client.force_login(lead)

    def send(call, **more):
        address = reverse("admin:applications_call_change", args=[call.pk])
        return client.post(address, sent(call.project) | more)

    return send


def test_once_open_seats_dates_and_address_stay_and_texts_do_not(change, call):
    before = (call.slug, call.seats, call.opens_at, call.closes_at)

    change(call, gives_en="More.")

    call = Call.objects.get()
    assert (call.slug, call.seats, call.opens_at, call.closes_at) == before
    assert call.gives_en == "More."


def test_a_published_call_keeps_what_it_could_not_be_published_without(change):
    call = CompleteCallFactory()

    refused = change(call, **in_all("gives", ""))
    stored = change(call, **in_all("languages", ""))

    assert refused.text.count("A published call cannot do without this text.") == 3
    assert stored.status_code == 302


def test_before_it_opens_they_can_still_change(change):
    call = CallFactory(opens_at=timezone.now() + timedelta(days=3))

    change(call)

    assert (Call.objects.get().slug, Call.objects.get().seats) == ("2027", 7)


def test_a_decided_call_is_history(change, client):
    call = CallFactory(state="decided", closed=True)
    ContactFactory(call=call, name="Kaisa")

    page = client.get(reverse("admin:applications_call_change", args=[call.pk]))

    assert "Kaisa" in page.text
    assert 'name="contacts-0-name"' not in page.text
    assert change(call).status_code == 403


def test_the_audit_says_which_parts_were_changed(change, call):
    contact = ContactFactory(call=call)
    here = {"contacts-INITIAL_FORMS": 1, "contacts-TOTAL_FORMS": 1}
    keys = part("contacts", id=contact.pk, call=call.pk)

    change(call, **here, **keys, **part("contacts", **CONTACT))

    entry = AuditEntry.objects.get(action="call.parts_changed")
    assert entry.note == "contacts"
    assert call.contacts.get().name == "Kaisa"


def test_a_form_does_not_undo_a_move_made_meanwhile(change, draft_call, lead, monkeypatch):
    """The form was opened while the call was a draft, and is stored after it was published."""
    Call.objects.filter(pk=draft_call.pk).update(state="published")

    change(draft_call)

    assert Call.objects.get().state == "published"


def test_a_reviewer_reads_the_parts(client, call_with_parts, reviewer):
    client.force_login(reviewer)

    page = client.get(reverse("admin:applications_call_change", args=[call_with_parts.pk]))

    for text in ("Information session", "Hakeminen", "Får vi?", "guide.pdf"):
        assert text in page.text
    assert "Move the deadline" not in page.text


def test_the_form_asks_as_often_for_three_parts_as_for_one(count, lead, call_with_parts):
    one = count(lead, "admin:applications_call_change", call_with_parts.pk)
    ContactFactory.create_batch(2, call=call_with_parts)

    assert count(lead, "admin:applications_call_change", call_with_parts.pk) == one
