"""Places after the decision: confirmed, declined, lapsed, and who gets them then."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications.models import Application, Letter, Participation
from applications.tasks import lapse_places
from applications.workflow import participations, places
from notifications.models import Mail
from tests.applications.selecting_cast import in_two_weeks
from tests.factories import DeclarationFactory, MembershipFactory, ParticipationFactory

State = Application.State


def text_to(user):
    return Mail.objects.filter(user=user).order_by("pk").last().text


def reread(row):
    return type(row).objects.get(pk=row.pk)


def subjects_to(user):
    return list(Mail.objects.filter(user=user).order_by("pk").values_list("subject", flat=True))


def actions(application):
    target = f"applications.application {application.pk}"
    entries = AuditEntry.objects.filter(target=target).order_by("pk")
    return list(entries.values_list("action", flat=True))


@pytest.fixture
def overdue(offered):
    """The offered place, its last day to answer being over."""
    Application.objects.filter(pk=offered.pk).update(
        answer_by=timezone.localdate() - timedelta(days=1)
    )
    return offered


def test_confirming_makes_the_participation_and_tells_coordinator_and_leads(
    offered, coordinator, lead
):
    application, changed = places.answer(offered, "confirmed", by=coordinator)

    participation = Participation.objects.get()
    assert changed
    assert application.state == "confirmed"
    assert application.answered_at
    assert (participation.application, participation.call) == (application, application.call)
    assert subjects_to(coordinator)[-1] == "Place confirmed: Omala"
    assert "Place confirmed: Omala" in subjects_to(lead)
    assert actions(application)[-1] == "application.confirmed"


def test_only_the_coordinator_answers(offered, member, lead):
    for person in (member, lead):
        with pytest.raises(PermissionDenied):
            places.answer(offered, "confirmed", by=person)

    assert not Participation.objects.exists()


def test_a_second_click_changes_nothing_and_says_so(client, offered, coordinator):
    client.force_login(coordinator)
    url = reverse("applications:move", args=[offered.pk, "confirmed"])

    pages = [client.post(url, follow=True) for _ in range(2)]

    assert "is now “confirmed”" in pages[0].text
    assert "was already “confirmed”" in pages[1].text
    assert Participation.objects.count() == 1


def test_the_page_before_says_what_a_place_means(client, offered, coordinator):
    client.force_login(coordinator)

    page = client.get(reverse("applications:confirm", args=[offered.pk, "confirmed"]))
    refusal = client.get(reverse("applications:confirm", args=[offered.pk, "declined"]))

    assert "What your municipality takes on" in page.text
    assert "offered to the first on reserve at once" in refusal.text


def test_who_is_under_review_has_nothing_to_answer(in_review, coordinator):
    with pytest.raises(Refused, match="Nothing was changed"):
        places.answer(in_review, "confirmed", by=coordinator)


def test_a_declined_place_goes_to_the_first_on_reserve(offered, shortlist, coordinator, lead):
    places.answer(offered, "declined", by=coordinator, note="No time.")

    first, second = map(reread, shortlist[2:])
    assert reread(offered).state == "declined"
    assert (first.state, first.answer_by) == ("selected", in_two_weeks())
    assert second.state == "reserve"
    assert places.place_on_reserve(second) == 1
    assert list(first.letters.values_list("outcome", flat=True)) == ["reserve", "promoted"]
    assert subjects_to(lead)[-1] == "Place given up: Omala"
    assert first.municipality.name in Mail.objects.filter(user=lead).last().text


def test_everyone_on_reserve_hears_of_the_new_place(offered, shortlist, coordinator):
    waiting = MembershipFactory(municipality=shortlist[3].municipality).user
    both = MembershipFactory(municipality=shortlist[2].municipality).user
    MembershipFactory(municipality=shortlist[3].municipality, user=both)

    places.answer(offered, "declined", by=coordinator)

    assert subjects_to(waiting) == [f"Now on reserve in place 1: {shortlist[3].municipality}"]
    assert subjects_to(both) == [
        f"A place is free for you: {shortlist[2].municipality}",
        f"Now on reserve in place 1: {shortlist[3].municipality}",
    ]


def test_giving_up_the_reserve_promotes_nobody(reserved, coordinator):
    places.answer(reserved, "declined", by=coordinator)

    assert reread(reserved).state == "declined"
    assert reserved.call.applications.filter(state="selected").count() == 1
    assert not Letter.objects.filter(outcome="promoted").exists()


def test_after_the_last_day_it_is_too_late(overdue, coordinator):
    with pytest.raises(Refused, match="The last day to answer was"):
        places.answer(overdue, "confirmed", by=coordinator)

    assert reread(overdue).state == "selected"
    assert not Participation.objects.exists()


def test_a_place_lapses_once_and_goes_on(overdue, shortlist, coordinator, lead):
    lapse_places()
    lapse_places()

    assert reread(overdue).has_lapsed
    assert [reread(a).state for a in shortlist] == ["declined", "selected", "selected", "reserve"]
    assert subjects_to(coordinator)[-1] == "The place was not confirmed in time: Omala"
    assert subjects_to(lead)[-1] == "No answer in time: Omala"
    assert actions(overdue).count("application.declined") == 1


def test_on_the_last_day_nothing_lapses(offered):
    Application.objects.filter(pk=offered.pk).update(answer_by=timezone.localdate())

    lapse_places()

    assert reread(offered).state == "selected"


def test_never_more_than_the_seats_also_after_promotions(decided, shortlist, lead):
    with pytest.raises(Refused, match="no free place"):
        places.promote(decided, shortlist[2], by=lead)

    assert decided.applications.holding_seats().count() == decided.seats


def test_a_lead_gives_a_free_place_by_hand_and_a_reviewer_does_not(
    with_free_place, shortlist, lead, reviewer
):
    with pytest.raises(PermissionDenied):
        places.promote(with_free_place, shortlist[2], by=reviewer)
    promoted = places.promote(with_free_place, shortlist[2], by=lead)

    assert promoted == shortlist[2]
    with pytest.raises(Refused, match="no free place"):
        places.promote(with_free_place, shortlist[3], by=lead)


def test_a_second_click_gives_no_second_place(client, with_free_place, shortlist, lead):
    with_free_place.seats = 4
    with_free_place.save()
    client.force_login(lead)
    address = reverse("admin:applications_call_promote", args=[with_free_place.pk])

    pages = [
        client.post(address, {"application": row.pk}, follow=True)
        for row in (shortlist[3], shortlist[2], shortlist[2])
    ]

    assert "Another municipality is first on reserve now." in pages[0].text
    assert "The place is offered to the first on reserve." in pages[1].text
    assert "This was done already." in pages[2].text
    assert reread(shortlist[3]).state == "reserve"


def test_a_municipality_that_left_frees_its_seat(taken_place, shortlist, lead):
    participation = taken_place.participation

    participations.end(participation, "withdrawn", by=lead, reason="No time.")

    assert places.promote(taken_place.call, shortlist[2], by=lead) == shortlist[2]


def test_who_joined_before_keeps_that_participation(offered, coordinator):
    late = ParticipationFactory(
        project=offered.call.project, municipality=offered.municipality, joined_late=True
    )

    places.answer(offered, "confirmed", by=coordinator)

    assert reread(late).application == offered
    assert Participation.objects.count() == 1


def test_the_public_page_names_the_selected_at_once_and_the_confirmed_later(
    client, offered, shortlist, coordinator
):
    url = reverse("applications:call", args=[offered.call.slug])

    before = client.get(url).text
    places.answer(offered, "confirmed", by=coordinator)
    after = client.get(url).text

    assert "Selected, and about to confirm" in before
    assert before.count("Omala") == after.count("Omala") == 1
    assert shortlist[2].municipality.name not in before


def test_home_says_that_a_place_waits_for_an_answer(client, offered, coordinator):
    client.force_login(coordinator)

    assert "confirms the place by" in client.get(reverse("journey:home")).text


def test_a_lead_does_not_read_to_which_municipality_in_conflict_a_place_goes(
    offered, shortlist, coordinator, lead, second_lead
):
    next_one = shortlist[2]
    DeclarationFactory(application=next_one, person=lead, has_conflict=True, reason="Kin.")

    places.answer(offered, "declined", by=coordinator)

    assert "has given up its place" in text_to(lead)
    assert next_one.municipality.name not in text_to(lead)
    assert next_one.municipality.name in text_to(second_lead)
