from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications import permissions, workflow
from applications.models import Application, Declaration, Review
from applications.workflow import declarations, reviews, selections
from applications.workflow.selections import Choice
from notifications.models import Mail
from tests.applications.selecting_cast import in_all
from tests.factories import (
    ApplicationFactory,
    AttachmentFactory,
    DeclarationFactory,
    MembershipFactory,
    ReviewFactory,
)

CHANGE = "admin:applications_application_change"
DECLARE = "admin:applications_application_declare"


def conflict(application, person, reason="My sister works there."):
    return declarations.declare(application, by=person, has_conflict=True, reason=reason)


def test_before_declaring_a_page_shows_only_whose_application_it_is(client, in_review, reviewer):
    client.force_login(reviewer)

    page = client.get(reverse(CHANGE, args=[in_review.pk]), follow=True)

    assert page.redirect_chain[-1][0] == reverse(DECLARE, args=[in_review.pk])
    assert "Omala" in page.text
    assert "CANARY" not in page.text


@pytest.mark.parametrize("route", ["applications:receipt", "applications:attachments"])
def test_before_declaring_nothing_of_the_application_opens(client, in_review, reviewer, route):
    client.force_login(reviewer)

    assert client.get(reverse(route, args=[in_review.pk])).status_code == 404


def test_after_declaring_the_application_opens(client, in_review, reviewer):
    client.force_login(reviewer)

    page = client.post(reverse(DECLARE, args=[in_review.pk]), {"conflict": "no"}, follow=True)

    assert "CANARY-motivation" in page.text
    declaration = in_review.declarations.get()
    assert (declaration.person, declaration.has_conflict) == (reviewer, False)
    assert [entry.action for entry in AuditEntry.objects.all()] == ["review.declared"]


def test_declaring_twice_is_one_declaration(in_review, reviewer):
    for changed in (True, False):
        _row, done = declarations.declare(in_review, by=reviewer, has_conflict=False)
        assert done == changed

    assert AuditEntry.objects.count() == 1


def test_a_conflict_without_words_is_asked_for_them(client, in_review, reviewer):
    client.force_login(reviewer)

    page = client.post(reverse(DECLARE, args=[in_review.pk]), {"conflict": "yes", "reason": " "})

    assert page.status_code == 400
    assert "Say in a few words what the conflict is." in page.text
    assert not Declaration.objects.exists()


def test_with_a_conflict_the_application_is_nowhere(client, cleared, given, reviewer, judging):
    """Not in lists and counts, not on the board, not as a file, not in the queue."""
    attachment = AttachmentFactory(application=cleared)
    other = ApplicationFactory(call=cleared.call, in_review=True)
    conflict(cleared, reviewer)
    client.force_login(reviewer)

    lists = [
        client.get(reverse(f"admin:applications_{name}", args=args)).text
        for name, args in (
            ("application_changelist", []),
            ("application_queue", []),
            ("call_selection", [cleared.call_id]),
            ("call_declare", [cleared.call_id]),
        )
    ]
    files = [
        client.get(reverse("applications:attachment", args=[attachment.pk])).status_code,
        client.get(reverse("applications:detail", args=[cleared.pk])).status_code,
        client.get(reverse("applications:receipt", args=[cleared.pk])).status_code,
    ]

    assert not [text for text in lists if "Omala" in text]
    assert str(other.municipality) in lists[0]
    assert files == [404, 404, 404]
    assert list(Application.objects.for_staff(reviewer)) == [other]
    assert not Review.objects.visible_to(reviewer).exists()
    assert "Omala" not in client.get(reverse("journey:home")).text


def test_a_review_of_somebody_in_conflict_counts_no_more(cleared, given, reviewer, judging):
    reviews.hand_in(cleared, by=reviewer, **judging(5, 5))

    conflict(cleared, reviewer)

    row = Application.objects.with_mean_score().get(pk=cleared.pk)
    assert (row.mean_score, row.review_count) == (None, 0)
    assert given.application.reviews.get().ended_at is not None


def test_who_is_in_conflict_gets_no_mail_about_it(returned, reviewer, coordinator):
    conflict(returned, reviewer)

    workflow.move(returned, Application.State.SUBMITTED, by=coordinator)

    assert Mail.objects.filter(to=coordinator.email).exists()
    assert not Mail.objects.filter(to=reviewer.email).exists()


def test_a_member_of_the_municipality_has_a_conflict_without_a_word(cleared, reviewer):
    MembershipFactory(user=reviewer, municipality=cleared.municipality, role="reader")

    assert not Application.objects.for_staff(reviewer).exists()
    assert Application.objects.visible_to(reviewer).exists()  # by the other hat
    assert not permissions.can_write_review(reviewer, cleared)
    with pytest.raises(PermissionDenied):
        declarations.declare(cleared, by=reviewer, has_conflict=False)


def test_the_audit_of_an_application_in_conflict_is_not_shown(in_review, lead, second_lead):
    record("application.started", in_review, by=None)
    elsewhere = record("application.started", ApplicationFactory(), by=None)

    declaration, _changed = conflict(in_review, lead)

    assert list(AuditEntry.objects.visible_to(lead)) == [elsewhere]
    declarations.lift(declaration, by=second_lead, reason="Another person.")
    assert AuditEntry.objects.visible_to(lead).count() == AuditEntry.objects.count()


def test_nobody_takes_back_an_own_conflict(in_review, lead):
    declaration, _changed = conflict(in_review, lead)

    with pytest.raises(PermissionDenied):
        declarations.declare(in_review, by=lead, has_conflict=False)
    with pytest.raises(PermissionDenied):
        declarations.lift(declaration, by=lead, reason="I was wrong.")


def test_another_lead_lifts_a_mistake_and_it_is_declared_anew(client, mistaken, lead, second_lead):
    client.force_login(lead)
    url = reverse("admin:applications_declaration_lift", args=[mistaken.pk])

    pages = [client.post(url, {"reason": "Another person."}, follow=True) for _ in range(2)]

    assert "The declaration is lifted." in pages[0].text
    assert "was lifted already" in pages[1].text
    mistaken.refresh_from_db()
    assert (mistaken.lifted_by, mistaken.lifted_because) == (lead, "Another person.")
    assert AuditEntry.objects.get().action == "review.conflict_lifted"
    assert Application.objects.for_staff(second_lead).exists()
    assert not permissions.has_declared(second_lead, mistaken.application)


def test_only_a_conflict_is_lifted(in_review, lead, reviewer):
    declaration = DeclarationFactory(application=in_review, person=reviewer)

    with pytest.raises(Refused, match="Only a declared conflict"):
        declarations.lift(declaration, by=lead, reason="Because.")


def test_a_reviewer_lifts_nothing(mistaken, reviewer):
    with pytest.raises(PermissionDenied):
        declarations.lift(mistaken, by=reviewer, reason="Because.")


def test_a_lead_in_conflict_neither_proposes_nor_confirms(
    client, closed_call, in_review, lead, second_lead
):
    both = [in_review, ApplicationFactory(call=closed_call, in_review=True)]
    for application in both:
        ReviewFactory(application=application, score=80)
    chosen = {application.pk: Choice("selected") for application in both}
    said = {"reasons": in_all("The best."), "answer_by": timezone.localdate() + timedelta(days=14)}
    proposal = selections.propose(closed_call, chosen, by=second_lead, **said)
    conflict(in_review, lead)
    client.force_login(lead)

    with pytest.raises(PermissionDenied):
        selections.confirm(proposal, by=lead)
    with pytest.raises(PermissionDenied):
        selections.propose(closed_call, chosen, by=lead, **said)
    board = client.get(reverse("admin:applications_call_selection", args=[closed_call.pk]))
    assert "You have a conflict of interest" in board.text
    assert "Omala" not in board.text


def test_all_applications_of_a_call_are_declared_on_at_once(client, in_review, lead):
    others = ApplicationFactory.create_batch(2, call=in_review.call, in_review=True)
    ApplicationFactory(call=in_review.call)  # a draft
    client.force_login(lead)
    url = reverse("admin:applications_call_declare", args=[in_review.call_id])
    form = {f"conflict_{others[0].pk}": "on", f"reason_{others[0].pk}": "A relative."}
    form["shown"] = [*(row.pk for row in [in_review, *others]), "9" * 30, "\u00b2"]
    unseen = ApplicationFactory(call=in_review.call, submitted=True)  # since the page was opened

    page = client.post(url, form, follow=True)

    assert "You have declared on 3 applications." in page.text
    found = dict(Declaration.objects.values_list("application", "has_conflict"))
    assert found == {in_review.pk: False, others[0].pk: True, others[1].pk: False}
    assert unseen.pk not in found
    again = client.post(url, form, follow=True)
    assert "You have declared on 0 applications." in again.text
    assert Declaration.objects.count() == 3


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"conflict": "on"}, "Say in a few words what the conflict is."),
        ({"reason": "A relative."}, "Tick the box if this is a conflict"),
        ({"conflict": "on", "reason": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_half_a_declaration_stores_none(client, in_review, lead, form, sentence):
    client.force_login(lead)
    url = reverse("admin:applications_call_declare", args=[in_review.call_id])

    sent = {f"{name}_{in_review.pk}": value for name, value in form.items()}
    page = client.post(url, sent | {"shown": in_review.pk})

    assert page.status_code == 400
    assert sentence in page.text
    assert not Declaration.objects.exists()


def test_what_was_declared_is_the_leads_and_the_persons_to_read(mistaken, lead, reviewer):
    own = DeclarationFactory(application=mistaken.application, person=reviewer)

    assert set(Declaration.objects.visible_to(lead)) == {mistaken, own}
    assert set(Declaration.objects.visible_to(reviewer)) == {own}


def test_the_lists_of_declarations_cost_the_same_for_one_and_for_three(count, lead, call):
    def add():
        application = ApplicationFactory(call=call, in_review=True)
        ReviewFactory(application=application, reviewer=lead, to_do=True)
        DeclarationFactory(application=application)

    def costs():
        return [
            count(lead, "admin:applications_declaration_changelist"),
            count(lead, "admin:applications_call_declare", call.pk),
        ]

    add()
    one = costs()
    add()
    add()

    assert costs() == one
    assert max(one) <= 15
