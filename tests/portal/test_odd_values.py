"""What no form checks on its way: a NUL in a word that goes along, a key that is no number."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry


def send(client, user, route, *args, **data):
    client.force_login(user)
    return client.post(reverse(route, args=args), data)


@pytest.mark.parametrize(
    ("route", "row", "to"),
    [
        ("strategies:move", "before_bodies", "drafting"),
        ("applications:move", "submitted", "withdrawn"),
    ],
)
def test_a_word_that_goes_with_a_move_is_stored_without_its_nul(
    client, coordinator, request, route, row, to
):
    row = request.getfixturevalue(row)

    page = send(client, coordinator, route, row.pk, to, note="No\x00t yet.")

    assert page.status_code == 302
    entry = AuditEntry.objects.get(action=f"{row._meta.model_name}.{to}")
    assert entry.note == "Not yet."


@pytest.mark.parametrize("key", ["x", "\x00", "1e3", "²", "9" * 30, ""])
def test_a_round_that_is_no_number_is_not_found(client, coordinator, participation, key):
    page = send(client, coordinator, "indexanalysis:start", participation.pk, round=key)

    assert page.status_code == 404
