from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from tests.factories import MembershipFactory
from tests.workinggroups.factories import GroupMemberFactory, WorkingGroupFactory
from workinggroups import standing
from workinggroups.models import WorkingGroup
from workinggroups.workflow import groups

TODAY = timezone.localdate()
PLAIN = {"name": "", "purpose": "", "founded_on": TODAY}
TERM = {"term_since": TODAY, "term_until": TODAY + timedelta(days=700)}
BOARD = PLAIN | TERM | {"name": "Advisory board", "appointing_body": "Municipal board"}


def test_a_coordinator_founds_the_working_group_once(participation, coordinator):
    group, created = groups.found(participation, "working_group", PLAIN, by=coordinator)
    again, second = groups.found(participation, "working_group", PLAIN, by=coordinator)

    assert (created, second, again.pk) == (True, False, group.pk)
    assert group.title == "Cross-sector working group of Omala"
    assert AuditEntry.objects.get().action == "workinggroup.founded"
    assert AuditEntry.objects.get().municipality == participation.municipality


def test_there_may_be_several_delegations_each_with_a_name(participation, coordinator):
    def found(name):
        return groups.found(participation, "delegation", BOARD | {"name": name}, by=coordinator)

    made = [found(name)[1] for name in ("Advisory board", "Council", "ADVISORY BOARD")]

    assert made == [True, True, False]
    assert WorkingGroup.objects.filter(kind="delegation").count() == 2


@pytest.mark.parametrize("name", ["member", "reader", "other_coordinator", "expert", "lead"])
def test_nobody_else_founds_one(participation, person, name):
    with pytest.raises(PermissionDenied):
        groups.found(participation, "working_group", PLAIN, by=person(name))


def test_after_the_participation_no_group_is_founded(past_participation, coordinator):
    with pytest.raises(Refused, match="does not take part any more"):
        groups.found(past_participation, "working_group", PLAIN, by=coordinator)


def test_a_change_is_stored_and_a_second_click_changes_nothing(group, coordinator):
    values = PLAIN | {"name": "The group"}

    row, changed = groups.change(group, values, by=coordinator)
    _row, second = groups.change(group, values, by=coordinator)

    assert (row.name, changed.note, second) == ("The group", "name", None)


def test_a_member_does_not_change_the_group(group, member):
    with pytest.raises(PermissionDenied):
        groups.change(group, PLAIN, by=member)


def test_two_delegations_are_not_called_alike(delegation, coordinator):
    other = WorkingGroupFactory(participation=delegation.participation, delegation=True)

    with pytest.raises(Refused, match="another delegation with this name"):
        groups.change(other, BOARD | {"name": delegation.name.upper()}, by=coordinator)


@pytest.mark.parametrize("missing", ["appointing_body", "term_since", "term_until"])
def test_the_database_takes_no_delegation_without_body_and_term(participation, missing):
    fields = BOARD | {missing: "" if missing == "appointing_body" else None}

    with pytest.raises(IntegrityError):
        WorkingGroup.objects.create(participation=participation, kind="delegation", **fields)


def standings(matrix):
    return {row.line.code: row.line.standing for row in matrix.rows}


def test_the_matrix_holds_members_against_areas_and_parties_of_today(group, kinds):
    GroupMemberFactory(group=group, sector="library")
    GroupMemberFactory(group=group, sector="culture", party_kind=kinds["kela"])
    members = group.members.with_people()

    areas = standings(standing.areas(members))
    parties = standings(standing.parties(group, members))

    assert (areas["culture"], areas["multilingualism"]) == ("covered", "thin")
    assert areas["education"] == "missing"
    assert parties["kela"] == "thin"
    assert parties["employment_authority"] == "missing"
    assert "te_office" not in parties


def test_the_matrix_of_a_delegation_asks_for_other_parties(delegation):
    matrix = standing.parties(delegation, [])

    assert set(standings(matrix)) == {"organisation", "labour_market", "business"}
    assert {row.basis.certainty for row in matrix.rows} == {"inferred"}


def test_whoever_leads_comes_first_and_then_the_names_in_finnish_order(group):
    for name, role in [("Öhman", "member"), ("Zorn", "member"), ("Åberg", "chair")]:
        GroupMemberFactory(group=group, name=name, role=role)

    assert [m.name for m in standing.in_order(group.members.all())] == ["Åberg", "Zorn", "Öhman"]


def test_the_counts_of_a_list_are_those_of_today(group, meeting, task):
    GroupMemberFactory(group=group, until=TODAY - timedelta(days=1))
    GroupMemberFactory(group=group)

    row = WorkingGroup.objects.with_counts().get(pk=group.pk)

    assert (row.member_count, row.open_tasks) == (2, 1)  # the task's owner, and one more
    assert row.next_meeting_at == meeting.starts_at


def test_a_group_is_seen_by_its_own_people_alone(group, person, other_town):
    stranger = MembershipFactory(municipality=other_town).user

    assert not WorkingGroup.objects.visible_to(stranger)
    assert not WorkingGroup.objects.visible_to(person("observer"))
    assert WorkingGroup.objects.visible_to(person("expert")).get() == group
