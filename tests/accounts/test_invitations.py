"""Accepting: the nine ways an invitation is misused, and the one way it works."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.invitation import hash_of
from accounts.models import AuditEntry, Invitation, Membership
from accounts.workflow import Refused
from accounts.workflow import invitations as workflow
from notifications.models import Mail
from tests.factories import InvitationFactory, MembershipFactory, UserFactory

ROLES = {
    "coordinator": {"role": "coordinator"},
    "member": {"role": "member", "sector": "education"},
    "reader": {"role": "reader"},
    "partner": {"role": "member", "party": "wellbeing_county", "organisation": "Pohjanmaa"},
}


@pytest.fixture(params=ROLES)
def invitation(request, town, person):
    return InvitationFactory(
        municipality=town, invited_by=person("coordinator"), token="secret", **ROLES[request.param]
    )


def accept(client, invitation, **data):
    return client.post(reverse("accounts:invitation", args=[invitation.pk]), data)


def parts(town):
    return town.memberships.exclude(user__email="coordinator@cast.example")


def test_an_accepted_invitation_gives_what_its_row_says(client, invitation, invited, open_link):
    user = invited(invitation)
    open_link(user, "secret")

    accept(client, invitation)

    membership = Membership.objects.get(user=user)
    given = {
        name: getattr(membership, name) for name in ("role", "sector", "party", "organisation")
    }
    assert given == {name: getattr(invitation, name) for name in given}
    assert (membership.municipality, membership.since) == (invitation.municipality, today())
    invitation.refresh_from_db()
    assert (invitation.state, invitation.membership) == ("accepted", membership)
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["invitation.accepted", "membership.created"]
    told = set(Mail.objects.values_list("to", flat=True))
    assert told == {user.email, invitation.invited_by.email}


def today():
    return timezone.localdate()


def test_a_second_use_is_gone_and_gives_nothing(client, invitation, invited, open_link):
    open_link(invited(invitation), "secret")

    pages = [accept(client, invitation) for _ in range(2)]

    assert [page.status_code for page in pages] == [302, 410]
    assert "You have accepted this invitation already." in pages[1].text
    assert parts(invitation.municipality).count() == 1


def test_a_used_invitation_is_gone_for_another_person_too(
    client, invitation, invited, open_link, person
):
    open_link(invited(invitation), "secret")
    accept(client, invitation)

    page = open_link(person("stranger"), "secret")

    assert page.status_code == 410
    assert "This invitation has been used." in page.text


def test_another_person_cannot_accept(client, invitation, open_link, person):
    page = open_link(person("other_coordinator"), "secret")

    answer = accept(client, invitation)

    assert (page.status_code, answer.status_code) == (403, 403)
    assert invitation.email not in page.text
    assert not parts(invitation.municipality).exists()


def test_an_address_that_is_not_confirmed_does_not_count(client, invitation, invited, open_link):
    open_link(invited(invitation, verified=False), "secret")

    assert accept(client, invitation).status_code == 403
    assert not parts(invitation.municipality).exists()


def test_a_withdrawn_invitation_is_gone(client, invitation, invited, open_link, coordinator):
    workflow.revoke(invitation, by=coordinator)

    page = open_link(invited(invitation), "secret")

    assert (page.status_code, accept(client, invitation).status_code) == (410, 410)
    assert "withdrawn" in page.text
    assert not parts(invitation.municipality).exists()


def test_an_expired_invitation_is_gone(client, invitation, invited, open_link):
    open_link(invited(invitation), "secret")
    Invitation.objects.update(expires_at=timezone.now())

    page = accept(client, invitation)

    assert page.status_code == 410
    assert "expired" in page.text
    assert not parts(invitation.municipality).exists()


def test_an_invitation_that_was_sent_again_has_another_link(
    client, invitation, invited, open_link, coordinator
):
    user = invited(invitation)
    open_link(user, "secret")
    workflow.send_again(invitation, by=coordinator)

    opened_before = accept(client, invitation)
    opened_now = open_link(user, "secret")

    assert "sent again" in opened_before.text
    assert (opened_before.status_code, opened_now.status_code) == (410, 404)
    assert not parts(invitation.municipality).exists()


def test_the_link_of_one_municipality_opens_no_other(
    client, invitation, invited, open_link, other_town
):
    user = invited(invitation)
    foreign = InvitationFactory(municipality=other_town, email=user.email, role="coordinator")
    open_link(user, "secret")

    page = accept(client, foreign)

    assert page.status_code == 404
    assert not other_town.memberships.exists()


def test_what_a_request_adds_raises_nothing(client, invitation, invited, open_link, other_town):
    user = invited(invitation)
    open_link(user, "secret")

    accept(client, invitation, role="coordinator", municipality=other_town.pk, party="", until="")

    membership = Membership.objects.get(user=user)
    assert (membership.role, membership.party) == (invitation.role, invitation.party)
    assert membership.municipality == invitation.municipality


def test_a_made_up_secret_is_not_found(client, invitation, invited, open_link):
    user = invited(invitation)

    pages = [open_link(user, secret) for secret in ("secreT", "x" * 43, invitation.token_hash)]

    assert {page.status_code for page in pages} == {404}
    assert accept(client, invitation).status_code == 404


@pytest.mark.parametrize("name", ["reviewer", "lead", "superuser"])
def test_the_staff_take_no_part_in_a_municipality(client, town, open_link, person, name):
    user = person(name)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    invitation = InvitationFactory(municipality=town, email=user.email, token="secret")

    page = open_link(user, "secret")

    assert (page.status_code, accept(client, invitation).status_code) == (404, 404)
    assert not town.memberships.exists()


def test_who_is_in_already_is_told_so_and_keeps_the_part(client, town, open_link, person):
    user = person("reader")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    invitation = InvitationFactory(
        municipality=town, email=user.email, token="secret", role="coordinator"
    )
    open_link(user, "secret")

    page = accept(client, invitation)

    assert page.status_code == 410
    assert "You have a part in Omala already." in page.text
    assert user.memberships.get().role == "reader"


def test_whoever_is_not_signed_in_is_led_through_signing_in(client, town, open_link):
    invitation = InvitationFactory(municipality=town, token="secret")
    page = open_link(None, "secret")

    answer = accept(client, invitation)

    back = reverse("accounts:invitation", args=[invitation.pk])
    assert page.status_code == 200
    assert "Omala" in page.text
    assert f"{reverse('account_signup')}?next={back}" in page.text
    assert answer.url == f"{reverse('account_login')}?next={back}"


def test_an_invitation_survives_signing_up_and_confirming(client, town, coordinator):
    [invitation] = invite(town, coordinator, email="new@town.example")
    link = link_in(Mail.objects.get())
    page = client.get(link, follow=True)
    back = page.redirect_chain[-1][0]
    answers = {
        "email": "New@Town.Example",
        "password1": "lumi tulee ja sataa",
        "name": "Noora",
        "language": "sv",
        "next": back,
    }
    client.post(reverse("account_signup"), answers)
    confirm = link_in(Mail.objects.order_by("pk").last(), "confirm")
    client.post(confirm)
    client.post(
        reverse("account_login"), {"login": "new@town.example", "password": answers["password1"]}
    )

    client.get(link)  # opened again, now signed in
    client.post(back)

    invitation.refresh_from_db()
    assert invitation.membership.user.email == "new@town.example"


def link_in(mail, word=""):
    link = re.search(rf"{re.escape(settings.SITE_URL)}(/\S*{word}\S*)", mail.text)
    return link.group(1)


def invite(town, by, **fields):
    person = {"email": "a@town.example", "name": "", "role": "member", "language": "fi"} | fields
    workflow.invite(town, [person], by=by)
    return town.invitations.filter(email=person["email"])


def test_the_secret_is_in_the_mail_only(client, town, coordinator, caplog):
    [invitation] = invite(town, coordinator)
    mail = Mail.objects.get()
    token = re.search(r"invitation/([\w-]+)/", mail.text).group(1)
    caplog.set_level("DEBUG")

    answer = client.get(link_in(mail))
    client.get(answer.url)
    client.get(reverse("accounts:invitation_open", args=["not" + token]))

    assert len(token) == 43  # 256 bits
    assert mail.secret
    assert invitation.token_hash == hash_of(token)
    assert token not in answer.url
    assert answer["Referrer-Policy"] == "no-referrer"
    session = client.session.get("invitations")
    assert session == {str(invitation.pk): invitation.token_hash}
    assert token not in caplog.text.replace("not" + token, "")


def test_fifty_who_accept_at_once_make_one_membership(
    transactional_db, town, coordinator, invited, at_once
):
    invitation = InvitationFactory(municipality=town, invited_by=coordinator, token="secret")
    user = invited(invitation)
    digest = hash_of("secret")

    outcomes = at_once([lambda: workflow.accept(invitation, digest, by=user)] * 50)

    assert sum(isinstance(outcome, Membership) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, workflow.Closed) for outcome in outcomes) == 49
    assert user.memberships.count() == 1
    assert AuditEntry.objects.filter(action="membership.created").count() == 1


def test_an_invitation_is_written_with_its_mail_and_audit_entry(town, coordinator):
    invite(town, coordinator, email="new@town.example", language="sv", sector="education")

    entry, mail = AuditEntry.objects.get(), Mail.objects.get()
    assert (entry.action, entry.by, entry.municipality) == ("invitation.sent", coordinator, town)
    assert (mail.to, mail.language) == ("new@town.example", "sv")
    assert "/sv/people/invitation/" in mail.text


def test_a_known_person_is_written_to_in_the_own_language(town, coordinator):
    UserFactory(email="known@town.example", language="sv")

    invite(town, coordinator, email="known@town.example", language="fi")

    assert Mail.objects.get().language == "sv"


def test_the_same_address_twice_is_one_invitation(town, coordinator):
    numbers = [
        workflow.invite(
            town, [{"email": "a@town.example", "role": "reader", "language": "fi"}], by=coordinator
        )
        for _ in range(2)
    ]

    assert numbers == [1, 0]
    assert Mail.objects.count() == AuditEntry.objects.count() == 1


def test_ten_who_invite_the_same_address_at_once_send_one_mail(
    transactional_db, town, coordinator, at_once
):
    person = {"email": "a@town.example", "role": "reader", "language": "fi"}

    outcomes = at_once([lambda: workflow.invite(town, [person], by=coordinator)] * 10)

    assert sorted(outcomes) == [0] * 9 + [1]
    assert Mail.objects.count() == 1


def test_the_days_number_is_kept_also_when_many_invite_at_once(
    transactional_db, town, coordinator, at_once, settings
):
    settings.INVITATIONS_A_DAY = 5
    acts = [
        lambda n=n: workflow.invite(
            town,
            [{"email": f"a{n}@town.example", "role": "reader", "language": "fi"}],
            by=coordinator,
        )
        for n in range(12)
    ]

    outcomes = at_once(acts)

    assert outcomes.count(1) == 5
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 7
    assert Mail.objects.count() == 5


def test_a_lead_may_send_more_than_a_coordinator(town, coordinator, lead, settings):
    settings.INVITATIONS_A_DAY = 0

    with pytest.raises(Refused, match="At most 0"):
        invite(town, coordinator)
    invite(town, lead)

    assert Mail.objects.count() == 1


def test_yesterdays_invitations_do_not_count(town, coordinator, settings):
    settings.INVITATIONS_A_DAY = 1
    invite(town, coordinator)
    # The entry of yesterday is made by moving the clock, for none can be changed.
    now = timezone.now() + timedelta(hours=24, seconds=1)

    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(timezone, "now", lambda: now)
        invite(town, coordinator, email="b@town.example")

    assert Mail.objects.count() == 2


def test_sending_again_counts_and_a_second_click_sends_nothing(town, coordinator, settings):
    invitation = InvitationFactory(municipality=town)
    settings.INVITATIONS_A_DAY = 1

    outcomes = [bool(workflow.send_again(invitation, by=coordinator)[1]) for _ in range(2)]
    Invitation.objects.update(sent_at=timezone.now() - timedelta(minutes=2))

    assert outcomes == [True, False]
    with pytest.raises(Refused, match="At most 1"):
        workflow.send_again(invitation, by=coordinator)


def test_sending_again_revives_an_expired_invitation(town, coordinator):
    invitation = InvitationFactory(municipality=town, expires_at=timezone.now())

    invitation, _entry = workflow.send_again(invitation, by=coordinator)

    assert not invitation.has_expired
    assert invitation.expires_at - timezone.now() > timedelta(days=13)


def test_a_withdrawn_invitation_is_not_sent_again(client, town, coordinator):
    invitation = InvitationFactory(municipality=town)
    client.force_login(coordinator)
    revoke, again = (
        reverse(f"accounts:invitation_{act}", args=[invitation.pk]) for act in ("revoke", "again")
    )

    pages = [client.post(url, follow=True) for url in (revoke, revoke, again)]

    assert "The invitation is withdrawn." in pages[0].text
    assert "was withdrawn already" in pages[1].text
    assert "it is now “withdrawn”" in pages[2].text
    assert Mail.objects.count() == AuditEntry.objects.count() == 1


@pytest.mark.parametrize("name", ["member", "reader", "partner", "expert", "reviewer", "stranger"])
def test_only_who_manages_invites(town, person, name):
    with pytest.raises(PermissionDenied):
        invite(town, person(name))

    assert not Invitation.objects.exists()


def test_a_coordinator_invites_for_the_own_municipality_only(person, town):
    with pytest.raises(PermissionDenied):
        invite(town, person("other_coordinator"))


def test_the_form_writes_one_invitation_and_says_what_is_wrong(client, town, coordinator):
    MembershipFactory(municipality=town, user=UserFactory(email="in@town.example"))
    client.force_login(coordinator)
    url = reverse("accounts:invite", args=[town.pk])
    good = {"email": "New@Town.example", "role": "member", "language": "fi", "name": "A\r\nB"}
    bad = {
        "In@town.example": (good | {"email": "In@town.example"}, "has a part here already"),
        "address": (good | {"email": "nobody"}, "valid email"),
        "days": (good | {"since": "2.6.2036", "until": "1.6.2036"}, "before the first one"),
        "past": (good | {"until": "1.6.2020"}, "This day has passed"),
        "partner": (good | {"role": "coordinator", "party": "state"}, "a member or a reader"),
        "no kind": (good | {"organisation": "Marttaliitto"}, "what kind of partner"),
    }

    refused = [client.post(url, data) for data, _text in bad.values()]
    went = client.post(url, good)
    twice = client.post(url, good)

    assert {page.status_code for page in refused} == {400}
    said = dict(zip(bad, (page.context["form"].errors.as_text() for page in refused), strict=True))
    assert {key for key, (_data, text) in bad.items() if text not in said[key]} == set()
    assert "Marttaliitto" in refused[-1].text
    assert (went.status_code, twice.status_code) == (302, 400)
    assert "is invited already" in twice.text
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.name) == ("new@town.example", "A B")


def test_an_address_with_an_account_elsewhere_looks_like_one_without(client, town, coordinator):
    UserFactory(email="known@other.example")
    client.force_login(coordinator)
    url = reverse("accounts:invite", args=[town.pk])

    pages = [
        client.post(url, {"email": email, "role": "member", "language": "fi"}, follow=True).text
        for email in ("known@other.example", "never@other.example")
    ]

    said = ["1 invitation is on its way." in page for page in pages]
    rows = [re.sub(r"\s+|/\d+/|csrf\S+ \S+", " ", row_of(page)) for page in pages]
    assert said == [True, True]
    assert rows[0].replace("known", "never") == rows[1]


def row_of(page):
    """The newest invitation's row of the list, without what protects its form."""
    row = page[page.index("Open invitations") :].split("<tr>")[2].split("</tr>")[0]
    return re.sub(r'value="\w{64}"', "", row)


EXTRA = {
    "municipality": "1", "municipality_id": "1", "state": "accepted", "token_hash": "x",
    "invited_by": "1", "expires_at": "2099-01-01", "membership": "1", "user": "1",
    "is_staff": "1", "ended_at": "2020-01-01", "pk": "1", "id": "1",
}  # fmt: skip


def test_twelve_extra_keys_change_nothing_but_the_forms_fields(
    client, town, coordinator, other_town
):
    client.force_login(coordinator)
    extra = EXTRA | {"municipality": other_town.pk, "municipality_id": other_town.pk}

    client.post(
        reverse("accounts:invite", args=[town.pk]),
        extra | {"email": "new@town.example", "role": "reader", "language": "fi"},
    )

    invitation = Invitation.objects.get()
    assert (invitation.municipality, invitation.state) == (town, "open")
    assert invitation.invited_by == coordinator
    assert len(invitation.token_hash) == 64
    assert invitation.expires_at < timezone.now() + timedelta(days=15)
    assert invitation.membership is None
