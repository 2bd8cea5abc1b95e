"""A coordinator reads in words what was done in the own municipality, and nothing else."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from accounts import changes
from accounts.actions import ACTIONS
from accounts.audit import record
from accounts.models import AuditEntry
from accounts.workflow.memberships import change
from applications.models import Application, Call, Selection
from indexanalysis.models import Assessment
from tests.factories import ApplicationFactory, InvitationFactory, MembershipFactory


@pytest.fixture
def page(client, coordinator, town):
    def get(**query):
        client.force_login(coordinator)
        return client.get(reverse("accounts:audit", args=[town.pk]), query)

    return get


def targets(page):
    return [line.target for line in page.context["lines"]]


def test_entries_are_told_in_words(page, coordinator, member, town):
    change(member.memberships.get(), {"role": "reader", "sector": "housing"}, by=coordinator)
    invitation = InvitationFactory(municipality=town, name="Noora Nieminen")
    record("invitation.sent", invitation, by=coordinator, note="role: member")

    invited, changed = page().context["lines"]

    assert (str(invited.action), invited.target) == (
        "sent an invitation",
        "Invitation: Noora Nieminen",
    )
    assert (str(changed.action), changed.target) == (
        "changed a person's part",
        "Membership: member",
    )
    assert changed.note == "Role: member → reader; Sector: – → housing"
    assert invited.note == "Role: member"


def test_an_unknown_action_and_model_are_shown_as_they_are(page, coordinator, town):
    AuditEntry.objects.create(
        action="norm.proposed", target="norms.norm 4", municipality=town, by=coordinator
    )

    assert "norm.proposed" in page().text
    assert "norms.norm 4" in page().text


def test_a_note_that_looks_like_a_change_is_left_alone(page, coordinator, draft):
    record("application.started", draft, by=coordinator, note="since: yesterday")

    assert "since: yesterday" in page().text


def test_another_municipalitys_entries_and_the_reviews_are_not_there(
    page, coordinator, town, other_town, reviewer
):
    record("application.started", ApplicationFactory(municipality=other_town), by=coordinator)
    record("review.handed_in", ApplicationFactory(municipality=town), by=reviewer)

    assert targets(page()) == []


def test_a_coordinator_of_one_municipality_is_a_member_in_another(client, coordinator, other_town):
    MembershipFactory(user=coordinator, municipality=other_town, role="member")
    client.force_login(coordinator)

    assert client.get(reverse("accounts:audit", args=[other_town.pk])).status_code == 403


def test_filters_narrow_by_person_action_and_day(page, coordinator, member, draft):
    record("application.started", draft, by=coordinator)
    record("application.submitted", draft, by=member)
    by_member = {"by": member.pk}

    found = [
        len(targets(page(**query)))
        for query in (
            {},
            by_member,
            {"action": "application.started"},
            by_member | {"action": "application.started"},
            {"after": "1.1.2020"},
            {"before": "1.1.2020"},
        )
    ]

    assert found == [2, 1, 1, 0, 2, 0]


def test_a_filter_that_cannot_be_read_is_named_and_the_rest_holds(page, coordinator, draft):
    record("application.started", draft, by=coordinator)

    answer = page(after="yesterday")

    assert answer.status_code == 400
    assert "Enter a valid date." in answer.text
    assert len(targets(answer)) == 1


def test_fifty_entries_a_page_and_the_filter_stays_in_the_address(page, coordinator, draft):
    for _ in range(51):
        record("application.started", draft, by=coordinator)

    first, second = page(action="application.started"), page(action="application.started", page=2)

    assert (len(targets(first)), len(targets(second))) == (50, 1)
    assert "?action=application.started&amp;page=2" in first.text


def test_every_action_that_the_code_records_has_words():
    source = "".join(
        path.read_text()
        for app in (
            "accounts",
            "applications",
            "workinggroups",
            "indexanalysis",
            "visits",
            "strategies",
        )
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
    )
    literal = set(re.findall(r'record\(\s*"([a-z_]+\.[a-z_]+)"', source))
    moved = {f"application.{state}" for state in Application.State.values if state != "draft"}
    moved |= {f"call.{state}" for state in Call.State.values if state != "draft"}
    moved |= {f"selection.{state}" for state in Selection.State.values}
    moved |= {f"assessment.{state}" for state in Assessment.State.values if state != "open"}

    assert len(literal) > 10
    assert (literal | moved) - set(ACTIONS) == set()


def test_a_note_is_read_as_it_was_written():
    note = changes.note_of({"role": "member", "until": None}, {"role": "reader", "until": None})

    assert note == "role: member > reader; until: - > -"
    assert changes.read(note) == [
        changes.Change("role", "member", "reader"),
        changes.Change("until", "", ""),
    ]
    assert changes.read("access request 5") is None
    assert changes.read("") is None
