"""Letting somebody in, from the coordinator's pasted list to the new member's home page."""

from accounts.invitation import new_token
from accounts.models import Invitation, User
from tests.browser.conftest import WIDE

PASTED = "email; name; sector; role\nb@town.example; Bertta; library; reader\n\nc@town.example"


def test_a_pasted_list_is_looked_at_and_then_sent(site, visit):
    town = Invitation.objects.first().municipality
    before = Invitation.objects.count()
    page = visit("aino", WIDE)
    page.goto(site("accounts:invite_many", town.pk))

    page.locator("[name=text]").fill(PASTED)
    page.get_by_role("button", name="Check the lines").click()
    page.get_by_role("button", name="Send the invitations").click()

    page.get_by_text("2 invitations are on their way.").wait_for()
    assert Invitation.objects.count() == before + 2


def test_an_invited_person_accepts_and_finds_the_municipality_at_home(site, visit):
    user = User.objects.get(email__startswith="noora")
    invitation = Invitation.objects.get(email=user.email)
    token, invitation.token_hash = new_token()
    invitation.save()
    page = visit("noora", WIDE)

    page.goto(site("accounts:invitation_open", token))
    shown_at = page.url
    page.get_by_role("button", name="Accept the invitation").click()

    page.get_by_text("You now have a part in Koivuranta.").wait_for()
    assert token not in shown_at
    assert page.get_by_role("heading", name="Koivuranta").is_visible()
    assert user.memberships.get().sector == "library"
