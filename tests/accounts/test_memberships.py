"""A municipality's people: changed, lent, handed over and ended, never without a coordinator."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Membership
from accounts.tasks import warn_coordinators
from accounts.workflow import Refused
from accounts.workflow import memberships as workflow
from notifications.models import Mail
from tests.factories import InvitationFactory, MembershipFactory, UserFactory


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def own(coordinator):
    return coordinator.memberships.get()


@pytest.fixture
def second(town):
    """Another coordinator of the municipality."""
    return MembershipFactory(municipality=town)


@pytest.fixture
def other(member):
    return member.memberships.get()


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def mails():
    return sorted(Mail.objects.values_list("to", flat=True))


def coordinators(town):
    return town.memberships.current().coordinating()


def test_a_change_is_stored_noted_and_told(coordinator, other):
    values = {"role": "reader", "sector": "housing", "until": today(30)}

    membership, entry = workflow.change(other, values, by=coordinator)

    assert (membership.role, membership.sector, membership.until) == tuple(values.values())
    assert entry.note == f"role: member > reader; sector: - > housing; until: - > {today(30)}"
    assert (entry.action, entry.by) == ("membership.changed", coordinator)
    assert mails() == [other.user.email]


def test_the_same_change_again_changes_nothing(coordinator, other):
    workflow.change(other, {"role": "reader"}, by=coordinator)

    _membership, entry = workflow.change(other, {"role": "reader"}, by=coordinator)

    assert entry is None
    assert actions() == ["membership.changed"]
    assert Mail.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"role": "member"},
        {"role": "reader"},
        {"since": today(1)},
        {"role": "member", "party": "state"},
    ],
)
def test_the_only_coordinator_is_not_changed_away(coordinator, own, values):
    with pytest.raises(Refused, match="left without a coordinator"):
        workflow.change(own, values, by=coordinator)

    own.refresh_from_db()
    assert own.role == "coordinator"
    assert not AuditEntry.objects.exists()
    assert not Mail.objects.exists()


def test_the_only_coordinator_cannot_leave(coordinator, own):
    with pytest.raises(Refused, match="left without a coordinator"):
        workflow.end(own, by=coordinator)


def test_one_of_two_coordinators_may_leave(coordinator, own, second, town):
    workflow.end(own, by=coordinator)

    assert coordinators(town).get() == second


def test_a_deputy_of_later_does_not_replace_the_only_coordinator(coordinator, own, town):
    MembershipFactory(municipality=town, since=today(1))

    with pytest.raises(Refused):
        workflow.end(own, by=coordinator)


@pytest.mark.parametrize("act", ["end", "demote"])
def test_two_coordinators_who_remove_one_another_leave_one(
    transactional_db, coordinator, own, second, town, at_once, act
):
    def remove(membership, by):
        if act == "end":
            return workflow.end(membership, by=by)
        return workflow.change(membership, {"role": "reader"}, by=by)

    outcomes = at_once([lambda: remove(second, coordinator), lambda: remove(own, second.user)])

    assert coordinators(town).count() == 1
    assert sum(isinstance(outcome, PermissionDenied) for outcome in outcomes) == 1


def test_of_two_coordinators_who_leave_at_once_one_stays(
    transactional_db, coordinator, own, second, town, at_once
):
    outcomes = at_once(
        [lambda: workflow.end(own, by=coordinator), lambda: workflow.end(second, by=second.user)]
    )

    assert coordinators(town).count() == 1
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1


def test_ten_coordinators_who_remove_each_other_in_a_ring_leave_one_at_least(
    transactional_db, town, at_once
):
    ring = [MembershipFactory(municipality=town) for _ in range(10)]
    acts = [lambda n=n: workflow.end(ring[(n + 1) % 10], by=ring[n].user) for n in range(10)]

    at_once(acts)

    assert coordinators(town).exists()


def test_ending_shuts_out_at_once_and_takes_deputy_and_invitation_along(
    coordinator, member, other, town
):
    workflow.appoint_deputy(other, today(), today(5), by=coordinator)
    invitation = InvitationFactory(municipality=town, email=member.email)

    workflow.end(other, by=coordinator)

    assert not member.memberships.live().exists()
    invitation.refresh_from_db()
    assert invitation.state == "revoked"
    assert actions()[1:] == ["membership.ended", "membership.ended", "invitation.revoked"]


def test_ending_twice_changes_nothing(coordinator, other):
    workflow.end(other, by=coordinator)

    _membership, entry = workflow.end(other, by=coordinator)

    assert entry is None
    assert len(actions()) == Mail.objects.count() == 1


def test_a_membership_that_began_today_can_end_today_and_begin_again(coordinator, town):
    membership = MembershipFactory(municipality=town, role="member", since=today())

    workflow.end(membership, by=coordinator)
    again = MembershipFactory(municipality=town, user=membership.user, role="reader", since=today())

    assert membership.user.memberships.current().get() == again


def test_what_has_ended_is_not_changed_any_more(coordinator, other):
    workflow.end(other, by=coordinator)

    with pytest.raises(Refused, match="has ended"):
        workflow.change(other, {"role": "reader"}, by=coordinator)


@pytest.mark.parametrize(
    ("since", "until", "is_one"),
    [(0, 0, True), (-1, 0, True), (0, 1, True), (-2, -1, False), (1, 2, False)],
)
def test_a_deputys_days_count_both_included(member, other, town, since, until, is_one):
    MembershipFactory(municipality=town, user=member, since=today(since), until=today(until))

    assert member.memberships.current().coordinating().exists() is is_one
    assert member.needs_second_factor is is_one


def test_a_deputy_is_a_member_before_and_after(coordinator, member, other):
    deputy, entry = workflow.appoint_deputy(other, today(2), today(9), by=coordinator)

    assert deputy.is_deputy
    assert entry.action == "membership.deputised"
    assert member.memberships.current().get() == other
    assert "deputy coordinator" in Mail.objects.get().subject


def test_appointing_the_same_deputy_twice_is_one_time(coordinator, other, member):
    for _ in range(2):
        _row, entry = workflow.appoint_deputy(other, today(2), today(9), by=coordinator)

    assert entry is None
    assert member.memberships.count() == 2
    assert Mail.objects.count() == 1


def test_times_as_deputy_do_not_overlap(coordinator, other):
    workflow.appoint_deputy(other, today(2), today(9), by=coordinator)

    with pytest.raises(Refused, match="already in that time"):
        workflow.appoint_deputy(other, today(9), today(12), by=coordinator)


@pytest.mark.parametrize(
    "fields",
    [
        {"party": "state"},
        {"until": today(5)},
        {"since": today(3)},
        {"role": "coordinator"},
    ],
)
def test_who_cannot_be_a_deputy(coordinator, town, fields):
    membership = MembershipFactory(municipality=town, **{"role": "member"} | fields)

    with pytest.raises(Refused):
        workflow.appoint_deputy(membership, today(2), today(9), by=coordinator)


def test_home_shows_a_deputys_municipality_once_with_the_higher_role(
    client, coordinator, member, other
):
    workflow.appoint_deputy(other, today(), today(9), by=coordinator)
    client.force_login(member)

    page = client.get(reverse("journey:home")).text

    assert page.count('<h2 id="town-') == 1
    assert "Coordinator</span>" in page


def test_handing_over_makes_one_coordinator_of_another(coordinator, own, member, other, town):
    workflow.hand_over(other, by=coordinator, stays=True)

    assert coordinators(town).get().user == member
    own.refresh_from_db()
    assert (own.role, own.has_ended) == ("member", False)
    assert actions() == ["membership.changed", "membership.handed_over"]
    assert mails() == sorted([coordinator.email, member.email])


def test_who_hands_over_may_leave(coordinator, other, member, town):
    workflow.hand_over(other, by=coordinator, stays=False)

    assert coordinators(town).get().user == member
    assert not coordinator.memberships.live().exists()


def test_an_heir_with_a_last_day_goes_on_and_is_no_deputy_any_more(coordinator, town):
    heir = MembershipFactory(municipality=town, role="member", until=today(30))
    deputy, _entry = workflow.appoint_deputy(heir, today(1), today(5), by=coordinator)

    heir, _entry = workflow.hand_over(deputy, by=coordinator, stays=True)

    assert (heir.role, heir.until) == ("coordinator", None)
    assert heir.user.memberships.live().get() == heir


def test_the_coordination_can_go_there_and_back_and_there_again(
    coordinator, own, member, other, town
):
    workflow.hand_over(other, by=coordinator, stays=True)
    workflow.hand_over(own, by=member, stays=True)

    _heir, entry = workflow.hand_over(other, by=coordinator, stays=True)

    assert entry is not None
    assert coordinators(town).get().user == member


def test_who_ends_the_own_part_is_led_home_also_by_a_second_click(client, own, coordinator, second):
    client.force_login(coordinator)
    url = reverse("accounts:membership_end", args=[own.pk])

    pages = [client.post(url, follow=True) for _ in range(2)]

    assert [page.redirect_chain[-1][0] for page in pages] == [reverse("journey:home")] * 2
    assert "You have done this already." in pages[1].text
    assert actions() == ["membership.ended"]


@pytest.mark.parametrize("stays", ["member", "gone"])
def test_a_second_click_on_handing_over_says_so(client, coordinator, other, stays):
    client.force_login(coordinator)
    url = reverse("accounts:hand_over", args=[other.pk])

    pages = [client.post(url, {"stays": stays}, follow=True) for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert "is handed over" in pages[0].text
    assert "You have done this already." in pages[1].text
    assert actions().count("membership.handed_over") == 1
    assert Mail.objects.count() == 2


def test_two_who_hand_over_to_each_other_at_once_leave_a_coordinator(
    transactional_db, coordinator, own, second, town, at_once
):
    at_once(
        [
            lambda: workflow.hand_over(second, by=coordinator, stays=False),
            lambda: workflow.hand_over(own, by=second.user, stays=False),
        ]
    )

    assert coordinators(town).exists()


def test_a_partners_person_cannot_get_the_coordination(coordinator, person, town):
    partner = person("partner").memberships.get(municipality=town)

    with pytest.raises(PermissionDenied):
        workflow.hand_over(partner, by=coordinator, stays=True)


@pytest.mark.parametrize("name", ["member", "reader", "partner", "expert", "reviewer"])
def test_nobody_lifts_themselves_or_others(person, own, other, name):
    actor = person(name)
    acts = [
        lambda: workflow.change(other, {"role": "coordinator"}, by=actor),
        lambda: workflow.appoint_deputy(other, today(), today(1), by=actor),
        lambda: workflow.hand_over(other, by=actor, stays=True),
        lambda: workflow.end(own, by=actor),
    ]

    for act in acts:
        with pytest.raises(PermissionDenied):
            act()

    assert not AuditEntry.objects.exists()


def test_a_coordinator_acts_in_the_own_municipality_only(person, other, second):
    stranger = person("other_coordinator")

    for act in (
        lambda: workflow.change(other, {"role": "reader"}, by=stranger),
        lambda: workflow.end(second, by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_partner_reads_in_each_municipality_and_writes_as_a_member(
    client, person, town, other_town, draft
):
    client.force_login(person("partner"))

    pages = [client.get(reverse("accounts:town", args=[place.pk])) for place in (town, other_town)]
    edit = client.get(reverse("applications:edit", args=[draft.pk, "motivation"]))

    assert [page.status_code for page in [*pages, edit]] == [200, 200, 200]
    assert "Employment authority" in pages[0].text


def test_the_database_refuses_a_partner_who_coordinates(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(municipality=town, role="coordinator", party="state")


def test_a_removed_member_finds_the_open_page_gone_and_changes_nothing(
    client, coordinator, member, other, draft
):
    client.force_login(member)
    url = reverse("applications:edit", args=[draft.pk, "motivation"])
    opened = client.get(url)
    workflow.end(other, by=coordinator)

    saved = client.post(url, {"read": 0, "motivation": "Too late"})

    assert (opened.status_code, saved.status_code) == (200, 404)
    draft.refresh_from_db()
    assert draft.motivation == "CANARY-motivation"


def test_who_coordinates_no_more_meets_403_in_an_open_page(client, coordinator, own, second, other):
    client.force_login(coordinator)
    url = reverse("accounts:membership", args=[other.pk])
    opened = client.get(url)
    workflow.change(own, {"role": "member"}, by=second.user)

    saved = client.post(url, {"role": "reader", "since": today()})

    assert (opened.status_code, saved.status_code) == (200, 403)
    other.refresh_from_db()
    assert other.role == "member"


EXTRA = {
    "user": 1, "user_id": 1, "municipality": 1, "municipality_id": 1, "ended_at": "2020-01-01",
    "pk": 1, "id": 1, "is_staff": 1, "is_superuser": 1, "state": "x", "invitation": 1, "by": 1,
}  # fmt: skip


def test_twelve_extra_keys_change_nothing_but_the_forms_fields(client, coordinator, other, town):
    client.force_login(coordinator)
    stranger = UserFactory()
    extra = EXTRA | {"user": stranger.pk, "user_id": stranger.pk}
    before = Membership.objects.values("user", "municipality", "ended_at").get(pk=other.pk)
    pages = [
        (reverse("accounts:membership", args=[other.pk]), {"role": "reader", "since": "1.1.2026"}),
        (reverse("accounts:deputy", args=[other.pk]), {"since": today(1), "until": today(2)}),
        (reverse("accounts:hand_over", args=[other.pk]), {"stays": "member"}),
    ]

    answers = [client.post(url, extra | data).status_code for url, data in pages]

    assert answers == [302, 302, 302]
    after = Membership.objects.values("user", "municipality", "ended_at").get(pk=other.pk)
    assert after == before
    assert not stranger.memberships.exists()
    assert not coordinator.is_staff


def test_a_refusal_is_shown_and_what_was_typed_is_kept(client, coordinator, own):
    client.force_login(coordinator)

    page = client.post(
        reverse("accounts:membership", args=[own.pk]), {"role": "reader", "since": "2.1.2026"}
    )

    assert page.status_code == 400
    assert "left without a coordinator" in page.text
    assert 'value="2.1.2026"' in page.text


def test_the_coordinators_are_warned_once_before_the_last_day(coordinator, own, second):
    Membership.objects.filter(pk=own.pk).update(until=today(7))
    Membership.objects.filter(pk=second.pk).update(until=today(3))

    warn_coordinators()
    warn_coordinators()

    assert mails() == sorted([coordinator.email, second.user.email])
    assert "Soon nobody coordinates Omala" in Mail.objects.first().subject


@pytest.mark.parametrize("days", [15, None])
def test_nobody_is_warned_while_somebody_coordinates_long_enough(own, days):
    Membership.objects.filter(pk=own.pk).update(until=days and today(days))

    warn_coordinators()

    assert not Mail.objects.exists()


def test_the_staff_see_how_many_municipalities_nobody_coordinates(client, lead, own, town):
    Membership.objects.filter(pk=own.pk).update(until=today(3))
    client.force_login(lead)

    home = client.get(reverse("journey:home")).text
    listed = client.get(reverse("admin:accounts_membership_changelist"), {"coordination": "ends"})

    assert "Municipalities that nobody coordinates now or soon" in home
    assert [row.municipality for row in listed.context["cl"].queryset] == [town]


def admin_values(membership, **changes):
    values = {"role": membership.role, "since": membership.since, "until": "", "sector": ""}
    return values | {"party": "", "organisation": ""} | changes


def test_the_admin_says_plainly_that_a_coordinator_is_needed(client, lead, own):
    client.force_login(lead)
    url = reverse("admin:accounts_membership_change", args=[own.pk])

    page = client.post(url, admin_values(own, role="reader"), follow=True)

    assert "left without a coordinator" in page.text
    own.refresh_from_db()
    assert own.role == "coordinator"


def test_the_admins_changes_are_told_and_noted_like_others(client, lead, own, other):
    client.force_login(lead)
    url = reverse("admin:accounts_membership_change", args=[other.pk])

    client.post(url, admin_values(other, role="reader"))

    other.refresh_from_db()
    assert other.role == "reader"
    assert actions() == ["membership.changed"]
    assert mails() == [other.user.email]


def test_a_lead_gives_a_part_in_the_admin_by_the_same_rules(client, lead, town):
    user = UserFactory()
    client.force_login(lead)
    url = reverse("admin:accounts_membership_add")
    values = {"user": user.pk, "municipality": town.pk, "role": "coordinator", "since": "1.1.2026"}

    client.post(url, values | {"sector": "", "party": "", "organisation": "", "until": ""})

    membership = user.memberships.get()
    assert (membership.role, membership.since) == ("coordinator", date(2026, 1, 1))
    assert actions() == ["membership.created"]
    assert mails() == [user.email]


@pytest.mark.parametrize("name", ["member", "reader", "expert"])
def test_who_may_not_change_sees_the_people_without_buttons(client, person, town, name):
    InvitationFactory(municipality=town, email="new@town.example")
    client.force_login(person(name))

    page = client.get(reverse("accounts:town", args=[town.pk])).text

    assert reverse("accounts:invite", args=[town.pk]) not in page
    assert '<form method="post" action="/en/people' not in page
    assert ("new@town.example" in page) is (name != "expert")


def test_an_observer_reads_what_is_public_and_is_told_what_comes(client, person):
    client.force_login(person("observer"))

    page = client.get(reverse("journey:home")).text

    assert "You are an observer" in page
    assert "Ask for access" not in page
