from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import AuditEntry, Invitation
from accounts.workflow import Refused, invitations
from notifications.models import Mail
from tests.factories import InvitationFactory, MembershipFactory, UserFactory
from tests.workinggroups.factories import GroupMemberFactory
from workinggroups.tasks import link_members
from workinggroups.workflow import members

TODAY = timezone.localdate()
FIELDS = {
    "name": "Maija Mallikas",
    "organisation": "Kela",
    "party_kind": None,
    "sector": "employment",
    "role": "member",
    "policy_areas": [],
    "since": TODAY,
    "until": None,
    "email": "maija@kela.example",
    "language": "fi",
}


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_somebody_without_an_account_is_added_once(group, coordinator):
    member, created = members.add(group, FIELDS, by=coordinator)
    again, second = members.add(group, FIELDS, by=coordinator)

    assert (created, second, again.pk) == (True, False, member.pk)
    assert (member.user, actions()) == (None, ["groupmember.added"])
    assert not Invitation.objects.exists()


def test_a_lead_adds_and_invites_where_the_coordinator_is_away(group, lead):
    _member, created = members.add(group, FIELDS, access=True, by=lead)

    assert created
    assert Invitation.objects.get().invited_by == lead
    assert AuditEntry.objects.get(action="groupmember.added").by == lead


@pytest.mark.parametrize("name", ["member", "reader", "expert", "reviewer", "other_coordinator"])
def test_nobody_else_says_who_belongs_to_the_group(group, group_member, person, name):
    with pytest.raises(PermissionDenied):
        members.add(group, FIELDS, by=person(name))
    with pytest.raises(PermissionDenied):
        members.change(group_member, FIELDS, by=person(name))


def test_an_address_belongs_to_one_member(group, coordinator):
    members.add(group, FIELDS, by=coordinator)

    with pytest.raises(Refused, match="belongs to the group already"):
        members.add(
            group, FIELDS | {"name": "Other", "email": "MAIJA@kela.example"}, by=coordinator
        )


def test_whoever_has_left_can_come_back(group, coordinator):
    GroupMemberFactory(group=group, email=FIELDS["email"], until=TODAY - timedelta(days=1))

    _member, created = members.add(group, FIELDS, by=coordinator)

    assert created


def test_whose_address_has_a_part_in_the_municipality_is_linked_at_once(group, coordinator, town):
    user = UserFactory(email="maija@kela.example")
    MembershipFactory(user=user, municipality=town, role="member")

    member, _created = members.add(group, FIELDS, by=coordinator)

    member.refresh_from_db()
    assert member.user == user
    assert actions() == ["groupmember.added", "groupmember.linked"]


def test_a_part_in_another_municipality_links_nobody(group, coordinator, other_town):
    user = UserFactory(email="maija@kela.example")
    MembershipFactory(user=user, municipality=other_town)

    member, _created = members.add(group, FIELDS, by=coordinator)

    member.refresh_from_db()
    assert member.user is None


def test_with_access_an_invitation_leaves_on_the_member_s_terms(group, coordinator, kinds):
    values = FIELDS | {"party_kind": kinds["kela"]}

    members.add(group, values, access=True, by=coordinator)

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("maija@kela.example", "member")
    assert (invitation.party, invitation.organisation) == ("state", "Kela")
    assert invitation.sector == "employment"
    assert Mail.objects.get().to == "maija@kela.example"


def test_when_no_more_invitations_leave_nobody_is_added(group, coordinator, settings):
    settings.INVITATIONS_A_DAY = 0

    with pytest.raises(Refused, match="At most 0 invitations"):
        members.add(group, FIELDS, access=True, by=coordinator)

    assert not group.members.exists()


def test_a_member_is_linked_once_the_invitation_is_accepted(group, coordinator, town):
    member, _created = members.add(group, FIELDS, access=True, by=coordinator)
    assert members.link_accounts() == 0
    user = UserFactory(email="maija@kela.example")
    user.emailaddress_set.create(email=user.email, verified=True)
    invitation = town.invitations.get()
    invitations.accept(invitation, invitation.token_hash, by=user)

    link_members()
    link_members()

    member.refresh_from_db()
    assert member.user == user
    assert actions().count("groupmember.linked") == 1
    assert AuditEntry.objects.get(action="groupmember.linked").by is None


def test_an_invitation_accepted_by_an_account_with_another_address_links_that_account(
    group, town, coordinator
):
    member, _created = members.add(group, FIELDS, by=coordinator)
    membership = MembershipFactory(municipality=town, role="member")
    InvitationFactory(
        municipality=town, email=FIELDS["email"], state="accepted", membership=membership
    )

    members.link_accounts()

    member.refresh_from_db()
    assert member.user == membership.user


def test_a_change_is_stored_and_a_second_click_changes_nothing(group_member, coordinator):
    values = FIELDS | {"email": "", "role": "chair"}

    row, changed = members.change(group_member, values, by=coordinator)
    _row, second = members.change(group_member, values, by=coordinator)

    assert (row.role, bool(changed), second) == ("chair", True, None)


def test_with_another_address_the_link_to_the_account_goes(group, coordinator, member):
    linked = GroupMemberFactory(group=group, user=member, email=member.email)

    row, _changed = members.change(linked, FIELDS, by=coordinator)

    row.refresh_from_db()
    assert row.user is None


def test_access_can_be_given_later(group_member, coordinator):
    values = FIELDS | {"email": "later@town.example"}
    members.change(group_member, values, by=coordinator)

    members.change(group_member, values, access=True, by=coordinator)

    assert Invitation.objects.get().email == "later@town.example"


def test_access_asked_for_twice_is_one_invitation_and_no_change(group_member, coordinator):
    values = FIELDS | {"email": "later@town.example"}
    members.change(group_member, values, by=coordinator)

    given = [members.change(group_member, values, access=True, by=coordinator) for _ in range(2)]

    assert [bool(changed) for _row, changed in given] == [True, False]
    assert actions() == ["groupmember.changed", "invitation.sent"]
