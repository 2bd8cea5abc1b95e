"""The long texts of an application: saved together, talked about, restored."""

import pytest
from django.urls import reverse

from drafting.saving import save
from tests.factories import DeclarationFactory


@pytest.fixture
def send(client, draft):
    """Post the whole form as a person; `read` is the version that was on the page."""
    page = {
        "motivation": "One.\nTwo.",
        "staff_time": "A day.",
        "contact_email": "maija@town.example",
    }

    def post(user, *, read, part="motivation", htmx=False, **fields):
        client.force_login(user)
        url = reverse("applications:edit", args=[draft.pk, part])
        headers = {"hx-request": "true"} if htmx else {}
        return client.post(url, page | {"read": read, "key": str(fields)} | fields, headers=headers)

    return post


def reread(row):
    return type(row).objects.get(pk=row.pk)


def test_the_script_gets_a_few_lines_with_the_new_version(send, draft, member):
    page = send(member, read=0, htmx=True)

    assert page.status_code == 200
    assert "<html" not in page.text
    assert 'id="id_read" value="1"' in page.text
    assert page["X-Version"] == "1"
    assert reread(draft).motivation == "One.\nTwo."


def test_other_fields_and_paragraphs_are_joined_and_the_person_is_told(
    send, draft, coordinator, member
):
    send(coordinator, read=0)
    send(coordinator, read=1, motivation="Hers.\nTwo.")

    page = send(member, read=1, htmx=True, motivation="One.\r\nHis.")

    assert "together with what a colleague wrote" in page.text
    assert "Hers.\nHis." in page.text
    assert reread(draft).motivation == "Hers.\nHis."


def test_people_on_different_pages_never_meet(send, draft, coordinator, member):
    """Each page stores its own fields, whatever the others hold and whichever version it shows."""
    before = draft.present_work
    send(coordinator, read=0, motivation="Hers.")

    page = send(member, read=0, part="staff-time", htmx=True, staff_time="His.", present_work="No.")

    assert (page.status_code, page["X-Version"]) == (200, "2")
    assert "together with" not in page.text
    row = reread(draft)
    assert (row.motivation, row.staff_time, row.present_work) == ("Hers.", "His.", before)


def test_a_page_that_is_not_there(send, draft, member):
    assert send(member, read=0, part="nothing").status_code == 404
    assert send(member, read=0, part="attachments").status_code == 404


@pytest.mark.parametrize("letters", [4000, 4001])
def test_a_text_has_a_limit_that_is_told_and_checked(send, draft, member, letters):
    """Line breaks count once, however the browser sends them."""
    text = "\r\n".join(["x" * 1999, "x" * (letters - 2000)])

    page = send(member, read=0, motivation=text)

    assert (page.status_code, reread(draft).version) == ((302, 1) if letters == 4000 else (400, 0))
    if letters == 4001:
        assert "At most 4000 characters." in page.text
        assert 'data-limit="4000"' in page.text
        assert "maxlength" not in page.text
        assert "x" * 2001 in page.text  # kept


@pytest.mark.parametrize("htmx", [True, False])
def test_the_same_place_is_shown_twice_and_nothing_is_stored(
    send, draft, coordinator, member, htmx
):
    send(coordinator, read=0)
    send(coordinator, read=1, motivation="Hers.")

    page = send(member, read=1, motivation="His.", htmx=htmx)

    assert page.status_code == 409
    for words in ("Hers.", "His.", coordinator.name):
        assert words in page.text
    assert reread(draft).version == 2


def test_two_dates_are_shown_in_words(send, draft, coordinator, member):
    send(coordinator, read=0, part="decision", decided_on="1.10.2026", deciding_body="Board")

    page = send(member, read=0, part="decision", decided_on="2.10.2026", deciding_body="Board")

    assert page.status_code == 409
    assert "1 October 2026" in page.text
    assert "2 October 2026" in page.text
    assert f"/applications/{draft.pk}/edit/decision/" in page.text  # where the ways on lead


def test_what_is_sent_from_the_page_with_both_texts_goes_in(send, draft, coordinator, member):
    people = {"part": "people", "coordinator_post": "", "contact_name": "", "coordinator_name": ""}
    send(coordinator, read=0, **people)
    send(coordinator, read=1, **people | {"contact_name": "Hers.", "coordinator_post": "Hers too."})
    page = send(member, read=1, **people | {"contact_name": "His."})

    assert 'name="read" value="2"' in page.text
    assert 'value="Hers too."' in page.text  # goes along: only she has changed it
    send(member, read=2, **people | {"contact_name": "Both.", "coordinator_post": "Hers too."})

    row = reread(draft)
    assert (row.contact_name, row.coordinator_post) == ("Both.", "Hers too.")


def test_something_wrong_is_named_at_its_field_and_nothing_is_stored(send, draft, member):
    page = send(member, read=0, part="people", htmx=True, contact_email="no address")

    assert page.status_code == 400
    assert 'data-for="id_contact_email"' in page.text
    assert reread(draft).version == 0


def test_restoring_one_text_leaves_the_others(client, draft, coordinator):
    save(draft, {"motivation": "Old.", "staff_time": "Old."}, read=0, by=coordinator)
    save(draft, {"motivation": "New.", "staff_time": "New."}, read=1, by=coordinator)
    client.force_login(coordinator)

    client.post(reverse("applications:text_restore", args=[draft.pk, "motivation", 1]), {"read": 2})

    row = reread(draft)
    assert (row.motivation, row.staff_time, row.version) == ("Old.", "New.", 3)


def test_the_history_of_one_text_does_not_tell_of_the_others(client, draft, coordinator):
    save(draft, {"motivation": "Unheard"}, read=0, by=coordinator)
    save(draft, {"staff_time": "CANARY-time"}, read=1, by=coordinator)
    client.force_login(coordinator)

    page = client.get(reverse("applications:text_history", args=[draft.pk, "motivation"])).text

    assert "Unheard" in page
    assert "CANARY-time" not in page


def test_what_was_tried_out_in_a_draft_never_reaches_the_staff(client, draft, reviewer, member):
    save(draft, {"motivation": "CANARY-tried"}, read=0, by=member)
    save(draft, {"motivation": "Settled."}, read=1, by=member)
    type(draft).objects.update(state="submitted", submitted_at="2026-11-01T10:00Z")
    DeclarationFactory(application=draft, person=reviewer)
    client.force_login(reviewer)

    page = client.get(reverse("applications:detail", args=[draft.pk])).text

    assert "Settled." in page
    assert "CANARY-tried" not in page
    assert "/texts/" not in page
