"""The long texts of an application: saved together, talked about, restored."""

import pytest
from django.urls import reverse

from drafting.saving import save


@pytest.fixture
def send(client, draft):
    """Post the whole form as a person; `read` is the version that was on the page."""
    page = {
        "contact_email": "maija@town.example",
        "motivation": "One.\nTwo.",
        "staff_time": "A day.",
    }

    def post(user, *, read, htmx=False, **fields):
        client.force_login(user)
        url = reverse("applications:edit", args=[draft.pk])
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
    send(coordinator, read=1, motivation="Hers.\nTwo.", contact_email="her@town.example")

    page = send(member, read=1, htmx=True, motivation="One.\r\nHis.", staff_time="Two days.")

    assert "together with what a colleague wrote" in page.text
    assert "Hers.\nHis." in page.text
    row = reread(draft)
    assert (row.motivation, row.staff_time) == ("Hers.\nHis.", "Two days.")
    assert row.contact_email == "her@town.example"


@pytest.mark.parametrize("htmx", [True, False])
def test_the_same_place_is_shown_twice_and_nothing_is_stored(
    send, draft, coordinator, member, htmx
):
    send(coordinator, read=0)
    send(coordinator, read=1, motivation="Hers.", decided_on="1.10.2026")

    page = send(member, read=1, motivation="His.", decided_on="2.10.2026", htmx=htmx)

    assert page.status_code == 409
    for words in ("Hers.", "His.", coordinator.name, "1 October 2026", "2 October 2026"):
        assert words in page.text
    assert reread(draft).version == 2


def test_what_is_sent_from_the_page_with_both_texts_goes_in(send, draft, coordinator, member):
    send(coordinator, read=0)
    send(coordinator, read=1, motivation="Hers.", staff_time="Hers too.")
    page = send(member, read=1, motivation="His.")

    assert 'name="read" value="2"' in page.text
    assert 'value="Hers too."' in page.text  # goes along: only she has changed it
    send(member, read=2, motivation="Hers. His.", staff_time="Hers too.")

    assert reread(draft).motivation == "Hers. His."


def test_something_wrong_is_named_at_its_field_and_nothing_is_stored(send, draft, member):
    page = send(member, read=0, htmx=True, contact_email="no address")

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
    client.force_login(reviewer)

    page = client.get(reverse("applications:detail", args=[draft.pk])).text

    assert "Settled." in page
    assert "CANARY-tried" not in page
    assert "/texts/" not in page
