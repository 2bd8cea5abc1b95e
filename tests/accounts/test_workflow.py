import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts import workflow
from accounts.models import AccessRequest, AuditEntry, Membership
from accounts.workflow import Refused
from notifications.models import Mail
from tests.factories import AccessRequestFactory, MembershipFactory, UserFactory

State = AccessRequest.State


def test_an_approved_request_makes_a_coordinator_and_tells_the_person(access_request, reviewer):
    workflow.decide(access_request, State.APPROVED, by=reviewer)

    membership = Membership.objects.get()
    assert membership.user == access_request.user
    assert membership.municipality == access_request.municipality
    assert membership.role == "coordinator"
    assert Mail.objects.get().to == access_request.user.email
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["accessrequest.approved", "membership.created"]


def test_of_two_first_persons_only_one_is_let_in(access_request, reviewer):
    rival = AccessRequestFactory(municipality=access_request.municipality)
    workflow.decide(access_request, State.APPROVED, by=reviewer)

    with pytest.raises(Refused, match="already has a coordinator"):
        workflow.decide(rival, State.APPROVED, by=reviewer)

    rival.refresh_from_db()
    assert rival.state == State.PENDING
    assert Membership.objects.count() == 1


def test_nobody_approves_the_own_request(reviewer):
    own = AccessRequestFactory(user=reviewer)

    with pytest.raises(PermissionDenied):
        workflow.decide(own, State.APPROVED, by=reviewer)


def test_a_decided_request_stays_decided(access_request, reviewer):
    workflow.decide(access_request, State.DECLINED, by=reviewer)

    with pytest.raises(Refused, match="it is now “declined”"):
        workflow.decide(access_request, State.APPROVED, by=reviewer)


def test_a_request_is_made_from_the_page_once(client, town):
    user = UserFactory()
    client.force_login(user)
    answers = {"municipality": town.pk, "post": "Planner", "reason": "I coordinate."}

    pages = [client.post(reverse("accounts:access"), answers) for _ in range(2)]

    assert [page.status_code for page in pages] == [302, 400]
    assert "You have asked for this municipality already." in pages[1].text
    assert AccessRequest.objects.count() == 1


def test_of_two_requests_at_once_the_second_is_the_first(town):
    user = UserFactory()

    requests = [workflow.ask(user, town, post="Planner", reason="I coordinate.") for _ in range(2)]

    assert requests[0] == requests[1]
    assert AuditEntry.objects.filter(action="access_request.made").count() == 1


def test_a_municipality_with_a_coordinator_is_explained_and_the_text_kept(client, town):
    MembershipFactory(municipality=town)
    client.force_login(UserFactory())
    answers = {"municipality": town.pk, "post": "Planner", "reason": "I coordinate."}

    page = client.post(reverse("accounts:access"), answers)

    assert page.status_code == 400
    assert "has a coordinator already" in page.text
    assert "I coordinate." in page.text
