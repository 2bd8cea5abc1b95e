"""Leads assign experts to municipalities, with dates, in the admin."""

import pytest
from django.urls import reverse

from accounts.models import Assignment, AuditEntry


@pytest.fixture
def assign(client, lead, person, town):
    """Send the form; give the days."""
    client.force_login(lead)
    user = person("stranger").pk

    def send(**days):
        url = reverse("admin:accounts_assignment_add")
        return client.post(url, {"user": user, "municipality": town.pk} | days)

    return send


def test_a_lead_assigns_an_expert_with_dates(assign):
    assert assign(since="2026-11-01", until="2026-11-01").status_code == 302
    assert str(Assignment.objects.get().until) == "2026-11-01"
    assert AuditEntry.objects.get().action == "assignment.created"


def test_an_assignment_that_ends_before_it_begins_is_named_at_its_last_day(assign):
    page = assign(since="2026-11-02", until="2026-11-01")

    assert page.context["errors"] == [["The last day comes before the first one."]]
    assert 'value="2026-11-02"' in page.text
    assert not Assignment.objects.exists()
