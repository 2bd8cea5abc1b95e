from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications.models import Application, Review
from applications.tasks import remind_reviewers
from applications.workflow import assignments, reminders
from notifications.models import Mail
from tests.factories import (
    ApplicationFactory,
    DeclarationFactory,
    MembershipFactory,
    PartnerFactory,
    ReviewFactory,
)

ASSIGN = "admin:applications_call_assign"


def due(days=14):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def three(closed_call, in_review):
    """The applications under review of a closed call."""
    return [in_review, *ApplicationFactory.create_batch(2, call=closed_call, in_review=True)]


def pairs(applications, *people):
    return {(row.pk, person.pk) for row in applications for person in people}


def live(call):
    rows = Review.objects.live().filter(application__call=call)
    return set(rows.values_list("application", "reviewer"))


def mails():
    return [(mail.to, mail.subject) for mail in Mail.objects.order_by("pk")]


def test_what_is_given_out_is_told_in_one_mail_each(closed_call, three, lead, reviewer):
    wanted = pairs(three, reviewer) | pairs(three[:1], lead)

    outcome = assignments.assign(closed_call, wanted, by=lead, due_on=due())

    assert outcome == (4, 0)
    assert live(closed_call) == wanted
    review = Review.objects.filter(reviewer=reviewer).first()
    assert (review.assigned_by, review.due_on) == (lead, due())
    assert sorted(mails()) == [
        (lead.email, "1 application to review: Call"),
        (reviewer.email, "3 applications to review: Call"),
    ]
    entries = AuditEntry.objects.filter(action="review.assigned")
    assert {entry.note for entry in entries} == {"lead, reviewer", "reviewer"}


def test_the_same_again_changes_and_tells_nothing(closed_call, three, lead, reviewer):
    for outcome in [(3, 0), (0, 0)]:
        wanted = pairs(three, reviewer)
        assert assignments.assign(closed_call, wanted, by=lead, due_on=due()) == outcome

    assert len(mails()) == 1


def test_what_is_taken_back_ends_and_goes_on_where_it_stood(closed_call, three, lead, reviewer):
    assignments.assign(closed_call, pairs(three, reviewer), by=lead, due_on=due())
    Review.objects.filter(application=three[0]).update(comment="Begun.", version=1)

    ended = assignments.assign(closed_call, pairs(three[1:], reviewer), by=lead, due_on=due())
    again = assignments.assign(closed_call, pairs(three, reviewer), by=lead, due_on=due())

    assert (ended, again) == ((0, 1), (1, 0))
    assert Review.objects.get(application=three[0]).comment == "Begun."
    assert len(mails()) == 2
    assert AuditEntry.objects.filter(action="review.unassigned").count() == 1


def test_a_review_that_is_handed_in_is_not_taken_back(closed_call, three, lead, reviewer):
    ReviewFactory(application=three[0], reviewer=reviewer)

    assert assignments.assign(closed_call, set(), by=lead, due_on=due()) == (0, 0)
    assert live(closed_call) == pairs(three[:1], reviewer)


def test_a_moved_due_date_holds_for_all_that_is_not_handed_in(closed_call, three, lead, reviewer):
    ReviewFactory(application=three[1], reviewer=reviewer, due_on=due(3))
    wanted = pairs(three, reviewer)
    assignments.assign(closed_call, wanted, by=lead, due_on=due(5))

    assignments.assign(closed_call, wanted, by=lead, due_on=due(9))

    dates = dict(Review.objects.values_list("application", "due_on"))
    assert dates == {three[0].pk: due(9), three[1].pk: due(3), three[2].pk: due(9)}


def test_what_another_lead_took_back_since_the_page_was_opened_stays_so(
    send, closed_call, three, lead, reviewer, second_lead
):
    assignments.assign(closed_call, pairs(three, reviewer), by=lead, due_on=due())
    opened = live(closed_call)
    assignments.assign(closed_call, pairs(three[:1], reviewer), by=second_lead, due_on=due())

    shown = " ".join(f"{town}-{person}" for town, person in opened)
    send(*opened, shown=shown, store="1")

    assert live(closed_call) == pairs(three[:1], reviewer)


def bind_by_partner(application, person):
    """Make `person` a reader in a municipality that applies with the applicant."""
    partner = PartnerFactory(application=application, answered=True, state="confirmed")
    MembershipFactory(user=person, municipality=partner.municipality, role="reader")


@pytest.mark.parametrize("kind", ["declared", "member", "partner"])
def test_nobody_is_given_what_they_have_a_conflict_with(closed_call, three, lead, reviewer, kind):
    if kind == "member":
        MembershipFactory(user=reviewer, municipality=three[0].municipality, role="reader")
    elif kind == "partner":
        bind_by_partner(three[0], reviewer)
    else:
        DeclarationFactory(
            application=three[0], person=reviewer, has_conflict=True, reason="A relative."
        )

    with pytest.raises(Refused, match="conflict of interest"):
        assignments.assign(closed_call, pairs(three, reviewer), by=lead, due_on=due())

    assert not Review.objects.exists()


def test_what_another_lead_gave_out_since_the_page_was_opened_stays(
    send, closed_call, three, lead, reviewer, second_lead
):
    assignments.assign(closed_call, pairs(three[:1], reviewer), by=lead, due_on=due())
    opened = live(closed_call)
    assignments.assign(
        closed_call, opened | pairs(three[1:], reviewer), by=second_lead, due_on=due()
    )

    shown = " ".join(f"{town}-{person}" for town, person in opened)
    preview = send(shown=shown, preview="1", people=[lead.pk], each=1)
    page = send(shown=shown, store="1")

    assert preview.text.count("checked") >= len(three[1:])
    assert "0 given out, 1 taken back" in page.text
    assert live(closed_call) == pairs(three[1:], reviewer)


def test_a_reviewer_gives_nothing_out(closed_call, three, reviewer):
    with pytest.raises(PermissionDenied):
        assignments.assign(closed_call, pairs(three, reviewer), by=reviewer, due_on=due())


def test_the_reviews_of_all_that_is_submitted_begin_at_once(closed_call, lead):
    ApplicationFactory.create_batch(2, call=closed_call, submitted=True)
    ApplicationFactory(call=closed_call)

    begun = [assignments.start_all(closed_call, by=lead) for _ in range(2)]

    assert begun == [2, 0]
    states = Application.objects.values_list("state", flat=True)
    assert sorted(states) == ["draft", "in_review", "in_review", "in_review"]


def test_an_open_call_s_reviews_do_not_begin(call, lead, reviewer):
    with pytest.raises(Refused, match="once the call has closed"):
        assignments.start_all(call, by=lead)
    with pytest.raises(PermissionDenied):
        assignments.start_all(call, by=reviewer)


# The page


@pytest.fixture
def send(client, closed_call, three, lead):
    client.force_login(lead)

    def post(*boxes, **more):
        form = {"pair": [f"{a}-{b}" for a, b in boxes], "each": 1, "due_on": due()} | more
        return client.post(reverse(ASSIGN, args=[closed_call.pk]), form, follow=True)

    return post


def test_a_preview_shows_the_spread_and_stores_nothing(send, three, lead, reviewer, second_lead):
    page = send(preview="1", people=[reviewer.pk, second_lead.pk])

    assert "This is a preview" in page.text
    assert page.text.count(" checked>") == 3 + 2  # the boxes of the table, and of the two people
    assert not Review.objects.exists()


def test_a_spread_leaves_out_who_has_a_conflict(send, three, reviewer, second_lead):
    for row in three[:2]:
        DeclarationFactory(application=row, person=reviewer, has_conflict=True, reason="A.")

    page = send(preview="1", people=[reviewer.pk, second_lead.pk])

    boxes = [f'value="{row.pk}-{second_lead.pk}"' for row in three[:2]]
    boxes += [f'value="{three[2].pk}-{reviewer.pk}"']
    found = [line for line in page.text.splitlines() if 'name="pair"' in line and "checked" in line]
    assert [box for box in boxes if not any(box in line for line in found)] == []
    assert len(found) == 3


def test_what_is_ticked_is_stored_and_all_reviews_begin(send, closed_call, three, lead, reviewer):
    late = ApplicationFactory(call=closed_call, submitted=True)

    page = send(*pairs([*three, late], reviewer), store="1", start="1")

    assert "4 given out, 0 taken back" in page.text
    assert live(closed_call) == pairs([*three, late], reviewer)
    late.refresh_from_db()
    assert late.state == "in_review"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"due_on": ""}, "This field is required."),
        ({"due_on": "2020-01-01"}, "The day is over already."),
        ({"due_on": "soon"}, "Enter a valid date."),
        ({"each": 0}, "greater than or equal to 1"),
        ({"people": [999_999]}, "not one of the available choices"),
    ],
)
def test_bad_input_is_said_at_the_field_and_the_boxes_are_kept(
    send, three, reviewer, more, sentence
):
    page = send(*pairs(three, reviewer), store="1", **more)

    assert page.status_code == 400
    assert sentence in page.text
    assert page.text.count(" checked>") >= 3
    assert not Review.objects.exists()


def test_boxes_of_other_calls_and_people_are_left_alone(send, three, closed_call, coordinator):
    other = ApplicationFactory(in_review=True)

    send((other.pk, three[0].pk), (three[0].pk, coordinator.pk), ("x", "1"), store="1")

    assert not Review.objects.exists()


# Reminders


def test_reviewers_are_reminded_once_before_the_date_and_once_after(three, reviewer, lead):
    ReviewFactory(application=three[0], reviewer=reviewer, to_do=True, due_on=due(3))
    ReviewFactory(application=three[1], reviewer=reviewer, to_do=True, due_on=due(3))
    ReviewFactory(application=three[2], reviewer=reviewer, due_on=due(3))  # handed in
    ReviewFactory(application=three[0], reviewer=lead, to_do=True, due_on=due(4))  # not yet

    remind_reviewers()
    remind_reviewers()
    soon = mails()
    Review.objects.filter(reviewer=reviewer).update(due_on=due(-1))
    remind_reviewers()
    remind_reviewers()

    assert soon == [(reviewer.email, "Reminder, 2 reviews: Call")]
    assert len(mails()) == 2
    assert "were due on" in Mail.objects.order_by("pk").last().text


def test_who_was_only_asked_to_be_a_partner_reviews(three, reviewer):
    partner = PartnerFactory(application=three[0])
    MembershipFactory(user=reviewer, municipality=partner.municipality)

    assert assignments.barred(three) == set()


def test_of_what_the_reviewer_may_not_see_nobody_is_reminded(closed_call, three, lead, reviewer):
    for row in three[:2]:
        ReviewFactory(application=row, reviewer=reviewer, to_do=True, due_on=due(3))
    ReviewFactory(application=three[2], reviewer=lead, to_do=True, due_on=due(3))
    bind_by_partner(three[0], reviewer)
    bind_by_partner(three[2], lead)

    remind_reviewers()

    assert mails() == [(reviewer.email, "Reminder, 1 review: Call")]


def test_a_moved_date_reminds_again(three, reviewer):
    ReviewFactory(application=three[0], reviewer=reviewer, to_do=True, due_on=due(2))
    remind_reviewers()
    Review.objects.update(due_on=due(3))

    remind_reviewers()

    assert len(mails()) == 2


def test_a_lead_reminds_everybody_once_a_day(client, closed_call, three, lead, reviewer):
    ReviewFactory(application=three[0], reviewer=reviewer, to_do=True)
    client.force_login(lead)
    url = reverse("admin:applications_call_remind", args=[closed_call.pk])

    pages = [client.post(url, follow=True) for _ in range(2)]

    assert "1 reminder is sent." in pages[0].text
    assert "Nobody is reminded" in pages[1].text
    assert len(mails()) == 1
    assert AuditEntry.objects.get().action == "review.reminded"


def test_a_reviewer_reminds_nobody(closed_call, reviewer):
    with pytest.raises(PermissionDenied):
        reminders.remind_all(closed_call, by=reviewer)


def test_a_mail_is_in_the_reviewers_language(closed_call, three, lead, reviewer):
    reviewer.language = "sv"
    reviewer.save()

    assignments.assign(closed_call, pairs(three, reviewer), by=lead, due_on=due())

    assert "Utlysning" in Mail.objects.get().subject


def test_the_table_costs_the_same_for_one_and_for_three(count, lead, reviewer, closed_call):
    def add():
        application = ApplicationFactory(call=closed_call, in_review=True)
        ReviewFactory(application=application, reviewer=reviewer, to_do=True)

    add()
    one = count(lead, ASSIGN, closed_call.pk)
    add()
    add()

    assert count(lead, ASSIGN, closed_call.pk) == one <= 15
